namespace FusionKernels;

/// <summary>How two generators are fitted that make one view of the other.</summary>
public sealed record class TranslationOptions : LearnedOptions
{
    /// <summary>Batches of 100 rows for 60 epochs.</summary>
    public TranslationOptions() => (BatchSize, Epochs) = (100, 60);

    /// <summary>What a discriminator's gradient is multiplied by, negated, on its way into the generator that it judges, 0 or more; 0.05 by default.</summary>
    public double Reversal { get; init; } = 0.05;

    /// <summary>Weight of the mean squared error against the partner, 0 or more; 1 by default, 0 to learn from rows that do not belong together.</summary>
    public double PairWeight { get; init; } = 1;

    /// <summary>Weight of the mean squared error of going there and back again, 0 or more (Zhu et al. 2017); 0 (the default) for none.</summary>
    public double CycleWeight { get; init; }

    /// <summary>Widths between a view and a discriminator's answer; 64 by default.</summary>
    public IReadOnlyList<int> DiscriminatorHidden { get; init; } = [64];

    /// <summary>Throws where a number is out of range.</summary>
    internal void CheckModel()
    {
        CheckNetworks(HiddenX.Concat(HiddenY).Concat(DiscriminatorHidden));
        CheckWeight(Reversal, "the reversal");
        CheckWeight(PairWeight, "the weight of pairs");
        CheckWeight(CycleWeight, "the weight of the cycle");
        if (Reversal == 0 && PairWeight == 0 && CycleWeight == 0) throw new ArgumentException("nothing teaches the generators: the reversal and the weights of pairs and of the cycle are 0");
    }
}
