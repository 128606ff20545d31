using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Eigenvalues and eigenvectors of symmetric matrices.</summary>
/// <remarks>
/// On the host by blocked Householder reduction to tridiagonal form and divide and conquer (Cuppen 1981; Gu and Eisenstat 1995),
/// in float64 whatever the element, many small ones side by side in the lanes of vectors: 4/3 n^3 operations, up to n^3 / 3 + 3 n^2 k more for k vectors, 32 n^2 bytes. NaN and
/// infinity are rejected. On devices by Jacobi rotations in tournament order (Luk and Park 1989), in the element's precision. The same
/// bits for any number of threads, and from run to run on one device. Thread-safe.
/// </remarks>
public static class SymmetricEigen
{
    /// <summary>The eigenvalues of a symmetric matrix, in descending order, and their vectors.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">size x size, symmetric.</param>
    /// <param name="options">Count, vectors, device, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">The matrix is not square or not symmetric, or an element is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or beyond the size.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the device has no kernel for it.</exception>
    /// <exception cref="NumericalException">The iteration did not converge.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static SymmetricEigenResult<T> Compute<T>(Tensor<T> a, SpectrumOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2 || a.Lengths[0] != a.Lengths[1]) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a symmetric matrix is square", nameof(a));
        MatrixRef<T> matrix = a.AsReadOnlyTensorSpan().AsMatrix(nameof(a));
        int kept = options?.Count ?? matrix.Rows;
        if (kept < 0 || kept > matrix.Rows) throw new ArgumentOutOfRangeException(nameof(options), kept, $"the matrix is {matrix.Rows} x {matrix.Rows}: it has {matrix.Rows} eigenvalues");
        bool wantsVectors = options?.Vectors ?? true;
        using Execution execution = Execution.Begin<T>(options, "SymmetricEigen.Compute");
        SymmetricEigenPlan plan = new(matrix.Rows, 1, kept, wantsVectors, Element.SizeOf<T>());
        T[] values = new T[kept];
        T[]? vectors = wantsVectors ? new T[checked(matrix.Rows * kept)] : null;
        MatrixRef<T> target = vectors is null ? default : MatrixRef<T>.Of(vectors, matrix.Rows, kept);
        string route = Spectra.SymmetricEigen(execution.Engine, plan, matrix, 0, MatrixRef<T>.Of(values, 1, kept), target, 0, execution.Settings);
        execution.CompleteWhole<T>(route, plan.Flops, plan.Bytes);
        return new(Tensor.Create(values, [kept]), vectors is null ? null : Tensor.Create(vectors, [matrix.Rows, kept]), route);
    }

    /// <summary>The eigenvalues of many small symmetric matrices of one size, and their vectors: on the host one matrix in each lane of a vector.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="batch">items x size x size, each symmetric.</param>
    /// <param name="options">Count, vectors, device, threads; null for the defaults.</param>
    /// <returns>Values items x count, descending in each row; vectors items x size x count, in columns.</returns>
    /// <exception cref="ArgumentException">It is no batch of square matrices, or one is not symmetric or not finite; the item and the place are named.</exception>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, SpectrumOptions?)" path="/exception"/>
    public static SymmetricEigenResult<T> ComputeBatched<T>(Tensor<T> batch, SpectrumOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Rank != 3 || batch.Lengths[1] != batch.Lengths[2]) throw new ArgumentException($"'{nameof(batch)}' is {Shape.Of(batch.Lengths)}; items x size x size is needed", nameof(batch));
        int items = checked((int)batch.Lengths[0]), size = checked((int)batch.Lengths[1]), kept = options?.Count ?? size;
        if (kept < 0 || kept > size) throw new ArgumentOutOfRangeException(nameof(options), kept, $"the matrices are {size} x {size}: they have {size} eigenvalues");
        bool wantsVectors = options?.Vectors ?? true;
        using Execution execution = Execution.Begin<T>(options, "SymmetricEigen.ComputeBatched");
        SymmetricEigenPlan plan = new(size, items, kept, wantsVectors, Element.SizeOf<T>());
        T[] all = new T[checked((int)batch.FlattenedLength)], values = new T[checked(items * kept)];
        batch.FlattenTo(all);
        T[]? vectors = wantsVectors ? new T[checked(items * size * kept)] : null;
        string route = plan.Reason;
        if (all.Length > 0)
        {
            MatrixRef<T> target = vectors is null || kept == 0 ? default : MatrixRef<T>.Of(vectors.AsSpan(0, size * kept), size, kept);
            MatrixRef<T> matrix = MatrixRef<T>.Of(all.AsSpan(0, size * size), size, size);
            route = Spectra.SymmetricEigen(execution.Engine, plan, matrix, (long)size * size, MatrixRef<T>.Of(values, items, kept), target, (long)size * kept, execution.Settings);
        }

        execution.CompleteWhole<T>(route, plan.Flops, plan.Bytes);
        return new(Tensor.Create(values, [items, kept]), vectors is null ? null : Tensor.Create(vectors, [items, size, kept]), route);
    }
}
