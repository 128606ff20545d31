using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>How <see cref="GraphAlignment"/> joins nodes and is trained.</summary>
public sealed record class GraphAlignmentOptions : TrainingOptions
{
    /// <summary>Batches of 256 rows for 30 epochs.</summary>
    public GraphAlignmentOptions() => (BatchSize, Epochs) = (256, 30);

    /// <summary>What nodes make of their neighbours; <see cref="GraphEncoder.Convolution"/> by default.</summary>
    public GraphEncoder Encoder { get; init; }

    /// <summary>Neighbours of a node within its modality, 0 or more; where fewer are there, all of them. 10 by default.</summary>
    public int Neighbours { get; init; } = 10;

    /// <summary>By view: the kernel by which its neighbours are found, over standardized features; null (the default), or null for a view, for the Euclidean distance.</summary>
    public IReadOnlyList<Kernel?>? Kernels { get; init; }

    /// <summary>Features of nodes within the network, 1 or more; a multiple of <see cref="Heads"/>. 64 by default.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Layers of the graph network, 1 or more: how far a node hears; what the partners of its neighbours tell arrives with the second. 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Heads of attention, 1 or more. 4 by default.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Features of the common space, 1 or more. 32 by default.</summary>
    public int Components { get; init; } = 32;

    /// <summary>The probability with which elements are dropped in training, 0 to below 1. 0.1 by default.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>How parameters follow their gradients; AdamW with a rate of 0.003 by default.</summary>
    public OptimizerRule Optimizer { get; init; } = new AdamW { LearningRate = 3e-3, WeightDecay = 0.01, ClipNorm = 1 };

    /// <summary>Of two matrices: which views a row has, rows x 2, true where it is there; null (the default) for all. A row with one view is a node without a partner; what stands in the other is never read.</summary>
    public Tensor<bool>? Presence { get; init; }

    /// <summary>Throws where an option is out of range.</summary>
    internal void CheckNetwork()
    {
        if (!Enum.IsDefined(Encoder)) throw OutOfRange(nameof(Encoder), Encoder, "a known encoder is needed");
        ArgumentOutOfRangeException.ThrowIfNegative(Neighbours);
        foreach ((string name, int value) in (ReadOnlySpan<(string, int)>)[(nameof(Width), Width), (nameof(Layers), Layers), (nameof(Heads), Heads), (nameof(Components), Components)])
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        }

        if (Width % Heads != 0) throw new ArgumentException($"{nameof(Width)} {Width} cannot be shared by {Heads} {nameof(Heads)}");
        if (Dropout is not (>= 0 and < 1)) throw OutOfRange(nameof(Dropout), Dropout, "a probability of 0 to below 1 is needed");
        ArgumentNullException.ThrowIfNull(Optimizer);
    }
}
