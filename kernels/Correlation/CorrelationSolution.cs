using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>What came out of a linear correlation; weights and covariances are those of the columns as they were given.</summary>
internal sealed class CorrelationSolution
{
    /// <summary>All correlations that were computed, in descending order.</summary>
    public required double[] Correlations { get; init; }

    /// <summary>Weights of the kept components of each view: columns x components.</summary>
    public required DenseMatrix[] Weights { get; init; }

    /// <summary>Covariances of each view's columns with its own variates: columns x components.</summary>
    public required DenseMatrix[] Own { get; init; }

    /// <summary>Covariances of each view's columns with the other view's variates: columns x components.</summary>
    public required DenseMatrix[] Cross { get; init; }

    /// <summary>The mean of every column of each view.</summary>
    public required double[][] Means { get; init; }

    /// <summary>The standard deviation of every column of each view; 0 for one that does not vary.</summary>
    public required double[][] Deviations { get; init; }

    /// <summary>The numerical rank of each view.</summary>
    public required int[] Ranks { get; init; }

    /// <summary>The condition number of what was inverted in each view.</summary>
    public required double[] Conditions { get; init; }

    /// <summary>The route.</summary>
    public required CorrelationPlan Plan { get; init; }

    /// <summary>Rows.</summary>
    public required long Rows { get; init; }
}
