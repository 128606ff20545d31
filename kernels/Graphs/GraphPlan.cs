using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Graphs;

/// <summary>Sizes of one call of the family, checked; pure.</summary>
/// <param name="Rows">Rows of the sparse matrix.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Entries">Its stored elements.</param>
/// <param name="Heads">Values of an entry, each of which weighs a block of the dense columns.</param>
/// <param name="Width">Dense columns of a head.</param>
internal readonly record struct GraphPlan(int Rows, int Columns, int Entries, int Heads, int Width)
{
    /// <summary>Dense columns.</summary>
    public int DenseColumns => Heads * Width;

    /// <summary>Multiplications and additions of a product, or of its gradients.</summary>
    public double Flops => 2.0 * Entries * DenseColumns;

    /// <summary>Bytes that a product reads and writes where nothing stays in a cache: indices, values, a dense row for each entry, the result.</summary>
    public double Traffic(int elementBytes) =>
        (sizeof(int) * ((double)Entries + Rows)) + ((double)elementBytes * Entries * (Heads + DenseColumns)) + ((double)elementBytes * Rows * DenseColumns);

    /// <summary>Sizes of a product of a sparse matrix with a dense one.</summary>
    /// <exception cref="ArgumentException">Shapes do not fit, or columns are not consecutive.</exception>
    public static GraphPlan Product<T>(in PatternOperand pattern, MatrixRef<T> values, MatrixRef<T> dense, MatrixRef<T> result, string operation)
        where T : unmanaged
    {
        int heads = values.IsAbsent ? 1 : values.Columns;
        if (dense.Rows != pattern.Columns || result.Rows != pattern.Rows || result.Columns != dense.Columns || heads < 1 || dense.Columns % heads != 0)
        {
            throw new ArgumentException(
                $"{operation}: the sparse matrix is {pattern.Rows} x {pattern.Columns} with {heads} values an entry, the dense one {dense.Rows} x {dense.Columns}, the result {result.Rows} x {result.Columns}");
        }

        if (!values.IsAbsent) RequireEntries(pattern.Entries, values, operation);
        RequireRows(dense, operation);
        RequireRows(result, operation);
        return new(pattern.Rows, pattern.Columns, pattern.Entries, heads, dense.Columns / heads);
    }

    /// <summary>Sizes of what has so many values in every row, column and entry; absent operands fit.</summary>
    /// <exception cref="ArgumentException">Shapes do not fit, or columns are not consecutive.</exception>
    public static GraphPlan OfEntries<T>(ISparsePattern pattern, int heads, int width, MatrixRef<T> rows, MatrixRef<T> columns, MatrixRef<T> entries, MatrixRef<T> others, string operation)
        where T : unmanaged
    {
        if ((!rows.IsAbsent && (rows.Rows != pattern.Rows || rows.Columns != heads * width)) || (!columns.IsAbsent && (columns.Rows != pattern.Columns || columns.Columns != heads * width)))
        {
            throw new ArgumentException(
                $"{operation}: the sparse matrix is {pattern.Rows} x {pattern.Columns} with {heads} values an entry; its rows came as {rows.Rows} x {rows.Columns}, its columns as {columns.Rows} x {columns.Columns}");
        }

        if (!rows.IsAbsent) RequireRows(rows, operation);
        if (!columns.IsAbsent) RequireRows(columns, operation);
        RequireEntries(pattern.Entries, entries, operation);
        if (!others.IsAbsent) RequireEntries(pattern.Entries, others, operation);
        if (entries.Columns != heads || (!others.IsAbsent && others.Columns != heads)) throw new ArgumentException($"{operation}: {entries.Columns} and {others.Columns} values an entry, not {heads}");
        return new(pattern.Rows, pattern.Columns, pattern.Entries, heads, width);
    }

    private static void RequireEntries<T>(int entries, MatrixRef<T> values, string operation)
        where T : unmanaged
    {
        if (values.Rows != entries || (entries > 1 && values.RowStride != values.Columns) || (values.Columns > 1 && values.ColumnStride != 1))
        {
            throw new ArgumentException($"{operation}: the values are {values.Rows} x {values.Columns}; the {entries} entries need a dense row each");
        }
    }

    private static void RequireRows<T>(MatrixRef<T> matrix, string operation)
        where T : unmanaged
    {
        if (matrix.Columns > 1 && matrix.ColumnStride != 1) throw new ArgumentException($"{operation}: the columns of a dense operand are not consecutive: give a row-major one");
    }
}
