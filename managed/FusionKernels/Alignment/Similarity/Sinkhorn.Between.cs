using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Matching;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>Transport between rows, whose costs are computed again at every pass instead of stored.</content>
public static partial class Sinkhorn
{
    /// <summary>The potentials of the plan between two sets of rows whose cost is the negative of their similarity: of any size, for neither costs nor plan are stored.</summary>
    /// <remarks>
    /// Cost and cost plus a constant have one plan, so that this is also the plan for the distance 1 - similarity. Each pass is a Gram matrix,
    /// computed tile by tile in the element of the rows and forgotten; memory is a tile for each thread and a few vectors.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x features.</param>
    /// <param name="b">columns x features.</param>
    /// <param name="metric">The metric, or a kernel; symmetric in its arguments, so no centred kernel.</param>
    /// <param name="epsilon">The regularisation, above 0, in the unit of the similarities.</param>
    /// <param name="options">Weights, tolerance, device, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">a and b as for <see cref="SimilarityMatrix.Compute"/>, or empty, or weights do not fit.</exception>
    /// <inheritdoc cref="Transport{T}(Tensor{T}, double, SinkhornOptions?)" path="/exception"/>
    public static SinkhornPotentials TransportBetween<T>(Tensor<T> a, Tensor<T> b, SimilarityMetric metric, double epsilon, SinkhornOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(metric);
        (Tensor<T> rows, Tensor<T> columns, Kernel kernel) = metric.Prepare(a, b);
        options ??= new();
        SinkhornWeights weights = new(options, (int)rows.Lengths[0], (int)columns.Lengths[0]);
        RequireOptions(epsilon, options);
        using Execution execution = Execution.Begin<T>(options, "Sinkhorn.TransportBetween");
        GramPasses<T> passes = new(execution, rows, columns, kernel);
        (double least, double most) = passes.Range(weights);
        RequireExponents<T>(Math.Max(Math.Abs(least), Math.Abs(most)), epsilon);
        SinkhornSolver solver = Solver(weights, epsilon, most - least, options, execution.Settings);
        solver.Run(passes);
        execution.Complete<T>("Gram tiles, not stored", passes.Flops, 0);
        return Potentials(solver, epsilon);
    }

    /// <summary>Passes over a Gram matrix and its transpose.</summary>
    private sealed class GramPasses<T>(Execution execution, Tensor<T> a, Tensor<T> b, Kernel kernel) : ITransportPasses
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public double Flops { get; private set; }

        public void LogSums(bool ofColumns, ReadOnlySpan<double> potentials, double factor, Span<double> logSums)
        {
            MatrixRef<T> x = (ofColumns ? b : a).AsReadOnlyTensorSpan().AsMatrix(nameof(a)), y = (ofColumns ? a : b).AsReadOnlyTensorSpan().AsMatrix(nameof(b));
            Kernel.Compiled compiled = kernel.Compile<T>(x.Columns);
            GramPlan plan = new(compiled.Program, x.Rows, y.Rows, x.Columns, y.Columns, symmetric: false, Element.SizeOf<T>());
            using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
            GramLogSums.Compute(execution.Engine, plan, x, y, given.Operands, potentials, factor, logSums, execution.Settings with { Progress = null });
            Flops += plan.ConsumedFlops(40);
        }

        /// <summary>Bounds of the similarities: those of each row's most similar column, and of its least.</summary>
        public (double Least, double Most) Range(in SinkhornWeights weights)
        {
            GramOptions options = new() { Device = execution.Device, Threads = execution.Settings.Threads, Cancellation = execution.Settings.Cancellation };
            Tensor<T> nearest = Gram.Neighbours(a, b, kernel, 1, options).Similarities, farthest = Gram.Neighbours(a, b, -1 * kernel, 1, options).Similarities;
            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            for (int i = 0; i < weights.Rows.Length; i++)
            {
                least = Math.Min(least, -double.CreateChecked(farthest[i, 0]));
                most = Math.Max(most, double.CreateChecked(nearest[i, 0]));
            }

            return (least, most);
        }
    }
}
