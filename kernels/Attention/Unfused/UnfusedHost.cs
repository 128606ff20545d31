using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention.Unfused;

/// <summary>
/// Attention on the host by matrix products: scores of a block of queries against all keys, a softmax of their rows, and the
/// product of the weights with the values. A block of the queries that share a key head is a piece of work.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct UnfusedHost<T> : IVectorJob<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Who runs it.</summary>
    public required HostEngine Engine { get; init; }

    /// <summary>What the pieces share.</summary>
    public required AttentionRun Run { get; init; }

    /// <summary>The elements; outputs and log-sum-exps are written.</summary>
    public required AttentionOperands<T>* Operands { get; init; }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        AttentionProblem problem = Run.Problem;
        int rows = UnfusedPlan.Rows(problem);
        Job<V> job = new() { Engine = Engine, Run = Run, Operands = Operands, Rows = rows, Blocks = ((problem.GroupSize * problem.Queries) + rows - 1) / rows };
        Run.Run(Engine, ref job, checked(problem.Batch * problem.KeyHeads * job.Blocks), AttentionPlan.ForwardFlops(problem), Scratch.BytesOf<T>((nint)UnfusedPlan.Elements(problem, V.Count)));
    }

    private struct Job<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public HostEngine Engine;
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public int Rows;
        public int Blocks;

        public int First { get; set; }

        readonly void IParallelJob.Run(int piece)
        {
            Run.Settings.Cancellation.ThrowIfCancellationRequested();
            (int group, int block) = Math.DivRem(First + piece, Blocks);
            (int item, int keyHead) = Math.DivRem(group, Run.Problem.KeyHeads);
            int start = block * Rows, count = Math.Min(Rows, (Run.Problem.GroupSize * Run.Problem.QueriesOf(item)) - start);
            if (count <= 0) return;
            UnfusedBlock<V, T> rows = new(Engine, Run, Operands, item, keyHead, start, count);
            rows.Compute();
        }
    }
}
