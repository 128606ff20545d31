using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The largest norms of the rows over the features of one statistic, and where they are.</summary>
/// <param name="X">The largest norm of x.</param>
/// <param name="RowX">Its row.</param>
/// <param name="Y">The largest norm of y.</param>
/// <param name="RowY">Its row.</param>
internal readonly record struct GramNorms(double X, int RowX, double Y, int RowY)
{
    /// <summary>Whether there are any; the default is of a statistic whose kernels are bounded.</summary>
    public bool IsKnown => X > 0 || Y > 0;

    /// <summary>From reciprocal norms, 0 being that of a zero row.</summary>
    public static GramNorms OfInverse<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged
    {
        (double normX, int rowX) = Largest(x, static inverse => inverse == 0 ? 0 : 1 / inverse);
        (double normY, int rowY) = Largest(y, static inverse => inverse == 0 ? 0 : 1 / inverse);
        return new(normX, rowX, normY, rowY);
    }

    /// <summary>From squared norms.</summary>
    public static GramNorms OfSquared<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged
    {
        (double normX, int rowX) = Largest(x, Math.Sqrt);
        (double normY, int rowY) = Largest(y, Math.Sqrt);
        return new(normX, rowX, normY, rowY);
    }

    private static (double Norm, int Row) Largest<T>(ReadOnlySpan<T> values, Func<double, double> normOf)
        where T : unmanaged
    {
        (double largest, int row) = (0, 0);
        for (int i = 0; i < values.Length; i++)
        {
            double norm = normOf(Element.ToDouble(values[i]));
            if (norm > largest) (largest, row) = (norm, i);
        }

        return (largest, row);
    }
}
