using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// Gradients of attention on the host, without a sum whose order depends on a thread. Where there are heads enough, a piece of
/// work is a key head: each pair is computed once, with queries in the lanes, and gives to queries, keys and values. Elsewhere
/// there are two passes that each own what they write: queries in the lanes for their gradients and the bias's, keys in the
/// lanes for those of keys and values, seven products of a pair instead of five; the first leaves to the second what the
/// gradients of each query's weights average to.
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
        if (AttentionPlan.GathersKeys(problem, !Operands->BiasGradient.IsAbsent, sizeof(T)))
        {
            HeadJob<V> heads = new() { Run = Run, Operands = Operands };
            long bytes = Scratch.BytesOf<T>(GatheredKeys<V, T>.Elements(problem, problem.Keys)) + Scratch.BytesOf<T>(QueryGradientBlock<V, T, ThreeVectors>.Elements(problem));
            Run.Run(Engine, ref heads, checked(problem.Batch * problem.KeyHeads), AttentionPlan.BackwardFlops(problem), bytes);
            return;
        }

        bool isPacked = Operands->QueryStarts is not null;
        long perHead = isPacked ? problem.AllQueries : problem.Queries, perItem = isPacked ? 0 : problem.QueryHeads * perHead;
        int all = checked((int)(problem.QueryHeads * problem.AllQueries));
        T[] means = GC.AllocateUninitializedArray<T>(all), rests = GC.AllocateUninitializedArray<T>(all);
        Run.SharedBytes = 2L * all * sizeof(T);
        fixed (T* mean = means, rest = rests)
        {
            Operands->WeightGradientMeans = new(mean, perItem, perHead, 1, 1, Operands->QueryStarts);
            Operands->ReferenceRests = new(rest, perItem, perHead, 1, 1, Operands->QueryStarts);
            Differentiate<V>(problem, AttentionPlan.BackwardFlops(problem) / 2);
        }
    }

    private readonly void Differentiate<V>(AttentionProblem problem, double flops)
        where V : unmanaged, IHostVector<V, T>
    {
        BiasPieces bias = BiasPieces.Of(problem, Operands->BiasGradient);
        QueryJob<V> queries = new() { Run = Run, Operands = Operands, MostBlocks = LaneBlocks.Most(problem, V.Count, ofQueries: true), Bias = bias };
        Run.Run(Engine, ref queries, checked(bias.Groups * (bias.SharesQueries ? 1 : queries.MostBlocks)), flops, Scratch.BytesOf<T>(QueryGradientBlock<V, T, ThreeVectors>.Elements(problem)));
        KeyJob<V> keys = new() { Run = Run, Operands = Operands, MostBlocks = LaneBlocks.Most(problem, V.Count, ofQueries: false) };
        Run.Run(Engine, ref keys, checked(problem.Batch * problem.KeyHeads * keys.MostBlocks), flops, Scratch.BytesOf<T>(KeyGradientBlock<V, T, ThreeVectors>.Elements(problem)));
    }

    /// <summary>All pairs of one key head: one piece owns its keys and values and the queries of its group.</summary>
    private struct HeadJob<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;

        public int First { get; set; }

        readonly void IParallelJob.Run(int piece)
        {
            AttentionProblem problem = Run.Problem;
            (int item, int keyHead) = Math.DivRem(First + piece, problem.KeyHeads);
            GatheredKeys<V, T> gathered = new(problem, item);
            LaneBlocks blocks = new(problem.QueriesOf(item), V.Count);
            for (int member = 0; member < problem.GroupSize; member++)
            {
                QueryBlockJob<V> job = new() { Run = Run, Operands = Operands, Item = item, Head = (keyHead * problem.GroupSize) + member, Gathered = &gathered };
                for (int block = 0; block < blocks.Count; block++) blocks.Run(ref job, block);
            }

            gathered.Store(Run, Operands, item, keyHead);
        }
    }

    /// <summary>Queries in the lanes: one piece owns all pairs that add to the same elements of the bias's gradient.</summary>
    private struct QueryJob<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public int MostBlocks;
        public BiasPieces Bias;

        public int First { get; set; }

        readonly void IParallelJob.Run(int piece)
        {
            (int group, int first) = Bias.SharesQueries ? (First + piece, 0) : Math.DivRem(First + piece, MostBlocks);
            for (int member = 0; member < Bias.Members; member++)
            {
                (int item, int head) = Bias.Member(group, member);
                LaneBlocks blocks = new(Run.Problem.QueriesOf(item), V.Count);
                QueryBlockJob<V> job = new() { Run = Run, Operands = Operands, Item = item, Head = head };
                int end = Math.Min(blocks.Count, Bias.SharesQueries ? MostBlocks : first + 1);
                for (int block = first; block < end; block++) blocks.Run(ref job, block);
            }
        }
    }

    private struct QueryBlockJob<V> : ILaneBlockJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public int Item;
        public int Head;
        public GatheredKeys<V, T>* Gathered;

        readonly void ILaneBlockJob.Run<TBlock>(int start, int count)
        {
            Run.Settings.Cancellation.ThrowIfCancellationRequested();
            QueryGradientBlock<V, T, TBlock>.Compute(Run, Operands, Item, Head, start, count, Gathered);
        }
    }

    /// <summary>Keys in the lanes: one piece owns a block of keys and values.</summary>
    private struct KeyJob<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public int MostBlocks;

        public int First { get; set; }

        readonly void IParallelJob.Run(int piece)
        {
            Run.Settings.Cancellation.ThrowIfCancellationRequested();
            (int group, int block) = Math.DivRem(First + piece, MostBlocks);
            (int item, int keyHead) = Math.DivRem(group, Run.Problem.KeyHeads);
            LaneBlocks blocks = new(Run.Problem.KeyRowsOf(item), V.Count);
            if (block >= blocks.Count) return;
            KeyBlockJob<V> job = new() { Run = Run, Operands = Operands, Item = item, KeyHead = keyHead };
            blocks.Run(ref job, block);
        }
    }

    private struct KeyBlockJob<V> : ILaneBlockJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;
        public int Item;
        public int KeyHead;

        readonly void ILaneBlockJob.Run<TBlock>(int start, int count) => KeyGradientBlock<V, T, TBlock>.Compute(Run, Operands, Item, KeyHead, start, count);
    }
}
