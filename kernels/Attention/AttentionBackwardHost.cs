using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// Gradients of attention on the host, in two passes that each own what they write: queries in the lanes for their gradients
/// and the bias's, keys in the lanes for those of keys and values. Seven products of a pair instead of five, and no sum whose
/// order depends on a thread.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct AttentionBackwardHost<T> : IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Who runs it.</summary>
    public required HostEngine Engine { get; init; }

    /// <summary>What the pieces share.</summary>
    public required AttentionRun Run { get; init; }

    /// <summary>The elements; outputs and log-sum-exps are read, gradients written.</summary>
    public required AttentionOperands<T>* Operands { get; init; }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        AttentionProblem problem = Run.Problem;
        double flops = AttentionPlan.BackwardFlops(problem) / 2;
        BiasPieces bias = BiasPieces.Of(problem, Operands->BiasGradient);
        QueryJob<V> queries = new() { Run = Run, Operands = Operands, Blocks = new(problem.Queries, V.Count), Bias = bias };
        Run.Run(Engine, ref queries, checked(bias.Groups * (bias.SharesQueries ? 1 : queries.Blocks.Count)), flops);
        KeyJob<V> keys = new() { Run = Run, Operands = Operands, Blocks = new(problem.Keys, V.Count) };
        Run.Run(Engine, ref keys, checked(problem.Batch * problem.KeyHeads * keys.Blocks.Count), flops);
    }

    /// <summary>Queries in the lanes: one piece owns all pairs that add to the same elements of the bias's gradient.</summary>
    private struct QueryJob<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public LaneBlocks Blocks;
        public BiasPieces Bias;

        public int First { get; set; }

        readonly void IParallelJob.Run(int piece)
        {
            (int group, int first) = Bias.SharesQueries ? (First + piece, 0) : Math.DivRem(First + piece, Blocks.Count);
            int end = Bias.SharesQueries ? Blocks.Count : first + 1;
            for (int member = 0; member < Bias.Members; member++)
            {
                (int item, int head) = Bias.Member(group, member);
                for (int block = first; block < end; block++) Compute(item, head, block);
            }
        }

        private readonly void Compute(int item, int head, int block)
        {
            Run.Settings.Cancellation.ThrowIfCancellationRequested();
            if (Blocks.IsWide(block)) QueryGradientBlock<V, T, ThreeVectors>.Compute(Run, Operands, item, head, Blocks.Start(block), Blocks.Length(block));
            else QueryGradientBlock<V, T, OneVector>.Compute(Run, Operands, item, head, Blocks.Start(block), Blocks.Length(block));
        }
    }

    private struct KeyJob<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public LaneBlocks Blocks;

        public int First { get; set; }

        readonly void IParallelJob.Run(int piece)
        {
            Run.Settings.Cancellation.ThrowIfCancellationRequested();
            (int group, int block) = Math.DivRem(First + piece, Blocks.Count);
            (int item, int keyHead) = Math.DivRem(group, Run.Problem.KeyHeads);
            if (Blocks.IsWide(block)) KeyGradientBlock<V, T, ThreeVectors>.Compute(Run, Operands, item, keyHead, Blocks.Start(block), Blocks.Length(block));
            else KeyGradientBlock<V, T, OneVector>.Compute(Run, Operands, item, keyHead, Blocks.Start(block), Blocks.Length(block));
        }
    }
}
