namespace FusionKernels;

/// <summary>How <see cref="TrainedFusion"/> makes and trains its network.</summary>
public sealed record class TrainedFusionOptions : ExecutionOptions
{
    /// <summary>How views are combined.</summary>
    public FusionRule Rule { get; init; }

    /// <summary>Features of each view's code and of its tokens, 1 or more; a multiple of <see cref="Heads"/>. 32 by default.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Features between a view and its code, and between the combined code and the answer; 1 or more. 64 by default.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Heads of attention, 1 or more. 4 by default.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Layers of attention, or of the graph; 1 or more. 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Rank of <see cref="FusionRule.LowRank"/>, 1 or more. 8 by default.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Tokens that a vector or an image becomes where tokens look at each other, 1 or more. 2 by default.</summary>
    public int Tokens { get; init; } = 2;

    /// <summary>Queries of <see cref="FusionRule.Latent"/> and shared tokens of <see cref="FusionRule.Bottleneck"/>, 1 or more. 4 by default.</summary>
    public int Latents { get; init; } = 4;

    /// <summary>Steps of a series that one token covers, 1 or more; null (the default) for a sixteenth of the longest training series.</summary>
    public int? Patch { get; init; }

    /// <summary>Passes over the training rows, 1 or more. 30 by default.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Rows of a step, 1 or more. 64 by default.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The largest learning rate of AdamW; it falls to 0 by a half cosine. 0.004 by default.</summary>
    public double LearningRate { get; init; } = 4e-3;

    /// <summary>Decay of weights, 0 or more. 0.01 by default.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The probability with which elements between layers are dropped in training, 0 to below 1. 0.1 by default.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The probability with which a present view is taken for absent in a step, 0 to below 1, so that the network learns to do without; each row keeps one. 0.5 by default.</summary>
    public double ViewDropout { get; init; } = 0.5;

    /// <summary>Weight of the errors of rebuilding and of translation, beside the loss of the answer; 0 or more. 0.3 by default.</summary>
    public double Rebuilding { get; init; } = 0.3;

    /// <summary>Weight of the way back of <see cref="FusionRule.Translation"/> within these errors, 0 or more. 1 by default.</summary>
    public double Cycle { get; init; } = 1;

    /// <summary>The share of training rows on which the best epoch is chosen, 0 to below 1; 0 (the default) takes the last epochs as they come.</summary>
    public double ValidationShare { get; init; }

    /// <summary>Epochs without a better validation loss after which training ends; 0 (the default) for never.</summary>
    public int Patience { get; init; }

    /// <summary>What initial weights, orders of rows and dropout follow from. 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <summary>Throws where an option is out of range.</summary>
    internal void Check()
    {
        if (!Enum.IsDefined(Rule)) throw new ArgumentOutOfRangeException(nameof(Rule), Rule, "a known rule is needed");
        foreach ((string name, int value) in (ReadOnlySpan<(string, int)>)
            [(nameof(Width), Width), (nameof(Hidden), Hidden), (nameof(Heads), Heads), (nameof(Layers), Layers), (nameof(Rank), Rank), (nameof(Tokens), Tokens), (nameof(Latents), Latents), (nameof(Patch), Patch ?? 1)])
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        }

        if (Width % Heads != 0) throw new ArgumentException($"{nameof(Width)} {Width} cannot be shared by {Heads} {nameof(Heads)}");
        foreach ((string name, double value) in (ReadOnlySpan<(string, double)>)[(nameof(Dropout), Dropout), (nameof(ViewDropout), ViewDropout), (nameof(ValidationShare), ValidationShare)])
        {
            if (value is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(name, value, "0 to below 1 is needed");
        }

        foreach ((string name, double value) in (ReadOnlySpan<(string, double)>)[(nameof(Rebuilding), Rebuilding), (nameof(Cycle), Cycle)])
        {
            if (!(value >= 0 && double.IsFinite(value))) throw new ArgumentOutOfRangeException(name, value, "a finite number of 0 or more is needed");
        }
    }
}
