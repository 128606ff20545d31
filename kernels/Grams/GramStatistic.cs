using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>One statistic of a pair of operands, ready to be summed: its features, their centre, and its values per row.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct GramStatistic<T>
    where T : unmanaged
{
    /// <summary>A kernel that needs the statistic.</summary>
    public GramOp Kernel;

    /// <summary>What is subtracted from each feature before sums and norms, so that data far from the origin does not cancel; null for nothing.</summary>
    public T* Centre;

    /// <summary>What every feature is multiplied by; 1 but for periodic kernels.</summary>
    public T Scale;

    /// <summary>Whether squared distances are summed from the differences instead of from norms and dot products.</summary>
    public bool Direct;

    /// <summary>One value per row of x; null when the statistic has none.</summary>
    public T* RowValues;

    /// <summary>One value per row of y; null when the statistic has none.</summary>
    public T* ColumnValues;

    /// <summary>The largest norms, where the range of the values depends on them.</summary>
    public GramNorms Norms;

    /// <summary>The statistic's place.</summary>
    public readonly PairStatistic Statistic => KernelFunctions.StatisticOf(Kernel.Code);

    /// <summary>The tiled product that sums the statistic over a rectangle of pairs.</summary>
    /// <param name="x">The operand that holds the rows.</param>
    /// <param name="row">First row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="y">The operand that holds the columns.</param>
    /// <param name="column">First column.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="result">Where the first value goes.</param>
    /// <param name="stride">Elements from row to row of the result.</param>
    public readonly TiledProduct<T> Product(in GramInput<T> x, int row, int rows, in GramInput<T> y, int column, int columns, T* result, long stride)
    {
        bool valued = !Direct && RowValues is not null;
        return new()
        {
            X = x.Data + (row * x.RowStride) + (Kernel.First * x.FeatureStride),
            XRowStride = x.RowStride,
            XFeatureStride = x.FeatureStride,
            Y = y.Data + (column * y.RowStride) + (Kernel.First * y.FeatureStride),
            YRowStride = y.RowStride,
            YFeatureStride = y.FeatureStride,
            Rows = rows,
            Columns = columns,
            Depth = Kernel.Features,
            Centre = Direct ? null : Centre,
            Scale = Scale,
            RowValues = valued ? RowValues + row : null,
            ColumnValues = valued ? ColumnValues + column : null,
            Result = result,
            ResultStride = stride,
        };
    }
}
