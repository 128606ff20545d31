using System.Numerics;

namespace FusionKernels;

/// <summary>Means and deviations of features, rounded to the element so that a file holds them as they are; a feature that does not vary has a deviation of 1.</summary>
internal sealed class Standardization<T>(T[] means, T[] deviations)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Features.</summary>
    public int Features => means.Length;

    /// <summary>The means.</summary>
    public T[] Means => means;

    /// <summary>The deviations, above 0.</summary>
    public T[] Deviations => deviations;

    /// <summary>Means and deviations of rows.</summary>
    /// <param name="rows">rows x width.</param>
    /// <param name="width">Features.</param>
    /// <param name="present">Which rows count; empty for all.</param>
    public static Standardization<T> Of(ReadOnlySpan<T> rows, int width, ReadOnlySpan<bool> present = default)
    {
        int all = rows.Length / width, count = present.IsEmpty ? all : present.Count(true);
        double[] sums = new double[width], squares = new double[width];
        for (int i = 0; i < rows.Length; i++)
        {
            if (present.IsEmpty || present[i / width]) sums[i % width] += double.CreateChecked(rows[i]) / count;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            if (present.IsEmpty || present[i / width]) squares[i % width] += Math.Pow(double.CreateChecked(rows[i]) - sums[i % width], 2) / Math.Max(1, count - 1);
        }

        T[] deviations = Array.ConvertAll(squares, square => T.CreateChecked(Math.Sqrt(square)));
        return new(Array.ConvertAll(sums, T.CreateChecked), Array.ConvertAll(deviations, deviation => deviation > T.Zero ? deviation : T.One));
    }

    /// <summary>The same means with one deviation for all features: the root of the mean of their variances.</summary>
    public Standardization<T> WithOneDeviation()
    {
        double mean = deviations.Average(deviation => Math.Pow(double.CreateChecked(deviation), 2));
        return new(means, [.. Enumerable.Repeat(T.CreateChecked(Math.Sqrt(mean)), means.Length)]);
    }

    /// <summary>Standardizes rows in place.</summary>
    public void Apply(Span<T> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int j = i % means.Length;
            rows[i] = T.CreateChecked((double.CreateChecked(rows[i]) - double.CreateChecked(means[j])) / double.CreateChecked(deviations[j]));
        }
    }

    /// <summary>Takes standardized rows back to the units of the features, in place.</summary>
    public void Undo(Span<T> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int j = i % means.Length;
            rows[i] = T.CreateChecked((double.CreateChecked(rows[i]) * double.CreateChecked(deviations[j])) + double.CreateChecked(means[j]));
        }
    }
}
