using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>Finitely many functions of a row, of which the variates of a kernel method are sums.</summary>
/// <typeparam name="T">The element of the rows.</typeparam>
internal abstract class KernelBasis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of a block of values: a few hundred rows of the widest bases.</summary>
    private const long BlockBytes = 32L << 20;

    /// <summary>Functions.</summary>
    public abstract int Size { get; }

    /// <summary>Whether they are kernel values, which a device may compute.</summary>
    public virtual bool HasKernel => false;

    /// <summary>Rows of a block of values.</summary>
    public int BlockRows => (int)Math.Clamp(BlockBytes / sizeof(double) / Math.Max(1, Size), 64, 1 << 16);

    /// <summary>Checks rows that are to be transformed.</summary>
    /// <exception cref="ArgumentException">Their width is not that of the training rows.</exception>
    public abstract void Require(Tensor<T> input, string name);

    /// <summary>The functions of some rows: rows x size.</summary>
    public abstract DenseMatrix Evaluate(Tensor<T> input, int row, int rows, GramOptions options);

    /// <summary>Adds what <see cref="Read"/> needs to a file.</summary>
    /// <exception cref="NotSupportedException">The kernel is of a matrix that was given.</exception>
    public abstract void Write(NpzWriter file, string side);

    /// <summary>The functions of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="side">What names of their arrays begin with.</param>
    /// <param name="approximation">The route of the fit.</param>
    /// <exception cref="DataFormatException">Something is absent, of another shape or type, or out of its range.</exception>
    public static KernelBasis<T> Read(ModelArchive file, string side, KernelApproximation approximation) =>
        approximation == KernelApproximation.Fourier ? FourierBasis<T>.Read(file, side)
        : file.Has(LandmarkBasis<T>.KernelOf(side)) ? LandmarkBasis<T>.Read(file, side)
        : GivenBasis<T>.Read(file, side);

    /// <summary>A view of consecutive rows.</summary>
    protected static Tensor<T> Slice(Tensor<T> input, int row, int rows) => input.Slice([new(row, row + rows), NRange.All]);
}
