using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// result(i, j) = function(sum over k of term(x(i, k), y(j, k)), rowValues(i), columnValues(j), result(i, j)): the one
/// computation under matrix products and Gram matrices, with its operands in host memory.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct TiledProduct<T>
    where T : unmanaged
{
    /// <summary>Left rows: <see cref="Rows"/> x <see cref="Depth"/>.</summary>
    public T* X;

    /// <summary>Elements from row to row of x.</summary>
    public long XRowStride;

    /// <summary>Elements from feature to feature of x.</summary>
    public long XFeatureStride;

    /// <summary>Right rows: <see cref="Columns"/> x <see cref="Depth"/>.</summary>
    public T* Y;

    /// <summary>Elements from row to row of y.</summary>
    public long YRowStride;

    /// <summary>Elements from feature to feature of y.</summary>
    public long YFeatureStride;

    /// <summary>The right rows in panels of the micro-kernel's columns, centred and scaled, where they are packed already; null: packed on the way.</summary>
    public T* PackedY;

    /// <summary>Rows of the result.</summary>
    public int Rows;

    /// <summary>Columns of the result.</summary>
    public int Columns;

    /// <summary>Features.</summary>
    public int Depth;

    /// <summary>What is subtracted from each feature of x and y; null for nothing.</summary>
    public T* Centre;

    /// <summary>What every centred feature is multiplied by; unused without a centre.</summary>
    public T Scale;

    /// <summary>One value per row; null when the function reads none.</summary>
    public T* RowValues;

    /// <summary>One value per column; null when the function reads none.</summary>
    public T* ColumnValues;

    /// <summary>The result, columns consecutive.</summary>
    public T* Result;

    /// <summary>Elements from row to row of the result.</summary>
    public long ResultStride;

    /// <summary>Whether x is y: half the tiles are computed and mirrored.</summary>
    public bool Symmetric;

    /// <summary>Operands x(i, k) and y(j, k), result(i, j) with consecutive columns.</summary>
    public static TiledProduct<T> Over(
        HostEngine engine, in Operand<T> x, in Operand<T> y, in Operand<T> result, bool symmetric, string operation) => new()
        {
            X = engine.Resolve(x, operation),
            XRowStride = x.RowStride,
            XFeatureStride = x.ColumnStride,
            Y = engine.Resolve(y, operation),
            YRowStride = y.RowStride,
            YFeatureStride = y.ColumnStride,
            Rows = x.Rows,
            Columns = y.Rows,
            Depth = x.Columns,
            Result = engine.Resolve(result, operation),
            ResultStride = result.RowStride,
            Symmetric = symmetric,
        };
}
