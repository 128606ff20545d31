using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = Q R on the host: Q rows x min, R min x columns with a diagonal of 0 or more.</summary>
internal static unsafe class QrHost
{
    /// <summary>Factors a matrix.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="a">rows x columns in host memory, finite.</param>
    /// <param name="settings">How to run; cancels between blocks.</param>
    /// <exception cref="NumericalException">A column's norm is beyond the range of the element.</exception>
    public static (T[] Q, T[] R) Factor<T>(HostEngine engine, in Operand<T> a, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        int rows = a.Rows, columns = a.Columns, steps = Math.Min(rows, columns);
        T[] scaled = new T[checked(rows * columns)];
        int[] exponents = ColumnScaling.Copy(a, scaled);
        (T[] q, T[] r) = rows >= columns ? FactorTall(engine, scaled, rows, columns, settings) : FactorWide(engine, scaled, rows, columns, settings);
        MakePositive(q, r, rows, columns);
        ColumnScaling.Restore<T>(r, steps, exponents, settings.Operation);
        settings.Progress?.Report(1);
        return (q, r);
    }

    /// <summary>Turns the rows of R, and with them the columns of Q, so that the diagonal is 0 or more.</summary>
    public static void MakePositive<T>(Span<T> q, Span<T> r, int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        int steps = Math.Min(rows, columns);
        for (int k = 0; k < steps; k++)
        {
            if (!T.IsNegative(r[(k * columns) + k])) continue;
            for (int j = k; j < columns; j++) r[(k * columns) + j] = -r[(k * columns) + j];
            for (int i = 0; i < rows; i++) q[(i * steps) + k] = -q[(i * steps) + k];
        }
    }

    private static (T[] Q, T[] R) FactorTall<T>(HostEngine engine, T[] scaled, int rows, int columns, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        T[] r = new T[columns * columns];
        TallSkinnyQr.Factor<T>(engine, scaled, rows, columns, r, settings);
        return (scaled, r);
    }

    /// <summary>The first square, and what its Q makes of the columns behind it.</summary>
    private static (T[] Q, T[] R) FactorWide<T>(HostEngine engine, T[] scaled, int rows, int columns, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        T[] q = new T[rows * rows], square = new T[rows * rows], r = new T[checked(rows * columns)];
        if (rows == 0) return (q, r);
        for (int i = 0; i < rows; i++) scaled.AsSpan(i * columns, rows).CopyTo(q.AsSpan(i * rows));
        HouseholderQr<T>.Factor(engine, q, rows, rows, square, settings);
        MatrixRef<T> rest = new(ref scaled[rows], rows, columns - rows, columns), image = new(ref r[rows], rows, columns - rows, columns);
        Products.Products.Multiply(engine, MatrixRef<T>.Of(q, rows, rows).Transposed, rest, image, T.One, T.Zero, settings with { Progress = null, Trace = null });
        for (int i = 0; i < rows; i++) square.AsSpan(i * rows, rows).CopyTo(r.AsSpan(i * columns));
        return (q, r);
    }
}
