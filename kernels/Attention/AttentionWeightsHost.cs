using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// The weights themselves, queries x keys for every head: exponentials of scores less the log-sum-exp, divided by their own sums,
/// since the forward pass may have added up in another order, and the log-sum-exp is rounded.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct AttentionWeightsHost<T> : IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Who runs it.</summary>
    public required HostEngine Engine { get; init; }

    /// <summary>What the pieces share.</summary>
    public required AttentionRun Run { get; init; }

    /// <summary>The elements; log-sum-exps are read, weights written.</summary>
    public required AttentionOperands<T>* Operands { get; init; }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        AttentionProblem problem = Run.Problem;
        Job<V> job = new() { Run = Run, Operands = Operands, MostBlocks = LaneBlocks.Most(problem, V.Count, ofQueries: true) };
        Run.Run(Engine, ref job, checked(problem.Batch * problem.QueryHeads * job.MostBlocks), AttentionPlan.WeightFlops(problem), Scratch.BytesOf<T>(Elements<V, ThreeVectors>(problem)));
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
            (int group, int block) = Math.DivRem(First + piece, MostBlocks);
            LaneBlocks blocks = new(Run.Problem.QueriesOf(group / Run.Problem.QueryHeads), V.Count);
            if (block >= blocks.Count) return;
            BlockJob<V> job = new() { Problem = Run.Problem, Operands = Operands, Group = group };
            blocks.Run(ref job, block);
        }
    }

    private struct BlockJob<V> : ILaneBlockJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionProblem Problem;
        public AttentionOperands<T>* Operands;
        public int Group;

        readonly void ILaneBlockJob.Run<TBlock>(int start, int count) => Compute<V, TBlock>(Problem, Operands, Group, start, count);
    }

    private static nint Elements<V, TBlock>(AttentionProblem problem)
        where V : unmanaged, IHostVector<V, T>
        where TBlock : struct, ILaneBlock => AttentionScores<V, T, TBlock, QueryLanes>.Elements(problem) + (3 * TBlock.Vectors * V.Count);

    private static void Compute<V, TBlock>(AttentionProblem problem, AttentionOperands<T>* operands, int group, int start, int count)
        where V : unmanaged, IHostVector<V, T>
        where TBlock : struct, ILaneBlock
    {
        (int item, int head) = Math.DivRem(group, problem.QueryHeads);
        int lanes = TBlock.Vectors * V.Count;
        T* memory = Scratch.Get<T>(ScratchSlot.Attention, Elements<V, TBlock>(problem));
        T* references = memory, rests = memory + lanes, sums = rests + lanes;
        AttentionScores<V, T, TBlock, QueryLanes> scores = new(problem, operands, item, memory + (3 * lanes));
        scores.TakeLanes(head, start, count);
        ScoreReference.Take(operands->LogSumExp, item, head, start, count, lanes, references, rests);
        Strided<T> weights = operands->Weights;
        for (int lane = 0; lane < count; lane++)
        {
            for (int key = 0; key < problem.Keys; key++) weights[item, head, start + lane, key] = default;
        }

        new Span<T>(sums, lanes).Clear();
        KeyRange span = problem.SpanOf(item, start, start + count);
        for (int key = span.Low; key < span.High; key += AttentionScores<V, T, TBlock, QueryLanes>.BlockRows)
        {
            int keys = Math.Min(AttentionScores<V, T, TBlock, QueryLanes>.BlockRows, span.High - key);
            if (!scores.Compute(key, keys)) continue;
            Weigh<V>(scores.Tile, keys, lanes, references, rests, sums);
            scores.Drop(scores.Tile);
            LaneStore.Store(scores.Tile, keys, lanes, count, weights.At(item, head, start) + (key * weights.Column), weights.Row, weights.Column, scores.Spare);
        }

        for (int lane = 0; lane < count; lane++)
        {
            double sum = Element.ToDouble(sums[lane]);
            if (sum != 0 && sum != 1) Divide<V>(weights.At(item, head, start + lane), weights.Column, problem.Keys, sum);
        }
    }

    /// <summary>Scores become weights, which are added up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh<V>(T* tile, int rows, int lanes, T* references, T* rests, T* sums)
        where V : unmanaged, IHostVector<V, T>
    {
        for (int v = 0; v < lanes; v += V.Count)
        {
            V reference = V.Load(references + v), rest = V.Load(rests + v), sum = default;
            T* at = tile + v;
            for (int r = 0; r < rows; r++, at += lanes)
            {
                V weight = OnlineSoftmax.Weight<V, T>(V.Load(at) - reference, rest);
                sum += weight;
                V.Store(weight, at);
            }

            V.Store(V.Load(sums + v) + sum, sums + v);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide<V>(T* row, long step, int count, double sum)
        where V : unmanaged, IHostVector<V, T>
    {
        V factor = V.Constant(1 / sum);
        int i = 0;
        for (; step == 1 && i + V.Count <= count; i += V.Count) V.Store(V.Load(row + i) * factor, row + i);
        for (; i < count; i++) row[i * step] = Element.Of<T>(Element.ToDouble(row[i * step]) / sum);
    }
}
