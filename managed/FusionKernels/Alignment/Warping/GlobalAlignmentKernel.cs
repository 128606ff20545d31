using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A global alignment kernel with its training series, to be added to kernels of vectors: sequences and vectors fuse in one Gram matrix.</summary>
/// <remarks>
/// <code>
/// var motion = GlobalAlignment.Fit(trainSeries);
/// Tensor&lt;float&gt; train = Gram.Compute(trainRows, 0.5 * Kernel.Rbf() + 0.5 * motion.Training);
/// Tensor&lt;float&gt; test = Gram.Compute(testRows, trainRows, 0.5 * Kernel.Rbf() + 0.5 * motion.Against(testSeries));
/// </code>
/// Immutable and thread-safe; the training series are read, not copied.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GlobalAlignmentKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Tensor<T>> _series;
    private readonly GlobalAlignmentOptions _options;

    internal GlobalAlignmentKernel(IReadOnlyList<Tensor<T>> series, GlobalAlignmentOptions options)
    {
        _series = series;
        _options = options;
        Gram = GlobalAlignment.Gram(series, options);
        Training = Kernel.Precomputed(Gram);
    }

    /// <summary>The bandwidth.</summary>
    public double Sigma => _options.Sigma;

    /// <summary>The Gram matrix of the training series: series x series.</summary>
    public Tensor<T> Gram { get; }

    /// <summary>The kernel for Gram matrices of the training rows, in the order of the series.</summary>
    public Kernel Training { get; }

    /// <summary>The kernel for Gram matrices of other rows against the training rows.</summary>
    /// <param name="series">The series of those rows, in their order.</param>
    /// <inheritdoc cref="GlobalAlignment.Value{T}" path="/exception"/>
    public Kernel Against(IReadOnlyList<Tensor<T>> series) => Kernel.Precomputed(GlobalAlignment.Gram(series, _series, _options));
}
