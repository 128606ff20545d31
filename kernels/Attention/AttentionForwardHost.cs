using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// Attention on the host. Queries lie in the lanes, so keys and values are read where they lie, the softmax runs down the rows
/// and nothing but the queries is packed; a block of queries is a piece of work, and no sum depends on who takes it.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct AttentionForwardHost<T> : IVectorJob<T>
    where T : unmanaged
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
        Job<V> job = new() { Run = Run, Operands = Operands, MostBlocks = LaneBlocks.Most(problem, V.Count, ofQueries: true) };
        Run.Run(Engine, ref job, checked(problem.Batch * problem.QueryHeads * job.MostBlocks), AttentionPlan.ForwardFlops(problem), Scratch.BytesOf<T>(QueryBlock<V, T, ThreeVectors>.Elements(problem)));
    }

    private struct Job<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public int MostBlocks;

        public int First { get; set; }

        readonly void IParallelJob.Run(int piece)
        {
            Run.Settings.Cancellation.ThrowIfCancellationRequested();

            // The last blocks of a head, which see the most keys where later ones are masked, come first.
            (int group, int fromLast) = Math.DivRem(First + piece, MostBlocks);
            LaneBlocks blocks = new(Run.Problem.QueriesOf(group / Run.Problem.QueryHeads), V.Count);
            int block = blocks.Count - 1 - fromLast;
            if (block < 0) return;
            BlockJob<V> job = new() { Run = Run, Operands = Operands, Group = group };
            blocks.Run(ref job, block);
        }
    }

    private struct BlockJob<V> : ILaneBlockJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public int Group;

        readonly void ILaneBlockJob.Run<TBlock>(int start, int count) => QueryBlock<V, T, TBlock>.Compute(Run, Operands, Group, start, count);
    }
}
