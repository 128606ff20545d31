using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;

namespace FusionKernels.Kernels.Grams;

/// <summary>One statistic of operands on an accelerator, ready to be summed: what <see cref="GramStatistic{T}"/> is on the host.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct GramDeviceStatistic<T>
    where T : unmanaged
{
    /// <summary>A kernel that needs the statistic.</summary>
    public GramOp Kernel;

    /// <summary>Its features of x.</summary>
    public DeviceMatrix<T> X;

    /// <summary>Its features of y.</summary>
    public DeviceMatrix<T> Y;

    /// <summary>What is subtracted from each feature; invalid for nothing.</summary>
    public ArrayView<T> Centre;

    /// <summary>What every feature is multiplied by.</summary>
    public T Scale;

    /// <summary>Whether squared distances are summed from the differences.</summary>
    public bool Direct;

    /// <summary>One value per row of x; invalid when the statistic has none.</summary>
    public ArrayView<T> RowValues;

    /// <summary>One value per row of y; invalid when the statistic has none.</summary>
    public ArrayView<T> ColumnValues;

    /// <summary>The row values on the host; null when the statistic has none.</summary>
    public T[]? HostRowValues;

    /// <summary>The column values on the host; null when the statistic has none.</summary>
    public T[]? HostColumnValues;

    /// <summary>The largest norms, where the range of the values depends on them.</summary>
    public GramNorms Norms;

    /// <summary>The same statistic of the columns' set against itself.</summary>
    public readonly GramDeviceStatistic<T> OfColumns => this with { X = Y, RowValues = ColumnValues, HostRowValues = HostColumnValues };

    /// <summary>What is summed.</summary>
    public readonly PairStatistic Statistic => KernelFunctions.StatisticOf(Kernel.Code);

    /// <summary>The product that sums the statistic over a rectangle of pairs into <paramref name="result"/>.</summary>
    public readonly DeviceProduct<T> Product(int row, int column, in DeviceMatrix<T> result, bool symmetric)
    {
        bool valued = RowValues.IsValid && !Direct;
        return new()
        {
            X = X.Range(row, result.Rows, 0, X.Columns),
            Y = Y.Range(column, result.Columns, 0, Y.Columns),
            Result = result,
            IsSymmetric = symmetric,
            RowValues = valued ? RowValues.SubView(row, result.Rows) : default,
            ColumnValues = valued ? ColumnValues.SubView(column, result.Columns) : default,
            Centre = Direct ? default : Centre,
            Scale = Scale,
        };
    }
}
