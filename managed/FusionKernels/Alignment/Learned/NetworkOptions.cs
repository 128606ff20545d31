namespace FusionKernels;

/// <summary>What learned alignments have in common: how their networks are made, beside how they train.</summary>
public abstract record class NetworkOptions : TrainingOptions
{
    /// <summary>The activation behind each width between layers; <see cref="FusionKernels.Activation.Tanh"/> by default.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>The probability with which elements between layers are dropped in training; 0 by default.</summary>
    public double Dropout { get; init; }

    /// <summary>How parameters follow their gradients; AdamW by default.</summary>
    public OptimizerRule Optimizer { get; init; } = new AdamW();

    /// <summary>Throws where a number is out of range.</summary>
    internal void CheckNetworks(IEnumerable<int> widths)
    {
        foreach (int width in widths) ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, "hidden");
        if (!Enum.IsDefined(Activation)) throw new ArgumentOutOfRangeException(nameof(Activation), Activation, "a known activation is needed");
        if (Dropout is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(Dropout), Dropout, "a probability of 0 to below 1 is needed");
        ArgumentNullException.ThrowIfNull(Optimizer);
    }

    /// <summary>Throws where a weight of a loss is no finite number of 0 or more.</summary>
    internal static void CheckWeight(double weight, string what)
    {
        if (!(weight >= 0 && double.IsFinite(weight))) throw new ArgumentOutOfRangeException("options", weight, $"{what} must be a finite number, 0 or more");
    }
}
