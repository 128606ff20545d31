using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>How <see cref="CrossModalAlignment"/> makes and trains its network.</summary>
public sealed record class CrossModalOptions : TrainingOptions
{
    /// <summary>Batches of 64 rows for 40 epochs.</summary>
    public CrossModalOptions() => (BatchSize, Epochs) = (64, 40);

    /// <summary>Features of tokens and of the common space, 1 or more; a multiple of <see cref="Heads"/>. 32 by default.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Features between a vector and its tokens, and before the answer; 1 or more. 64 by default.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Heads of attention, 1 or more. 4 by default.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Layers of attention behind latent queries, 1 or more. 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Tokens that a vector or an image becomes, 1 or more. 4 by default.</summary>
    public int Tokens { get; init; } = 4;

    /// <summary>Learned queries that look at the tokens of all views in place of the views at each other; 0 (the default) for none.</summary>
    public int Latents { get; init; }

    /// <summary>Steps of a series that one token covers, 1 or more; null (the default) for a sixteenth of the longest training series.</summary>
    public int? Patch { get; init; }

    /// <summary>The probability with which elements are dropped in training, 0 to below 1. 0.1 by default.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>With labels, the probability with which a present view is taken for absent in a step, 0 to below 1; each row keeps one. 0.3 by default.</summary>
    public double ViewDropout { get; init; } = 0.3;

    /// <summary>Weight of InfoNCE between the views' own codes, beside the loss of the answer; 0 or more. 1 by default.</summary>
    public double Contrast { get; init; } = 1;

    /// <summary>How parameters follow their gradients; AdamW with a rate of 0.003 by default.</summary>
    public OptimizerRule Optimizer { get; init; } = new AdamW { LearningRate = 3e-3, WeightDecay = 0.01, ClipNorm = 1 };

    /// <summary>Of two sets of rows: the class of each row, which the combined code then names, and rows of one class belong together; null (the default) for pairs. Views bring their own labels.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>Of two sets of rows: which views a row has, rows x 2, true where it is there; null (the default) for all. What stands in an absent view is never read.</summary>
    public Tensor<bool>? Presence { get; init; }

    /// <summary>The network behind.</summary>
    internal TrainedFusionOptions Shape => new()
    {
        Rule = Latents > 0 ? FusionRule.Latent : FusionRule.CrossModal,
        Width = Width,
        Hidden = Hidden,
        Heads = Heads,
        Layers = Layers,
        Tokens = Tokens,
        Latents = Math.Max(1, Latents),
        Patch = Patch,
        Dropout = Dropout,
        ViewDropout = ViewDropout,
        Seed = Seed,
        Device = Device,
        Threads = Threads,
    };

    /// <summary>Throws where an option is out of range.</summary>
    internal void CheckNetwork()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Latents);
        if (!(Contrast >= 0 && double.IsFinite(Contrast))) throw new ArgumentOutOfRangeException(nameof(Contrast), Contrast, "a finite number of 0 or more is needed");
        ArgumentNullException.ThrowIfNull(Optimizer);
        Shape.Check();
    }
}
