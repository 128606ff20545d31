using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <content>Tests and intervals that ask the data alone.</content>
public sealed partial class CanonicalCorrelation
{
    /// <summary>Tests correlations by permuting the rows of the second view, step by step (Winkler, Renaud, Smith and Nichols 2020), without normality; ridge and shrinkage may be there.</summary>
    /// <remarks>
    /// The statistic of step k is Wilks's, -sum of ln(1 - r^2) over what is left from component k on. Memory: 8 rows (rank x + rank y)
    /// bytes and up to 32 MiB; cost: 2 rows rank x rank y operations and components rank^3 per permutation. The products run on the
    /// device where it has float64. The same seed gives the same result for any number of threads.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">Rows x features of the first view.</param>
    /// <param name="y">Rows x features of the second view.</param>
    /// <param name="fit">Components that are tested (all of the rank by default), ridge, shrinkage, scaling; null for the defaults.</param>
    /// <param name="options">Permutations, seed, device; null for the defaults.</param>
    /// <exception cref="ArgumentException">As for <see cref="Fit{T}(Tensor{T}, Tensor{T}, CanonicalCorrelationOptions?)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NumericalException">No column of a view varies.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static PermutationResult PermutationTest<T>(Tensor<T> x, Tensor<T> y, CanonicalCorrelationOptions? fit = null, ResamplingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string operation = "CanonicalCorrelation.PermutationTest";
        (CorrelationProblem problem, options) = CheckResampling(x, y, fit, options, operation);
        using Execution execution = Execution.Begin<T>(options, operation);
        HostEngine host = HostOf(execution.Engine);
        CanonicalMoments moments = new((int)x.Lengths[1], (int)y.Lengths[1]);
        moments.Accumulate(x, y, options with { Progress = null, Report = null });
        RunSettings quiet = execution.Settings with { Progress = null };
        DenseMatrix[] maps = new CorrelationSolver(new(host, quiet), problem).Coordinates(moments.State);
        DenseMatrix u = Coordinates(host, x, moments.Mean(0), maps[0], quiet), v = Coordinates(host, y, moments.Mean(1), maps[1], quiet);
        int rank = Math.Min(u.Columns, v.Columns), steps = Math.Min(problem.Components ?? rank, rank);
        Engine products = execution.Device.Description.SupportsFloat64 ? execution.Engine : host;
        int[] counts = Kernels.Correlation.PermutationTest.Count(products, u, v, steps, options.Samples, options.Seed, execution.Settings);
        double[] p = [.. counts.Select(count => (double)count / options.Samples)], family = (double[])p.Clone();
        for (int k = 1; k < steps; k++) family[k] = Math.Max(family[k], family[k - 1]);
        execution.Complete<T>($"{options.Samples} permutations", 2.0 * options.Samples * u.Rows * u.Columns * v.Columns, 8L * u.Rows * (u.Columns + v.Columns));
        return new(options.Samples, p, family);
    }

    /// <summary>Percentile intervals of all correlations from bootstrap samples: rows drawn with replacement (Efron and Tibshirani 1993, section 13.3).</summary>
    /// <remarks>Canonical correlations of samples lean upwards, and so do these intervals where rows are few. Cost: one fit per sample.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">Rows x features of the first view.</param>
    /// <param name="y">Rows x features of the second view.</param>
    /// <param name="fit">Ridge, shrinkage, scaling; null for the defaults. Components are not read.</param>
    /// <param name="options">Samples, seed, confidence, device; null for the defaults.</param>
    /// <returns>One interval per correlation; a correlation that a sample lacks for want of rank counts as 0 there.</returns>
    /// <inheritdoc cref="PermutationTest{T}" path="/exception"/>
    public static IReadOnlyList<CorrelationInterval> Bootstrap<T>(Tensor<T> x, Tensor<T> y, CanonicalCorrelationOptions? fit = null, ResamplingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string operation = "CanonicalCorrelation.Bootstrap";
        (CorrelationProblem problem, options) = CheckResampling(x, y, fit, options, operation);
        problem = problem with { Components = null, Route = CorrelationRoute.HalfProduct };
        int rows = (int)x.Lengths[0], count = (int)Math.Min(x.Lengths[1], y.Lengths[1]);
        double[][] samples = [.. Enumerable.Range(0, count).Select(_ => new double[options.Samples])];
        Random random = new(options.Seed);
        int[] drawn = new int[rows];
        Tensor<T> left = Tensor.CreateFromShape<T>(x.Lengths), right = Tensor.CreateFromShape<T>(y.Lengths);
        ExecutionOptions quiet = new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation };
        using Execution execution = Execution.Begin<T>(options, operation);
        HostEngine host = HostOf(execution.Engine);
        for (int sample = 0; sample < options.Samples; sample++)
        {
            for (int i = 0; i < rows; i++) drawn[i] = random.Next(rows);
            Gather(x, drawn, left);
            Gather(y, drawn, right);
            CanonicalMoments moments = new((int)x.Lengths[1], (int)y.Lengths[1]);
            moments.Accumulate(left, right, quiet);
            double[] correlations = Kernels.Correlation.Correlations.Fit(host, moments.State, problem, HostExecution.Settings(quiet, operation)).Correlations;
            for (int k = 0; k < Math.Min(count, correlations.Length); k++) samples[k][sample] = correlations[k];
            options.Progress?.Report((sample + 1.0) / options.Samples);
        }

        double tail = (1 - options.Confidence) / 2;
        foreach (double[] values in samples) Array.Sort(values);
        double columns = x.Lengths[1] + y.Lengths[1];
        execution.CompleteWhole<T>($"{options.Samples} samples, each a fit to moments", options.Samples * rows * columns * (columns + 1), (long)(16 * columns * columns));
        return [.. samples.Select(values => new CorrelationInterval(Quantile(values, tail), Quantile(values, 1 - tail)))];
    }

    private static (CorrelationProblem Problem, ResamplingOptions Options) CheckResampling<T>(
        Tensor<T> x, Tensor<T> y, CanonicalCorrelationOptions? fit, ResamplingOptions? options, string operation)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        options ??= new();
        CorrelationProblem problem = CorrelationChecks.Problem(fit, operation);
        if (options.Samples < 2) throw new ArgumentOutOfRangeException(nameof(options), options.Samples, "two samples at least are needed");
        if (!(options.Confidence is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Confidence, "the confidence must be above 0 and below 1");
        CorrelationChecks.RequireAligned([x, y], [problem.NameX, problem.NameY]);
        CorrelationChecks.RequireRows(x.Lengths[0]);
        CorrelationChecks.RequireComponents(problem, (int)x.Lengths[1], (int)y.Lengths[1]);
        return (problem, options);
    }

    private static DenseMatrix Coordinates<T>(HostEngine host, Tensor<T> rows, double[] mean, DenseMatrix map, in RunSettings settings)
        where T : unmanaged
    {
        MatrixRef<T> matrix = rows.AsReadOnlyTensorSpan().AsMatrix("x");
        return new(matrix.Rows, map.Columns, Kernels.Correlation.Correlations.Map(host, matrix, mean, map, null, settings));
    }

    private static void Gather<T>(Tensor<T> from, int[] rows, Tensor<T> to)
    {
        for (int i = 0; i < rows.Length; i++) from.AsReadOnlyTensorSpan().Slice(rows[i]..(rows[i] + 1), ..).CopyTo(to.AsTensorSpan().Slice(i..(i + 1), ..));
    }

    /// <summary>Between neighbours of an ascending list, in proportion (R's type 7).</summary>
    private static double Quantile(double[] ascending, double share)
    {
        double place = share * (ascending.Length - 1);
        int below = (int)place;
        return below + 1 >= ascending.Length ? ascending[^1] : ascending[below] + ((place - below) * (ascending[below + 1] - ascending[below]));
    }
}
