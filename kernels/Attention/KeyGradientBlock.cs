using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>The gradients of one block of keys and values of one key head, over the queries of all heads of its group in order.</summary>
internal static unsafe class KeyGradientBlock<V, T, TBlock>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TBlock : struct, ILaneBlock
{
    private static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TBlock.Vectors * V.Count;
    }

    /// <summary>Elements of working memory.</summary>
    public static nint Elements(AttentionProblem problem) =>
        ((LaneKernel.RoundUp<V, T, TBlock>(problem.Width) + LaneKernel.RoundUp<V, T, TBlock>(problem.ValueWidth)) * Lanes) + ScoreGradients<V, T, TBlock, KeyLanes>.Elements(problem);

    /// <summary>Computes and stores the block.</summary>
    public static void Compute(AttentionRun run, AttentionOperands<T>* operands, int item, int keyHead, int start, int count)
    {
        AttentionProblem problem = run.Problem;
        int keyElements = LaneKernel.RoundUp<V, T, TBlock>(problem.Width) * Lanes, valueElements = LaneKernel.RoundUp<V, T, TBlock>(problem.ValueWidth) * Lanes;
        T* keySums = Scratch.Get<T>(ScratchSlot.Attention, Elements(problem));
        T* valueSums = keySums + keyElements;
        new Span<T>(keySums, keyElements + valueElements).Clear();
        ScoreGradients<V, T, TBlock, KeyLanes> scores = new(problem, operands, item, valueSums + valueElements);
        int first = keyHead * problem.GroupSize, queryEnd = problem.QueriesOf(item);
        scores.TakeLanes(first, start, count);
        for (int head = first; head < first + problem.GroupSize; head++)
        {
            scores.TakeHead(head);
            for (int query = 0; query < queryEnd; query += AttentionScores<V, T, TBlock, KeyLanes>.BlockRows)
            {
                int queries = Math.Min(AttentionScores<V, T, TBlock, KeyLanes>.BlockRows, queryEnd - query);
                if (!scores.Compute(query, queries)) continue;
                T* rows = scores.LiveRows(operands->OutputGradient, problem.ValueWidth, out nint rowStep, out nint columnStep);
                LaneKernel.Sum<V, T, TBlock>(queries, rows, columnStep, rowStep, problem.ValueWidth, scores.Weights, valueSums, resume: true);
                scores.PassCap();
                rows = scores.LiveRows(operands->Query, problem.Width, out rowStep, out columnStep);
                LaneKernel.Sum<V, T, TBlock>(queries, rows, columnStep, rowStep, problem.Width, scores.Gradients, keySums, resume: true);
            }
        }

        GradientStore<V, T, TBlock>.Store(run, keySums, problem.Width, problem.Scale, count, operands->KeyGradient, item, keyHead, start, scores.Spread);
        GradientStore<V, T, TBlock>.Store(run, valueSums, problem.ValueWidth, 1, count, operands->ValueGradient, item, keyHead, start, scores.Spread);
    }
}
