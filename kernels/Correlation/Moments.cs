using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Count, means and scatter of row-aligned views whose columns lie side by side: all that linear correlation needs of the rows.</summary>
internal sealed class Moments
{
    /// <summary>Moments of no rows.</summary>
    /// <param name="widths">Columns of each view.</param>
    public Moments(IReadOnlyList<int> widths)
    {
        Widths = [.. widths];
        Features = Widths.Aggregate(0, (sum, width) => checked(sum + width));
        Mean = new double[Features];
        Scatter = new(Features, Features);
    }

    /// <summary>Columns of each view.</summary>
    public int[] Widths { get; }

    /// <summary>Columns of all views.</summary>
    public int Features { get; }

    /// <summary>Rows.</summary>
    public long Count { get; set; }

    /// <summary>The mean of every column.</summary>
    public double[] Mean { get; private set; }

    /// <summary>Sums of products of deviations from the means: symmetric.</summary>
    public DenseMatrix Scatter { get; private set; }

    /// <summary>The relative precision of the least precise input: 2^-23 once float32 rows are in, 2^-52 with float64 rows alone.</summary>
    public double Precision { get; set; } = Epsilon.Float64;

    /// <summary>Where a view's columns begin.</summary>
    public int Offset(int view) => Widths.AsSpan(0, view).ToArray().Sum();

    /// <summary>Adds the moments of other rows of the same views (Chan, Golub and LeVeque 1983, eq. 2.1).</summary>
    public void Merge(Moments other)
    {
        if (other.Count == 0) return;
        double total = (double)Count + other.Count, share = other.Count / total, factor = Count * share;
        double[] shift = new double[Features];
        for (int i = 0; i < Features; i++) shift[i] = Count == 0 ? 0 : other.Mean[i] - Mean[i];
        for (int i = 0; i < Features; i++)
        {
            Span<double> row = Scatter.Row(i), added = other.Scatter.Row(i);
            for (int j = 0; j < row.Length; j++) row[j] += added[j] + (factor * (shift[i] * shift[j]));
        }

        for (int i = 0; i < Features; i++) Mean[i] = Count == 0 ? other.Mean[i] : Mean[i] + (shift[i] * share);
        Count += other.Count;
        Precision = Math.Max(Precision, other.Precision);
    }

    /// <summary>Becomes what other moments of the same views are, in place of no rows.</summary>
    public void Take(Moments other) => (Count, Precision, Mean, Scatter) = (other.Count, Math.Max(Precision, other.Precision), other.Mean, other.Scatter);

    /// <summary>Moments that were taken before.</summary>
    public static Moments Of(IReadOnlyList<int> widths, long count, double precision, double[] mean, DenseMatrix scatter) =>
        new(widths) { Count = count, Precision = precision, Mean = mean, Scatter = scatter };

    /// <summary>The moments of some columns: one list per view that is kept, of columns within it.</summary>
    /// <param name="views">The views that are kept, by number.</param>
    /// <param name="columns">Their columns.</param>
    public Moments Select(int[] views, int[][] columns)
    {
        int[] kept = [.. views.SelectMany((view, i) => columns[i].Select(column => Offset(view) + column))];
        Moments result = new([.. columns.Select(list => list.Length)]) { Count = Count, Precision = Precision };
        for (int i = 0; i < kept.Length; i++)
        {
            result.Mean[i] = Mean[kept[i]];
            for (int j = 0; j < kept.Length; j++) result.Scatter[i, j] = Scatter[kept[i], kept[j]];
        }

        return result;
    }

    /// <summary>The covariances of two views, divided by rows - 1.</summary>
    public DenseMatrix Covariance(int left, int right)
    {
        DenseMatrix result = Scatter.Part(Offset(left), Widths[left], Offset(right), Widths[right]);
        foreach (ref double value in result.Elements.AsSpan()) value /= Count - 1;
        return result;
    }

    /// <summary>The means of one view.</summary>
    public double[] MeanOf(int view) => Mean.AsSpan(Offset(view), Widths[view]).ToArray();
}
