namespace FusionKernels;

/// <summary>How a common space is fitted in which a discriminator cannot tell the modalities apart.</summary>
public sealed record class AdversarialOptions : LearnedOptions
{
    /// <summary>Batches of 128 rows, and AdamW that keeps half of its momentum: more of it makes networks and discriminator circle each other.</summary>
    public AdversarialOptions() => (BatchSize, Optimizer) = (128, new AdamW { Beta1 = 0.5 });

    /// <summary>Features of the common space, 1 or more; 32 by default.</summary>
    public int Components { get; init; } = 32;

    /// <summary>The class of each row, 0 to below the rows; null (the default) where a row and its partner are all that belongs together.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>What the discriminator's gradient is multiplied by, negated, on its way into the networks, 0 or more; 0.1 by default, approached from 0 over the epochs as 2 / (1 + exp(-10 p)) - 1 of it at the share p (Ganin and Lempitsky 2015).</summary>
    public double Reversal { get; init; } = 0.1;

    /// <summary>Weight of the cross-entropy of classes, 0 or more; 1 by default, without effect where there are no labels.</summary>
    public double LabelWeight { get; init; } = 1;

    /// <summary>Weight of the triplets of both directions, 0 or more; 5 by default.</summary>
    public double TripletWeight { get; init; } = 5;

    /// <summary>How much more alike what belongs together is to be than what does not, as a difference of cosines, 0 or more; 0.2 by default.</summary>
    public double Margin { get; init; } = 0.2;

    /// <summary>Weight of the mean squared distance of a row from its partner, 0 or more; 0.1 by default.</summary>
    public double PairWeight { get; init; } = 0.1;

    /// <summary>Widths between the common space and the discriminator's answer; 32 by default.</summary>
    public IReadOnlyList<int> DiscriminatorHidden { get; init; } = [32];

    /// <summary>Throws where a number is out of range.</summary>
    internal void CheckModel()
    {
        CheckNetworks(HiddenX.Concat(HiddenY).Concat(DiscriminatorHidden));
        ArgumentOutOfRangeException.ThrowIfLessThan(Components, 1, "options");
        CheckWeight(Reversal, "the reversal");
        CheckWeight(LabelWeight, "the weight of labels");
        CheckWeight(TripletWeight, "the weight of triplets");
        CheckWeight(Margin, "the margin");
        CheckWeight(PairWeight, "the weight of pairs");
        if (TripletWeight == 0 && PairWeight == 0 && (Labels is null || LabelWeight == 0)) throw new ArgumentException("nothing teaches what belongs together: the weights of labels, triplets and pairs are 0");
    }
}
