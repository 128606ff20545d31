using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>
/// The stepwise permutation test of canonical correlations (Winkler, Renaud, Smith and Nichols 2020): step k correlates what is left
/// of both views once the first k pairs of variates are taken out, with the rows of the second permuted.
/// </summary>
/// <remarks>
/// With orthonormal coordinates U and V of the views, turned to the canonical variates (and a complement), the correlations of step k
/// under a permutation P are the singular values of the lower right block, from k on, of Uᵀ P V. Permuted copies of V lie side by
/// side, so that one product serves a batch.
/// </remarks>
internal static class PermutationTest
{
    /// <summary>Bytes of permuted coordinates that are multiplied at once.</summary>
    private const long BatchBytes = 32 << 20;

    /// <summary>Counts permutations whose Wilks statistic is no smaller than that of the data, for each step; the data as they are count as the first.</summary>
    /// <param name="engine">Who multiplies; float64.</param>
    /// <param name="u">rows x directions of the first view.</param>
    /// <param name="v">rows x directions of the second view.</param>
    /// <param name="steps">Steps that are tested.</param>
    /// <param name="permutations">Permutations, the data as they are among them.</param>
    /// <param name="seed">Where the permutations begin.</param>
    /// <param name="settings">How to run.</param>
    public static int[] Count(Engine engine, DenseMatrix u, DenseMatrix v, int steps, int permutations, int seed, in RunSettings settings)
    {
        int rows = u.Rows, width = v.Columns;
        int batch = (int)Math.Clamp(BatchBytes / sizeof(double) / ((long)rows * width), 1, permutations);
        int[] order = [.. Enumerable.Range(0, rows)], counts = new int[steps];
        Random random = new(seed);
        double[] observed = [];
        DenseMatrix permuted = new(rows, batch * width);
        RunSettings quiet = settings with { Progress = null };
        for (int first = 0; first < permutations; first += batch)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int taken = Math.Min(batch, permutations - first);
            for (int b = 0; b < taken; b++)
            {
                if (first + b > 0) random.Shuffle(order);
                for (int i = 0; i < rows; i++) v.Row(order[i]).CopyTo(permuted.Row(i).Slice(b * width, width));
            }

            DenseMatrix products = new(u.Columns, batch * width);
            Products.Products.Multiply(engine, u.Ref.Transposed, permuted.Ref, products.Ref, 1, 0, quiet);
            for (int b = 0; b < taken; b++)
            {
                double[] statistics = Statistics(products.Part(0, u.Columns, b * width, width), steps);
                if (first + b == 0) observed = statistics;
                // Equal statistics of equal rows differ by rounding alone.
                for (int k = 0; k < steps; k++) counts[k] += statistics[k] >= observed[k] * (1 - 1e-10) ? 1 : 0;
            }

            settings.Progress?.Report((double)(first + taken) / permutations);
        }

        return counts;
    }

    /// <summary>-ln det(I - C Cᵀ) of every lower right block C of a matrix of correlations.</summary>
    private static double[] Statistics(DenseMatrix correlations, int steps)
    {
        double[] result = new double[steps];
        for (int k = 0; k < steps; k++)
        {
            int size = correlations.Rows - k;
            DenseMatrix rest = DenseMatrix.Identity(size);
            for (int i = 0; i < size; i++)
            {
                ReadOnlySpan<double> left = correlations.Row(i + k)[k..];
                for (int j = 0; j <= i; j++) rest[i, j] -= Dot(left, correlations.Row(j + k)[k..]);
            }

            result[k] = -LogDeterminant(rest);
        }

        return result;
    }

    /// <summary>ln det of a positive semi-definite matrix whose lower half is given, by Cholesky in place; -infinity where it is singular.</summary>
    private static double LogDeterminant(DenseMatrix lower)
    {
        double sum = 0;
        for (int j = 0; j < lower.Rows; j++)
        {
            Span<double> row = lower.Row(j);
            double pivot = row[j] - Dot(row[..j], row[..j]);
            if (!(pivot > 0)) return double.NegativeInfinity;
            sum += Math.Log(pivot);
            row[j] = Math.Sqrt(pivot);
            for (int i = j + 1; i < lower.Rows; i++)
            {
                Span<double> below = lower.Row(i);
                below[j] = (below[j] - Dot(row[..j], below[..j])) / row[j];
            }
        }

        return sum;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
