using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>What all range searches share.</summary>
internal static class RangeSearch
{
    /// <summary>The seed of searches whose caller names none.</summary>
    public const ulong Seed = 17;

    /// <summary>Columns that try out what a basis leaves: the bound fails once in 10 to this power.</summary>
    public const int Probes = 10;
}

/// <summary>Orthonormal columns that span most of a matrix's range, from its products with random columns (Halko, Martinsson and Tropp 2011).</summary>
/// <remarks>Products and QR run on the engine. Bits depend on the shape and the seed, not on threads.</remarks>
/// <param name="engine">Who multiplies.</param>
/// <param name="host">The host beside it.</param>
/// <param name="a">rows x columns, finite.</param>
/// <param name="seed">Of the random columns.</param>
/// <param name="powers">Applications of A Aᵀ, each followed by a QR factorisation on either side (algorithm 4.4).</param>
/// <param name="settings">How to run; cancels between products.</param>
internal sealed unsafe class RangeSearch<T>(Engine engine, HostEngine host, Operand<T> a, ulong seed, int powers, RunSettings settings)
    where T : unmanaged, INumberBase<T>
{
    private const int Probes = RangeSearch.Probes;

    private readonly RunSettings _inner = settings with { Progress = null };

    /// <summary>So many columns at once.</summary>
    /// <returns>rows x width, row by row.</returns>
    public T[] OfWidth(int width)
    {
        T[] basis = Orthonormal(Sketch(0, width), a.Rows, width);
        for (int power = 0; power < powers; power++) basis = Power(basis, width, [], 0);
        return basis;
    }

    /// <summary>As many columns as it takes, a block of <see cref="RangeSearch.Probes"/> at a time (algorithm 4.2): a block tells what is missing, then fills it.</summary>
    /// <param name="tolerance">The largest spectral norm of what may be left.</param>
    /// <param name="most">The most columns.</param>
    /// <returns>rows x width, row by row; the width; the bound of what is left, as <see cref="Left"/> gives it.</returns>
    public (T[] Basis, int Width, double Bound) ToTolerance(double tolerance, int most)
    {
        T[] basis = [];
        int width = 0;
        while (true)
        {
            T[] sketch = Sketch(width, Probes);
            Remove(basis, width, sketch, Probes);
            double bound = Bound(sketch);
            settings.Progress?.Report((double)width / most);
            if (bound <= tolerance || width == most) return (basis, width, bound);
            int more = Math.Min(Probes, most - width);
            T[] block = Orthonormal(Narrowed(sketch, more), a.Rows, more);
            for (int power = 0; power < powers; power++) block = Power(block, more, basis, width);

            // A second pass: what the first one left along the basis is rounding of the block's own size (Parlett 1998, section 6.9).
            Remove(basis, width, block, more);
            block = Orthonormal(block, a.Rows, more);
            basis = Joined(basis, width, block, more);
            width += more;
        }
    }

    /// <summary>What a basis leaves of the matrix, by columns that had no part in it.</summary>
    /// <returns>A bound of the spectral norm of A - Q Qᵀ A that holds but for one time in 10^10 (section 4.3).</returns>
    public double Left(T[] basis, int width)
    {
        T[] sketch = Sketch(width, Probes);
        Remove(basis, width, sketch, Probes);
        return Bound(sketch);
    }

    private T[] Sketch(int column, int width)
    {
        T[] random = new T[checked(a.Columns * width)];
        GaussianSketch.Fill<T>(seed, column, width, random);
        return Product(a, random, a.Columns, width);
    }

    /// <summary>A Aᵀ of columns that are orthogonal to a basis, without what of it is along the basis.</summary>
    private T[] Power(T[] columns, int width, T[] basis, int basisWidth)
    {
        T[] other = Orthonormal(Product(a.Transposed, columns, a.Rows, width), a.Columns, width);
        T[] back = Product(a, other, a.Columns, width);
        Remove(basis, basisWidth, back, width);
        return Orthonormal(back, a.Rows, width);
    }

    private T[] Product(in Operand<T> left, T[] right, int rows, int width)
    {
        settings.Cancellation.ThrowIfCancellationRequested();
        T[] result = new T[checked(left.Rows * width)];
        Products.Products.Multiply(engine, left.Ref, MatrixRef<T>.Of(right, rows, width), MatrixRef<T>.Of(result, left.Rows, width), T.One, T.Zero, _inner);
        return result;
    }

    /// <summary>columns -= Q Qᵀ columns.</summary>
    private void Remove(T[] basis, int width, T[] columns, int count)
    {
        if (width == 0) return;
        T[] overlaps = new T[width * count];
        MatrixRef<T> q = MatrixRef<T>.Of(basis, a.Rows, width), target = MatrixRef<T>.Of(columns, a.Rows, count), middle = MatrixRef<T>.Of(overlaps, width, count);
        Products.Products.Multiply(engine, q.Transposed, target, middle, T.One, T.Zero, _inner);
        Products.Products.Multiply(engine, q, middle, target, -T.One, T.One, _inner);
    }

    private T[] Orthonormal(T[] columns, int rows, int width) => QrRun.Factor(engine, host, MatrixRef<T>.Of(columns, rows, width), _inner).Q;

    /// <summary>10 sqrt(2 / π) times the largest of the columns' lengths.</summary>
    private static double Bound(T[] columns)
    {
        double longest = 0;
        for (int j = 0; j < Probes; j++)
        {
            double largest = 0, squares = 0;
            for (int i = j; i < columns.Length; i += Probes) largest = Math.Max(largest, Math.Abs(Element.ToDouble(columns[i])));
            for (int i = j; i < columns.Length && largest > 0; i += Probes) squares += Math.Pow(Element.ToDouble(columns[i]) / largest, 2);
            longest = Math.Max(longest, largest * Math.Sqrt(squares));
        }

        return 10 * Math.Sqrt(2 / Math.PI) * longest;
    }

    private T[] Narrowed(T[] columns, int width)
    {
        if (width == Probes) return columns;
        T[] result = new T[a.Rows * width];
        for (int i = 0; i < a.Rows; i++) columns.AsSpan(i * Probes, width).CopyTo(result.AsSpan(i * width));
        return result;
    }

    private T[] Joined(T[] basis, int width, T[] block, int more)
    {
        T[] result = new T[checked(a.Rows * (width + more))];
        for (int i = 0; i < a.Rows; i++)
        {
            Span<T> row = result.AsSpan(i * (width + more), width + more);
            basis.AsSpan(i * width, width).CopyTo(row);
            block.AsSpan(i * more, more).CopyTo(row[width..]);
        }

        return result;
    }
}
