using FusionKernels.Kernels.Engines;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// A batch of result(i, j) = function(sum over k of term(x(i, k), y(j, k)), rowValues(i), columnValues(j), result(i, j)) with
/// its operands on an accelerator: what <see cref="TiledProduct{T}"/> is on the host.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct DeviceProduct<T>
    where T : unmanaged
{
    /// <summary>Left rows: rows x depth, the first matrix of the batch.</summary>
    public required DeviceMatrix<T> X { get; init; }

    /// <summary>Right rows: columns x depth, the first matrix of the batch.</summary>
    public required DeviceMatrix<T> Y { get; init; }

    /// <summary>The result: rows x columns, the first matrix of the batch.</summary>
    public required DeviceMatrix<T> Result { get; init; }

    /// <summary>Matrices.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Elements from one x to the next; 0 repeats it.</summary>
    public long XBatchStride { get; init; }

    /// <summary>Elements from one y to the next; 0 repeats it.</summary>
    public long YBatchStride { get; init; }

    /// <summary>Elements from one result to the next.</summary>
    public long ResultBatchStride { get; init; }

    /// <summary>Whether x is y: half the tiles are computed and mirrored.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>A value per row, rows of them per matrix of the batch; invalid when the function reads none.</summary>
    public ArrayView<T> RowValues { get; init; }

    /// <summary>A value per column, columns of them per matrix of the batch; valid when the row values are.</summary>
    public ArrayView<T> ColumnValues { get; init; }

    /// <summary>Elements from one matrix's row values to the next's; 0 repeats them.</summary>
    public long RowValuesStride { get; init; }

    /// <summary>Elements from one matrix's column values to the next's; 0 repeats them.</summary>
    public long ColumnValuesStride { get; init; }

    /// <summary>What is subtracted from each feature of x and y; invalid for nothing.</summary>
    public ArrayView<T> Centre { get; init; }

    /// <summary>What every centred feature is multiplied by; unused without a centre.</summary>
    public T Scale { get; init; }

    /// <summary>A product of single matrices.</summary>
    public DeviceProduct()
    {
    }
}
