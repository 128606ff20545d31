using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// What a matrix product is going to do, decided from shapes alone: result(i, j) = alpha sum over k of x(i, k) y(j, k) +
/// beta result(i, j), once or for each item of a batch.
/// </summary>
/// <param name="Rows">Rows of the result as it is computed.</param>
/// <param name="Columns">Columns of the result as it is computed.</param>
/// <param name="Depth">Terms of every sum.</param>
/// <param name="Count">Items of the batch; 1 for a single product.</param>
/// <param name="Symmetric">Whether x is y, so that half the tiles are computed and mirrored.</param>
/// <param name="Transposed">Whether the transposed problem is computed, because the result's rows are what lies consecutively.</param>
/// <param name="ElementBytes">4 for float32, 8 for float64.</param>
internal readonly record struct ProductPlan(
    int Rows, int Columns, int Depth, int Count, bool Symmetric, bool Transposed, int ElementBytes)
{
    /// <summary>Multiply-adds of one item.</summary>
    public double ItemWork => (Symmetric ? Rows * (Rows + 1.0) / 2 : (double)Rows * Columns) * Depth;

    /// <summary>Floating-point operations of the whole call; a multiply-add counts as two.</summary>
    public double Flops => 2 * ItemWork * Count;

    /// <summary>Bytes of operands and result, each counted once.</summary>
    public long Bytes => ElementBytes * (long)Count * (((long)Rows * Depth) + (Symmetric ? 0 : (long)Columns * Depth) + ((long)Rows * Columns));

    /// <summary>Whether the right operand is one row: bound by reading the left one, not by arithmetic.</summary>
    public bool IsMatrixVector => Columns == 1 && !Symmetric;

    /// <summary>Bytes of working memory that one host thread holds for one item.</summary>
    public long HostScratchBytes
    {
        get
        {
            if (IsMatrixVector) return (long)ElementBytes * (Depth + (Rows * ((long)Depth / HostBlocking.VectorDepth)));
            int depth = Math.Min(Depth, HostBlocking.PassDepth);
            int extent = HostBlocking.PackedExtent(depth, ElementBytes);
            return (long)ElementBytes * depth * ((long)Math.Min(extent, Rows) + Math.Min(extent, Columns));
        }
    }

    /// <summary>Plans alpha a b + beta result.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or the result is not laid out so that it can be written.</exception>
    public static ProductPlan Multiply<T>(in MatrixRef<T> a, in MatrixRef<T> b, in MatrixRef<T> result, string operation)
        where T : unmanaged
    {
        if (a.Columns != b.Rows) throw Mismatch(operation, $"a is {Shape(a)}, b is {Shape(b)}: a's columns must equal b's rows");
        if (result.Rows != a.Rows || result.Columns != b.Columns)
        {
            throw Mismatch(operation, $"a is {Shape(a)}, b is {Shape(b)}, result is {Shape(result)}: result must be {a.Rows} x {b.Columns}");
        }

        return Of(result, a.Columns, symmetric: false, operation);
    }

    /// <summary>Plans alpha a aᵀ + beta result.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or the result is not laid out so that it can be written.</exception>
    public static ProductPlan MultiplySelf<T>(in MatrixRef<T> a, in MatrixRef<T> result, string operation)
        where T : unmanaged
    {
        if (result.Rows != a.Rows || result.Columns != a.Rows)
        {
            throw Mismatch(operation, $"a is {Shape(a)}, result is {Shape(result)}: result must be {a.Rows} x {a.Rows}");
        }

        return Of(result, a.Columns, symmetric: true, operation);
    }

    /// <summary>Plans as many such products as a batch has items.</summary>
    /// <exception cref="ArgumentException">The count is negative, or all results would be written to one place.</exception>
    public ProductPlan Batched(int count, long resultStride, string operation)
    {
        if (count < 0) throw Mismatch(operation, $"a batch of {count} items: the count must be 0 or more");
        if (count > 1 && resultStride == 0 && (long)Rows * Columns > 0)
        {
            throw Mismatch(operation, $"a batch of {count} items with a result stride of 0: every item needs a result of its own");
        }

        return this with { Count = count };
    }

    /// <summary>How the host computes it, in words.</summary>
    public string DescribeOnHost(SimdWidth width)
    {
        string bits = width == SimdWidth.Scalar ? "one lane" : $"{128 << (width - SimdWidth.Bits128)} bits";
        if (IsMatrixVector) return $"matrix-vector in depth chunks of {HostBlocking.VectorDepth} at {bits}";
        int lanes = width == SimdWidth.Scalar ? 1 : (16 << (width - SimdWidth.Bits128)) / ElementBytes;
        int tileRows = width == SimdWidth.Bits512 ? 12 : 6;
        string half = Symmetric ? ", upper half mirrored" : "";
        return $"packed panels, {tileRows} x {2 * lanes} register tile at {bits}, depth blocks of {HostBlocking.BlockDepth(Depth, ElementBytes)}{half}";
    }

    private static ProductPlan Of<T>(in MatrixRef<T> result, int depth, bool symmetric, string operation)
        where T : unmanaged
    {
        bool columnsConsecutive = result.ColumnStride == 1 || result.Columns <= 1;
        bool rowsConsecutive = result.RowStride == 1 || result.Rows <= 1;
        bool isVector = !symmetric && (result.Rows == 1 || result.Columns == 1);
        if (!columnsConsecutive && !rowsConsecutive)
        {
            throw Mismatch(
                operation,
                $"result is {Shape(result)} with strides {result.RowStride} and {result.ColumnStride}: one of them must be 1, so that rows or columns are consecutive");
        }

        bool transposed = isVector ? result.Columns != 1 : !columnsConsecutive;
        (int rows, int columns) = transposed ? (result.Columns, result.Rows) : (result.Rows, result.Columns);
        long stride = transposed ? result.ColumnStride : result.RowStride;
        if (rows > 1 && stride < columns)
        {
            throw Mismatch(
                operation,
                $"result is {Shape(result)} with strides {result.RowStride} and {result.ColumnStride}: its elements overlap; every element needs a place of its own");
        }

        return new(rows, columns, depth, 1, symmetric, transposed, System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
    }

    private static string Shape<T>(in MatrixRef<T> matrix)
        where T : unmanaged => $"{matrix.Rows} x {matrix.Columns}";

    private static ArgumentException Mismatch(string operation, string what) => new($"{operation}: {what}.");
}
