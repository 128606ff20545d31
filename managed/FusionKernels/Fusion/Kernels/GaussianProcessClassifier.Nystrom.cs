using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <content>Processes on a Gram matrix by its landmarks.</content>
public sealed partial class GaussianProcessClassifier
{
    /// <summary>Fits a process to an approximated Gram matrix F Fᵀ; <see cref="PredictProbabilities"/> then takes the kernels against its landmarks.</summary>
    /// <remarks>
    /// With every row a landmark, the process of the whole matrix. Where landmarks explain little of a new row, its function stays as uncertain as it was. Cost: a step
    /// of Newton takes 2 n r^2 operations of rank r, with a softmax classes^2 n r^2 and (classes r)^3 / 3. Memory: 8 (classes r)^2 bytes beside F.
    /// </remarks>
    /// <param name="factor">The matrix.</param>
    /// <param name="labels">By row: any integer, of two classes at least.</param>
    /// <param name="options">Signal variance, classes, draws; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are not as many labels as rows, or there is one class only.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static GaussianProcessClassifier Fit(NystromFactor factor, ReadOnlySpan<int> labels, GaussianProcessClassifierOptions? options = null)
    {
        const string Operation = $"{Name}.Fit";
        ArgumentNullException.ThrowIfNull(factor);
        Require(options ??= new());
        if (factor.Rows != labels.Length) throw new ArgumentException($"the factor is of {factor.Rows} rows, there are labels of {labels.Length}", nameof(labels));
        ClassPairs pairs = new(labels);
        using Execution execution = HostExecution.Begin<double>(options, Operation);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        GaussianProcessClassifier likeliest = Likeliest(pairs, labels, factor.Landmarks.Count, options, signal =>
        {
            DenseMatrix features = Scaled(factor.Matrix.Copy(), Math.Sqrt(signal));
            return (
                signs => LaplaceFactor.Binary(algebra, features, factor.Projection, signs, options.Cancellation),
                (own, classes) => LaplaceFactor.Classes(algebra, features, factor.Projection, own, classes, options.Cancellation));
        });
        double rank = factor.Rank, ofStep = likeliest.IsSoftmax ? 3 * pairs.Classes.Length : 1;
        likeliest.Complete<double>(execution, options, ofStep * factor.Rows * rank * rank, 8L * factor.Rows * factor.Rank);
        return likeliest;
    }
}
