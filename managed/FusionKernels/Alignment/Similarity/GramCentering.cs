using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <summary>
/// Centring in feature space by the means of a training set, for Gram matrices that are already there: fitted to the training
/// Gram once, applied to it and to every later Gram of new rows against the training rows.
/// </summary>
/// <remarks>
/// K(i, j) - rowMean(i) - trainingMean(j) + mean, as <see cref="Kernel.Centered"/> computes in one pass where the rows are at
/// hand (Schölkopf, Smola and Müller 1998, appendix B). Means are summed and differences formed in float64. Immutable and thread-safe.
/// </remarks>
public sealed class GramCentering
{
    private readonly double[] _means;

    private GramCentering(double[] means)
    {
        _means = means;
        Mean = means.Length == 0 ? 0 : means.Average();
    }

    /// <summary>The mean of each training row's similarities to the training rows.</summary>
    public ReadOnlySpan<double> TrainingMeans => _means;

    /// <summary>The mean of all of them.</summary>
    public double Mean { get; }

    /// <summary>Takes the means of a training Gram.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">rows x rows, symmetric, not yet centred.</param>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static GramCentering Fit<T>(Tensor<T> gram)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        if (gram.Rank != 2 || gram.Lengths[0] != gram.Lengths[1])
        {
            throw new ArgumentException($"'{nameof(gram)}' is {Shape.Of(gram.Lengths)}; the Gram matrix of the training rows is square", nameof(gram));
        }

        return new(GramCentre.RowMeans(gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram))));
    }

    /// <summary>Takes the means that <see cref="Gram.Summarize{T}(Tensor{T}, Kernel, GramOptions?)"/> accumulated.</summary>
    /// <param name="summary">The training Gram with its row means.</param>
    public static GramCentering Fit<T>(GramSummary<T> summary)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(summary);
        return new([.. summary.RowMeans]);
    }

    /// <summary>The centred matrix.</summary>
    /// <param name="gram">rows x training rows: the training Gram itself, or new rows against the training rows.</param>
    /// <returns>A new matrix; of the training Gram bit for bit symmetric if that is.</returns>
    /// <exception cref="ArgumentException">The columns are not the training rows.</exception>
    public Tensor<T> Transform<T>(Tensor<T> gram)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        RequireColumns(gram.Lengths);
        Tensor<T> centred = ResultTensor.Create<T>("GramCentering.Transform", gram.Lengths);
        gram.CopyTo(centred.AsTensorSpan());
        TransformInPlace(centred);
        return centred;
    }

    /// <summary>Centres a matrix where it stands.</summary>
    /// <param name="gram">rows x training rows: the training Gram itself, or new rows against the training rows; any strides.</param>
    /// <exception cref="ArgumentException">The columns are not the training rows.</exception>
    public void TransformInPlace<T>(Tensor<T> gram)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        RequireColumns(gram.Lengths);
        MatrixRef<T> values = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        GramCentre.Apply(values, GramCentre.RowMeans(values), _means, Mean);
    }

    private void RequireColumns(ReadOnlySpan<nint> lengths)
    {
        if (lengths.Length != 2 || lengths[1] != _means.Length)
        {
            throw new ArgumentException($"the Gram matrix is {Shape.Of(lengths)}; fitted to {_means.Length} training rows, it must be rows x {_means.Length}");
        }
    }
}
