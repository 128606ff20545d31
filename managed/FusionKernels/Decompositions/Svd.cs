using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Singular value decompositions A = U diag(values) Vᵀ.</summary>
/// <remarks>
/// On the host in float64 whatever the element: QR where one extent is larger, then one-sided Jacobi rotations (Hestenes 1958) of
/// columns that the eigenvectors of the Gram matrix made nearly orthogonal; the largest few by a Rayleigh-Ritz step on the matrix
/// itself, checked by their residual, else by the whole decomposition. On devices by Jacobi rotations, in the element's precision. NaN and infinity are rejected. The same bits for any number
/// of threads. Thread-safe.
/// </remarks>
public static class Svd
{
    /// <summary>The singular values of a matrix, in descending order, and their vectors.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x columns.</param>
    /// <param name="options">Count, full or thin, vectors, device, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">It is no matrix, or an element is not finite; the place is named. Or both a count and full vectors are asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or beyond the smaller extent.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the device has no kernel for it.</exception>
    /// <exception cref="NumericalException">The iteration did not converge.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static SvdResult<T> Compute<T>(Tensor<T> a, SvdOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a matrix (rows x columns) is needed", nameof(a));
        MatrixRef<T> matrix = a.AsReadOnlyTensorSpan().AsMatrix(nameof(a));
        (int rows, int columns, int smaller) = (matrix.Rows, matrix.Columns, Math.Min(matrix.Rows, matrix.Columns));
        bool full = options?.Full ?? false, wantsVectors = options?.Vectors ?? true;
        if (full && options!.Count is not null) throw new ArgumentException($"{nameof(SvdOptions.Full)} vectors are all of them: leave {nameof(SvdOptions.Count)} unset", nameof(options));
        int kept = options?.Count ?? smaller;
        if (kept < 0 || kept > smaller) throw new ArgumentOutOfRangeException(nameof(options), kept, $"the matrix is {rows} x {columns}: it has {smaller} singular values");
        using Execution execution = Execution.Begin<T>(options, "Svd.Compute");
        SvdPlan plan = new(rows, columns, kept, wantsVectors, full, Element.SizeOf<T>());
        (int widthU, int widthV) = full ? (rows, columns) : (kept, kept);
        T[] values = new T[kept];
        T[]? u = wantsVectors ? new T[checked(rows * widthU)] : null, v = wantsVectors ? new T[checked(columns * widthV)] : null;
        string route = Spectra.Svd(
            execution.Engine,
            plan,
            matrix,
            u is null ? default : MatrixRef<T>.Of(u, rows, widthU),
            MatrixRef<T>.Of(values, 1, kept),
            v is null ? default : MatrixRef<T>.Of(v, columns, widthV),
            execution.Settings);
        execution.CompleteWhole<T>(route, plan.Flops, plan.Bytes);
        return new(
            u is null ? null : Tensor.Create(u, [rows, widthU]), Tensor.Create(values, [kept]), v is null ? null : Tensor.Create(v, [columns, widthV]), route);
    }

    /// <summary>The singular values of many small matrices of one shape, and their vectors, thin: on the host a matrix a thread, on an accelerator side by side, a group each.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="batch">items x rows x columns.</param>
    /// <param name="options">Count, vectors, device, threads; null for the defaults.</param>
    /// <returns>Values items x count, descending in each row; U items x rows x count; V items x columns x count.</returns>
    /// <exception cref="ArgumentException">It is no batch of matrices, or an element is not finite; the item and the place are named. Or full vectors are asked for.</exception>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, SvdOptions?)" path="/exception"/>
    public static SvdResult<T> ComputeBatched<T>(Tensor<T> batch, SvdOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int items, int rows, int columns) = BatchInput.Shaped(batch, nameof(batch));
        if (options?.Full ?? false) throw new ArgumentException($"vectors of a batch are thin: leave {nameof(SvdOptions.Full)} unset", nameof(options));
        int smaller = Math.Min(rows, columns), kept = options?.Count ?? smaller;
        if (kept < 0 || kept > smaller) throw new ArgumentOutOfRangeException(nameof(options), kept, $"the matrices are {rows} x {columns}: they have {smaller} singular values");
        bool wantsVectors = options?.Vectors ?? true;
        using Execution execution = Execution.Begin<T>(options, "Svd.ComputeBatched");
        SvdPlan plan = new(rows, columns, kept, wantsVectors, Full: false, Element.SizeOf<T>());
        T[] all = BatchInput.Copy(batch, rows, columns, nameof(batch)), values = new T[checked(items * kept)];
        T[]? u = wantsVectors ? new T[checked(items * rows * kept)] : null, v = wantsVectors ? new T[checked(items * columns * kept)] : null;
        string route = plan.Reason;
        if (values.Length > 0)
        {
            route = Spectra.SvdBatch(
                execution.Engine,
                plan,
                items,
                MatrixRef<T>.Of(all.AsSpan(0, rows * columns), rows, columns),
                u is null ? default : MatrixRef<T>.Of(u.AsSpan(0, rows * kept), rows, kept),
                MatrixRef<T>.Of(values, items, kept),
                v is null ? default : MatrixRef<T>.Of(v.AsSpan(0, columns * kept), columns, kept),
                execution.Settings);
        }

        execution.CompleteWhole<T>(route, items * plan.Flops, items * plan.Bytes);
        return new(
            u is null ? null : Tensor.Create(u, [items, rows, kept]),
            Tensor.Create(values, [items, kept]),
            v is null ? null : Tensor.Create(v, [items, columns, kept]),
            route);
    }
}
