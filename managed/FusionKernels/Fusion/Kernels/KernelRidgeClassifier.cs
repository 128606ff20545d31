using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Classification by kernel ridge regression, one class against the others: targets are +1 and -1, the largest output wins.</summary>
/// <remarks>One factorisation serves all classes; see <see cref="KernelRidge"/> for cost and accuracy. Immutable and thread-safe.</remarks>
public sealed class KernelRidgeClassifier
{
    private readonly int[] _classes;

    private KernelRidgeClassifier(KernelRidge regression, int[] classes)
    {
        Regression = regression;
        _classes = classes;
    }

    /// <summary>The labels that occurred, in ascending order: the columns of <see cref="DecisionValues"/>.</summary>
    public IReadOnlyList<int> Classes => _classes;

    /// <summary>The regression of one output per class.</summary>
    public KernelRidge Regression { get; }

    /// <summary>Fits a classifier.</summary>
    /// <param name="gram">The training Gram matrix: n x n, symmetric, positive semi-definite.</param>
    /// <param name="labels">n labels, any integers, of two classes at least.</param>
    /// <param name="ridge">Added to the diagonal; 0 or more.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there is one class only, the matrix is not symmetric, or an element is not finite; the place is named.</exception>
    /// <inheritdoc cref="KernelRidge.Fit{T}(Tensor{T}, Tensor{double}, double, ExecutionOptions?)"/>
    public static KernelRidgeClassifier Fit<T>(Tensor<T> gram, ReadOnlySpan<int> labels, double ridge = 1e-3, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int[] classes, double[] targets) = TargetsOf(labels);
        return new(KernelRidge.Fit(gram, targets, labels.Length, classes.Length, ridge, options, "KernelRidgeClassifier.Fit"), classes);
    }

    /// <summary>Fits a classifier to an approximated Gram matrix; predictions then take the kernels against its landmarks.</summary>
    /// <param name="factor">The matrix.</param>
    /// <param name="labels">By row: any integer, of two classes at least.</param>
    /// <param name="ridge">Added to the diagonal; 0 or more.</param>
    /// <param name="options">Threads, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or there is one class only.</exception>
    /// <inheritdoc cref="KernelRidge.Fit(NystromFactor, Tensor{double}, double, ExecutionOptions?)"/>
    public static KernelRidgeClassifier Fit(NystromFactor factor, ReadOnlySpan<int> labels, double ridge = 1e-3, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(factor);
        (int[] classes, double[] targets) = TargetsOf(labels);
        return new(KernelRidge.Fit(factor, targets, labels.Length, classes.Length, ridge, options, "KernelRidgeClassifier.Fit"), classes);
    }

    /// <summary>The output of every class.</summary>
    /// <param name="gram">rows x training rows: the rows against the training rows, by the kernel of the training Gram.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x classes.</returns>
    /// <inheritdoc cref="KernelRidge.Predict{T}(Tensor{T}, ExecutionOptions?)"/>
    public Tensor<double> DecisionValues<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Regression.PredictAs(gram, options, "KernelRidgeClassifier.DecisionValues");

    /// <summary>The class of the largest output; of equal ones, the lower label.</summary>
    /// <returns>One label per row.</returns>
    /// <exception cref="ArgumentException">The columns are not the training rows, or an output is NaN (its row is named), as where the Gram matrix holds one.</exception>
    /// <inheritdoc cref="DecisionValues{T}(Tensor{T}, ExecutionOptions?)"/>
    public int[] Predict<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<double> values = Regression.PredictAs(gram, options, "KernelRidgeClassifier.Predict");
        double[] outputs = new double[_classes.Length];
        int[] labels = new int[values.Lengths[0]];
        for (int i = 0; i < labels.Length; i++)
        {
            for (int c = 0; c < outputs.Length; c++) outputs[c] = values[i, c];
            if (Array.Exists(outputs, double.IsNaN)) throw new ArgumentException($"row {i} of the Gram matrix is not finite: it has no class", nameof(gram));
            labels[i] = _classes[TensorPrimitives.IndexOfMax<double>(outputs)];
        }

        return labels;
    }

    /// <summary>The classes, and rows x classes of +1 in the column of the row's own and -1 in the others.</summary>
    private static (int[] Classes, double[] Targets) TargetsOf(ReadOnlySpan<int> labels)
    {
        ClassPairs pairs = new(labels);
        return (pairs.Classes, [.. pairs.Indicators().Select(value => (2 * value) - 1)]);
    }
}
