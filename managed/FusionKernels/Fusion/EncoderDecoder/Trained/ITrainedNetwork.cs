using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A trained network, whatever its precision.</summary>
internal interface ITrainedNetwork
{
    /// <summary>How training went.</summary>
    TrainingResult Training { get; }

    /// <summary>By output: the mean of the targets; empty where there are labels.</summary>
    double[] Means { get; }

    /// <summary>Answers rows.</summary>
    /// <param name="operation">The public operation that asks.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="map">By view of the network: its number among the rows' views; -1 where they lack it.</param>
    /// <param name="names">The network's views.</param>
    /// <param name="options">Device, threads, cancellation; null for the defaults.</param>
    /// <param name="explains">Whether weights are asked for.</param>
    /// <param name="keepsMaps">Whether gates and attention come with them.</param>
    TrainedOutput Run(string operation, Views rows, int[] map, IReadOnlyList<string> names, ExecutionOptions? options, bool explains, bool keepsMaps = true);

    /// <summary>Fills what rows lack; null where the rule rebuilds nothing.</summary>
    Views? Impute(string operation, Views rows, int[] map, IReadOnlyList<string> names, ExecutionOptions? options);

    /// <summary>Whether it was trained with the defaults of its rule, which a file's reader takes.</summary>
    bool IsDefault { get; }

    /// <summary>Writes what was trained.</summary>
    void Write(ModelStateWriter file);
}

/// <summary>What a network makes of rows: logits or values, rows x outputs; and, where asked for, weights, rows x views, with the rule's own gates and attention.</summary>
internal sealed record TrainedOutput(double[] Scores, double[] Weights, Tensor<double>? Gates, Tensor<double>? Attention)
{
    /// <summary>By query of the attention: the view whose token it is; -1 where it is the rule's own.</summary>
    public int[] Queries { get; init; } = [];

    /// <summary>By key of the attention: the same.</summary>
    public int[] Keys { get; init; } = [];
}
