namespace FusionKernels;

/// <summary>How an autoencoder of several views is fitted.</summary>
public sealed record class AutoencoderOptions : NetworkOptions
{
    /// <summary>Batches of 100 rows for 60 epochs.</summary>
    public AutoencoderOptions() => (BatchSize, Epochs) = (100, 60);

    /// <summary>How the code is made; <see cref="AutoencoderMode.Correlational"/> by default.</summary>
    public AutoencoderMode Mode { get; init; }

    /// <summary>Features of the code, 1 or more; 32 by default.</summary>
    public int Components { get; init; } = 32;

    /// <summary>Widths between the features of a view and the code, and in reverse between the code and the view; none (the default) for linear maps.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>Whether a linear map stands beside the layers of every network, and is added to them; on by default, without effect where there are no widths between.</summary>
    public bool HasShortcuts { get; init; } = true;

    /// <summary>Weight of the mean correlation of two views' codes, 0 or more; 0.1 by default. Of <see cref="AutoencoderMode.Correlational"/> alone.</summary>
    public double Correlation { get; init; } = 0.1;

    /// <summary>The view whose code rebuilds all; null (the default) for the first. Of <see cref="AutoencoderMode.Split"/> alone.</summary>
    public string? Source { get; init; }

    /// <summary>Weight of the divergence from the standard normal distribution, 0 or more; 1 (the default) for the evidence bound itself. Of <see cref="AutoencoderMode.Variational"/> alone.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Variance of the noise of a standardized feature, above 0; 1 by default. Of <see cref="AutoencoderMode.Variational"/> alone.</summary>
    public double NoiseVariance { get; init; } = 1;

    /// <summary>Throws where a number is out of range.</summary>
    internal void CheckModel()
    {
        CheckNetworks(Hidden);
        ArgumentOutOfRangeException.ThrowIfLessThan(Components, 1, "options");
        if (!Enum.IsDefined(Mode)) throw new ArgumentOutOfRangeException("options", Mode, "a known mode is needed");
        CheckWeight(Correlation, "the weight of the correlation");
        CheckWeight(Beta, "the weight of the divergence");
        if (!(NoiseVariance > 0 && double.IsFinite(NoiseVariance))) throw new ArgumentOutOfRangeException("options", NoiseVariance, "the variance of the noise must be a finite number above 0");
    }
}
