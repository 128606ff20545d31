using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.SoftForms;

namespace FusionKernels;

/// <summary>Means of sets of series under time warping: the series that lies closest to all of them.</summary>
/// <remarks>
/// <para>Members are time, or time x channels, of any lengths; costs are squared differences, added over the channels. A
/// barycentre is a local minimum that depends on the start.</para>
/// <para>An iteration costs one alignment with every member; on a host members are shared over the threads, with the
/// same bits for any number of them; a named accelerator makes the alignments, or the gradients, and the sums over members are
/// made in float64 on the host. Samples that are not finite are refused with their place unless <see cref="BarycenterOptions.Missing"/>
/// says otherwise. Thread-safe.</para>
/// </remarks>
public static class Barycenter
{
    /// <summary>The barycentre of dynamic time warping (DBA): the least weighted mean of squared warping distances.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">The members: at least one, of the same channels.</param>
    /// <param name="options">Weights, length, start, method, iterations; null for the defaults.</param>
    /// <param name="start">Where to start; null for what the options say.</param>
    /// <returns>The barycentre of the least cost that was met, and the costs of all iterations.</returns>
    /// <exception cref="ArgumentException">There is no series, one is empty or holds a sample that is not finite, channels differ; weights or start do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The window leaves a member no path.</exception>
    /// <exception cref="NotSupportedException">The device lacks the element.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static BarycenterResult<T> Dba<T>(IReadOnlyList<Tensor<T>> series, DbaOptions? options = null, Tensor<T>? start = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new DbaOptions();
        using Execution execution = Execution.Begin<T>(options, HostExecution.Device, "Barycenter.Dba");
        BarycenterSearch<T> search = new(series, start, options, execution);
        if (search.IsNonFinite) return search.NotANumber();
        double[] point = search.Point, best = (double[])point.Clone(), sums = new double[point.Length], counts = new double[point.Length];
        SubgradientSteps? steps = options.Method == DbaMethod.Subgradient ? new(options, search.Members.Count) : null;
        List<double> costs = [];
        double least = double.PositiveInfinity;
        for (int iteration = 0; ; iteration++)
        {
            double cost = BarycenterSums.Associate(search.Engine, search.Problem, search.Pack(point), search.Members, search.Weights, sums, counts, search.Settings);
            costs.Add(cost);
            if (cost < least) point.CopyTo(best, 0);
            least = Math.Min(least, cost);
            search.Report(iteration);
            bool isSettled = iteration > 0 && search.IsSettled(costs[^2], cost) && (steps is null || cost <= costs[^2]);
            if (isSettled || iteration == options.Iterations) return search.Result(best, costs, isSettled);
            if (steps is not null) steps.Pass(search, point);
            else Move(point, sums, counts);
        }
    }

    /// <summary>The barycentre of soft dynamic time warping: the least weighted mean of its values, by limited-memory BFGS (Cuturi and Blondel 2017).</summary>
    /// <param name="series">The members: at least one, of the same channels.</param>
    /// <param name="options">Weights, length, start, gamma, iterations; null for the defaults.</param>
    /// <param name="start">Where to start; null for what the options say.</param>
    /// <exception cref="ArgumentException">As for DBA; or the window leaves a member no path, or has holes.</exception>
    /// <inheritdoc cref="Dba{T}"/>
    public static BarycenterResult<T> Soft<T>(IReadOnlyList<Tensor<T>> series, SoftBarycenterOptions? options = null, Tensor<T>? start = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new SoftBarycenterOptions();
        SoftProblem problem = SoftProblem.SoftDtw(SoftAlignments.Positive(options.Gamma, nameof(options.Gamma)), SoftAlignments.Contiguous(options.Window), options.Missing == MissingSamples.Skip);
        using Execution execution = Execution.Begin<T>(options, HostExecution.Device, "Barycenter.Soft");
        BarycenterSearch<T> search = new(series, start, options, execution);
        if (search.IsNonFinite) return search.NotANumber();
        (int, int)[] pairs = [.. Enumerable.Range(0, search.Members.Count).Where(k => search.Weights[k] > 0).Select(k => (0, k))];
        RunSettings settings = search.Settings with { Progress = null };
        int evaluations = 0;
        LimitedMemoryBfgs descent = new(Evaluate);
        List<double> costs = [];
        bool converged = descent.Minimize(search.Point, options.Iterations, options.Tolerance, costs);
        return search.Result(search.Point, costs, converged);

        double Evaluate(double[] point, double[] gradient)
        {
            SoftGradient<T>[] parts = Kernels.Warping.SoftForms.Soft.Gradients(search.Engine, problem, search.Pack(point), search.Members, pairs, settings);
            Array.Clear(gradient);
            double value = 0;
            for (int p = 0; p < parts.Length; p++)
            {
                double weight = search.Weights[pairs[p].Item2];
                value += weight * problem.Unit * parts[p].Value;
                for (int i = 0; i < gradient.Length; i++) gradient[i] += weight * double.CreateChecked(parts[p].X[i]);
            }

            search.Report(evaluations++);
            return value;
        }
    }

    /// <summary>The medoid: the member with the least weighted sum of distances to all members.</summary>
    /// <param name="series">The members: at least one, of the same channels.</param>
    /// <param name="options">The distance, the device; null for the defaults.</param>
    /// <param name="weights">One for each member, 0 or more and not all 0; null for equal weights.</param>
    /// <returns>Its index; of members with equal sums, the first.</returns>
    /// <exception cref="ArgumentException">There is no series, one is empty or holds a sample that is not finite, channels differ; weights do not fit.</exception>
    /// <exception cref="InvalidOperationException">No member has a finite sum: a window leaves no path, or samples that are not finite propagate.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static int Medoid<T>(IReadOnlyList<Tensor<T>> series, DtwOptions? options = null, IReadOnlyList<double>? weights = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> distances = Dtw.Distances(series, options);
        return LeastSum(distances, BarycenterSearch<T>.WeightsOf(weights, series.Count));
    }

    /// <summary>The medoid of a search's members by the costs that it minimises.</summary>
    internal static int MedoidOf<T>(BarycenterSearch<T> search)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = search.Members.Count;
        Tensor<T> distances = ResultTensor.Create<T>("Barycenter.Medoid", count, count);
        TensorSpan<T> destination = distances.AsTensorSpan();
        Warping.Distances(search.Engine, search.Problem, search.Members, null, destination.AsResult(count, count, "result"), search.Settings with { Progress = null });
        return LeastSum(distances, search.Weights);
    }

    /// <summary>To the mean of what members match with each sample; one that is matched with missing ones alone stays.</summary>
    private static void Move(double[] point, double[] sums, double[] counts)
    {
        for (int i = 0; i < point.Length; i++)
        {
            if (counts[i] > 0) point[i] = sums[i] / counts[i];
        }
    }

    private static int LeastSum<T>(Tensor<T> distances, double[] weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = -1;
        double least = double.PositiveInfinity;
        for (int i = 0; i < weights.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < weights.Length; k++) sum += weights[k] == 0 ? 0 : weights[k] * double.CreateChecked(distances[i, k]);
            if (sum < least) (best, least) = (i, sum);
        }

        return best >= 0
            ? best
            : throw new InvalidOperationException("Barycenter.Medoid: no member has a finite sum of distances, for the window leaves no path or a sample is not finite: widen the window, or fill or skip the samples");
    }
}
