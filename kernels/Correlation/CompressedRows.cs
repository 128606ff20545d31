using System.Numerics;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Two views' rows, centred and scaled, with as few rows as have the same products of columns: the triangle of a QR of both side by side.</summary>
internal sealed class CompressedRows
{
    private CompressedRows(DenseMatrix[] views, long count, double[][] means, double[][] deviations, double precision) =>
        (Views, Count, Means, Deviations, Precision) = (views, count, means, deviations, precision);

    /// <summary>The views.</summary>
    public DenseMatrix[] Views { get; }

    /// <summary>Rows that they stand for.</summary>
    public long Count { get; }

    /// <summary>The mean of every column of each view.</summary>
    public double[][] Means { get; }

    /// <summary>The standard deviation of every column of each view; 0 for one that does not vary.</summary>
    public double[][] Deviations { get; }

    /// <summary>The relative precision of the input.</summary>
    public double Precision { get; }

    /// <summary>Compresses rows that lie in host memory, block by block, in float64.</summary>
    /// <param name="algebra">Who computes.</param>
    /// <param name="views">Two views, rows x columns each.</param>
    /// <param name="scale">Whether columns are divided by their standard deviations.</param>
    /// <param name="names">The views' names, for messages.</param>
    /// <param name="settings">How to run; cancels between blocks.</param>
    public static CompressedRows Of<T>(DenseAlgebra algebra, Operand<T>[] views, bool scale, IReadOnlyList<string> names, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        FiniteRows.Require(views, 0, views[0].Rows, RowNumbers.OfAll, names);
        int rows = views[0].Rows, columns = views.Sum(view => view.Columns);
        double[][] means = [.. views.Select(MeansOf<T>)], deviations = [.. views.Select((view, i) => DeviationsOf(view, means[i]))];
        // A block twice as tall as the triangle on it halves the work that is spent on triangles alone.
        int block = Math.Max(2 * columns, 1024);
        DenseMatrix? triangle = null;
        for (int first = 0; first < rows; first += block)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(block, rows - first), above = triangle?.Rows ?? 0;
            DenseMatrix stacked = new(above + count, columns);
            triangle?.Elements.CopyTo(stacked.Elements, 0);
            int offset = 0;
            for (int v = 0; v < views.Length; v++)
            {
                Fill(views[v].RowRange(first, count), means[v], deviations[v], scale, stacked, above, offset);
                offset += views[v].Columns;
            }

            triangle = stacked.Rows > columns ? algebra.Qr(stacked).R : stacked;
            settings.Progress?.Report((double)(first + count) / rows);
        }

        DenseMatrix whole = triangle ?? new(0, columns);
        DenseMatrix[] parts = [whole.Part(0, whole.Rows, 0, views[0].Columns), whole.Part(0, whole.Rows, views[0].Columns, views[1].Columns)];
        return new(parts, rows, means, deviations, Epsilon.Of<T>());
    }

    /// <summary>Takes a triangle of columns that were centred and divided by about their standard deviations.</summary>
    /// <param name="triangle">columns x columns of both views; kept.</param>
    /// <param name="count">Rows that it stands for.</param>
    /// <param name="means">The mean of every column of each view.</param>
    /// <param name="divisors">What every column of each view was divided by.</param>
    /// <param name="scale">Whether columns stay divided, by their exact standard deviations.</param>
    /// <param name="precision">The relative precision of the input.</param>
    public static CompressedRows Of(double[] triangle, long count, double[][] means, double[][] divisors, bool scale, double precision)
    {
        double[] all = [.. divisors[0], .. divisors[1]];
        DenseMatrix whole = new(all.Length, all.Length, triangle);
        for (int j = 0; j < all.Length; j++)
        {
            double squares = 0;
            for (int i = 0; i <= j; i++) squares += whole[i, j] * whole[i, j];
            double deviation = Math.Sqrt(squares / (count - 1)), factor = scale ? 1 / deviation : all[j];
            for (int i = 0; i <= j; i++) whole[i, j] *= factor;
            all[j] *= deviation;
        }

        int left = divisors[0].Length;
        return new([whole.Part(0, all.Length, 0, left), whole.Part(0, all.Length, left, all.Length - left)], count, means, [all[..left], all[left..]], precision);
    }

    private static unsafe void Fill<T>(Operand<T> view, double[] means, double[] deviations, bool scale, DenseMatrix target, int row, int column)
        where T : unmanaged
    {
        for (int i = 0; i < view.Rows; i++)
        {
            T* source = view.Pointer + (i * view.RowStride);
            Span<double> to = target.Row(row + i).Slice(column, view.Columns);
            for (int j = 0; j < to.Length; j++)
            {
                to[j] = deviations[j] == 0 ? 0 : (Simd.Element.ToDouble(source[j * view.ColumnStride]) - means[j]) / (scale ? deviations[j] : 1);
            }
        }
    }

    private static unsafe double[] MeansOf<T>(Operand<T> view)
        where T : unmanaged
    {
        double[] first = new double[view.Columns], sums = new double[view.Columns];
        for (int j = 0; j < first.Length; j++) first[j] = Simd.Element.ToDouble(view.Pointer[j * view.ColumnStride]);
        for (long i = 0; i < view.Rows; i++)
        {
            T* row = view.Pointer + (i * view.RowStride);
            for (int j = 0; j < sums.Length; j++) sums[j] += Simd.Element.ToDouble(row[j * view.ColumnStride]) - first[j];
        }

        for (int j = 0; j < sums.Length; j++) sums[j] = first[j] + (sums[j] / view.Rows);
        return sums;
    }

    private static unsafe double[] DeviationsOf<T>(Operand<T> view, double[] means)
        where T : unmanaged
    {
        double[] result = new double[view.Columns];
        for (long i = 0; i < view.Rows; i++)
        {
            T* row = view.Pointer + (i * view.RowStride);
            for (int j = 0; j < result.Length; j++)
            {
                double deviation = Simd.Element.ToDouble(row[j * view.ColumnStride]) - means[j];
                result[j] += deviation * deviation;
            }
        }

        for (int j = 0; j < result.Length; j++)
        {
            result[j] = Math.Sqrt(result[j] / (view.Rows - 1));
            if (result[j] <= 8 * Epsilon.Float64 * Math.Abs(means[j])) result[j] = 0;
        }

        return result;
    }
}
