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
    TrainedOutput Run(Views rows, int[] map, IReadOnlyList<string> names, ExecutionOptions? options, bool explains);

    /// <summary>Fills what rows lack; null where the rule rebuilds nothing.</summary>
    Views? Impute(Views rows, int[] map, IReadOnlyList<string> names, ExecutionOptions? options);
}

/// <summary>What a network makes of rows: logits or values, rows x outputs; and, where asked for, weights, rows x views, with the rule's own gates and attention.</summary>
internal sealed record TrainedOutput(double[] Scores, double[] Weights, Tensor<double>? Gates, Tensor<double>? Attention);
