using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Matching;

namespace FusionKernels;

/// <summary>Optimal transport with an entropic regularisation: a soft assignment that meets given masses of rows and columns.</summary>
/// <remarks>
/// <para>min over plans P of sum P cost + epsilon sum P (ln P - 1), row sums and column sums given; unbalanced, deviations from them are
/// priced. A small epsilon tends to the assignment, a large one to the product of the weights. All in the log domain, so
/// that no epsilon overflows or underflows; a small one is approached in quarters from the range of the costs (Cuturi 2013;
/// Chizat, Peyré, Schmitzer and Vialard 2018; Schmitzer 2019).</para>
/// <para>Stored costs are computed with in float64 on devices that have it; in float32 the exponents cost / epsilon carry a rounding
/// of 6e-8 of their size, which limits the accuracy of small epsilons. The same bits for any number of threads. Cost: about 40 operations
/// for each pair and pass, of which an iteration has two. Memory of stored costs: two copies. NaN and infinities are rejected.
/// Whether it converged is told, not thrown. Thread-safe.</para>
/// </remarks>
public static partial class Sinkhorn
{
    private const string Name = "Sinkhorn.Transport";

    /// <summary>Computes the plan for a matrix of costs.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="costs">rows x columns, finite, any strides; for similarities give their negatives.</param>
    /// <param name="epsilon">The regularisation, above 0, in the unit of the costs.</param>
    /// <param name="options">Weights, tolerance, device, threads; null for the defaults.</param>
    /// <returns>The plan, its cost, its potentials and by how much it misses the weights.</returns>
    /// <exception cref="ArgumentException">The costs are no matrix, empty or not finite (the place is named), or weights do not fit: one for each, 0 or more, some above 0, as much in all on either side.</exception>
    /// <exception cref="ArgumentOutOfRangeException">epsilon or an option is out of its range, or so small against the costs that exponents overflow.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the costs twice.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static SinkhornResult<T> Transport<T>(Tensor<T> costs, double epsilon, SinkhornOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(costs);
        if (costs.Rank != 2) throw new ArgumentException($"'{nameof(costs)}' is {Shape.Of(costs.Lengths)}; a matrix (rows x columns) is needed", nameof(costs));
        using Execution execution = Execution.Begin<T>(options, Name);
        MatrixRef<T> matrix = costs.AsReadOnlyTensorSpan().AsMatrix(nameof(costs));
        return execution.Device.Description.SupportsFloat64
            ? Transport<T, double>(execution, costs, matrix, epsilon, options ?? new())
            : Transport<T, float>(execution, costs, matrix, epsilon, options ?? new());
    }

    private static SinkhornResult<T> Transport<T, TScore>(in Execution execution, Tensor<T> costs, MatrixRef<T> matrix, double epsilon, SinkhornOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TScore : unmanaged, IBinaryFloatingPointIeee754<TScore>
    {
        int rows = matrix.Rows, columns = matrix.Columns;
        SinkhornWeights weights = new(options, rows, columns);
        RequireOptions(epsilon, options);
        TScore[] byRows = new TScore[checked(rows * columns)], byColumns = new TScore[byRows.Length];
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double cost = double.CreateChecked(costs[i, j]);
                if (!double.IsFinite(cost)) throw new ArgumentException($"costs[{i}, {j}] is {cost}: a finite number is needed", nameof(costs));
                (least, most) = (Math.Min(least, cost), Math.Max(most, cost));
                byRows[((long)i * columns) + j] = byColumns[((long)j * rows) + i] = TScore.CreateSaturating(-cost);
            }
        }

        RequireExponents<TScore>(Math.Max(Math.Abs(least), Math.Abs(most)), epsilon);
        SinkhornSolver solver = Solver(weights, epsilon, most - least, options, execution.Settings);
        new StoredScores<TScore>(rows, columns, byRows, byColumns).Solve(execution.Engine, solver, execution.Settings);
        T[] plan = new T[byRows.Length];
        double total = TransportPlan.Fill((HostEngine)HostExecution.Device.Engine, matrix, solver, epsilon, plan.AsSpan(), options.Threads);
        const double FlopsPerPair = 40;
        execution.Complete<TScore>("stored scores by rows and by columns", 2 * FlopsPerPair * byRows.Length * solver.Iterations, 2L * byRows.Length * sizeof(double));
        return new(Tensor.Create(plan, [rows, columns]), total, Potentials(solver, epsilon));
    }

    private static SinkhornSolver Solver(in SinkhornWeights weights, double epsilon, double range, SinkhornOptions options, in RunSettings settings) => new(
        weights.Rows, weights.Columns, epsilon, Math.Max(epsilon, range), options.MarginalPenalty ?? double.PositiveInfinity, options.Tolerance, options.MaximumIterations, settings);

    private static SinkhornPotentials Potentials(SinkhornSolver solver, double epsilon) => new(
        Array.ConvertAll(solver.Rows, potential => epsilon * potential),
        Array.ConvertAll(solver.Columns, potential => epsilon * potential),
        epsilon, solver.Iterations, solver.Converged, solver.RowError, solver.ColumnError);

    private static void RequireOptions(double epsilon, SinkhornOptions options)
    {
        if (!(epsilon > 0 && double.IsFinite(epsilon))) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "epsilon must be a finite number above 0");
        if (!(options.Tolerance > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Tolerance, $"{nameof(options.Tolerance)} must be above 0");
        if (options.MaximumIterations < 1) throw new ArgumentOutOfRangeException(nameof(options), options.MaximumIterations, $"{nameof(options.MaximumIterations)} must be 1 or more");
        if (options.MarginalPenalty is { } penalty && !(penalty > 0 && double.IsFinite(penalty)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), penalty, $"{nameof(options.MarginalPenalty)} must be a finite number above 0; null meets the weights");
        }
    }

    private static void RequireExponents<TScore>(double largest, double epsilon)
        where TScore : unmanaged
    {
        if (largest / epsilon <= LogSum.LargestExponent<TScore>()) return;
        throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, FormattableString.Invariant($"costs of up to {largest:g3} over it overflow: take a larger epsilon, or scale the costs"));
    }
}
