using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>The plan of finished potentials, row by row on the host, with what it costs.</summary>
internal static unsafe class TransportPlan
{
    /// <summary>Fills the plan.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="costs">rows x columns in host memory.</param>
    /// <param name="solver">The finished potentials.</param>
    /// <param name="epsilon">Their regularisation.</param>
    /// <param name="plan">Receives rows x columns.</param>
    /// <param name="threads">At most so many threads.</param>
    /// <returns>The sum of plan times cost.</returns>
    public static double Fill<T>(HostEngine engine, MatrixRef<T> costs, SinkhornSolver solver, double epsilon, Span<T> plan, int threads)
        where T : unmanaged
    {
        double[] totals = new double[costs.Rows];
        fixed (T* values = costs, result = plan)
        {
            PlanJob<T> job = new() { Costs = costs.At(values), Rows = solver.Rows, Columns = solver.Columns, Factor = -1 / epsilon, Plan = result, Totals = totals };
            engine.Run(ref job, costs.Rows, threads);
        }

        return totals.Sum();
    }

    private struct PlanJob<T> : IParallelJob
        where T : unmanaged
    {
        public Operand<T> Costs;
        public double[] Rows;
        public double[] Columns;
        public double Factor;
        public T* Plan;
        public double[] Totals;

        public readonly void Run(int row)
        {
            double total = 0;
            T* costs = Costs.Pointer + (row * Costs.RowStride), plan = Plan + ((long)row * Costs.Columns);
            for (int j = 0; j < Columns.Length; j++)
            {
                double cost = Element.ToDouble(costs[j * Costs.ColumnStride]), mass = Math.Exp(Rows[row] + Columns[j] + (Factor * cost));
                plan[j] = Element.Of<T>(mass);
                total += mass * cost;
            }

            Totals[row] = total;
        }
    }
}
