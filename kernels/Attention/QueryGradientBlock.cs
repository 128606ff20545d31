using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>The gradient of one block of queries of one head, and what it adds to the bias's or to those of its keys and values.</summary>
internal static unsafe class QueryGradientBlock<V, T, TBlock>
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
        (LaneKernel.RoundUp<V, T, TBlock>(problem.Width) * Lanes) + ScoreGradients<V, T, TBlock, QueryLanes>.Elements(problem);

    /// <summary>Computes and stores the block.</summary>
    /// <param name="run">What pieces share.</param>
    /// <param name="operands">The elements.</param>
    /// <param name="item">Item of the batch.</param>
    /// <param name="head">The query head.</param>
    /// <param name="start">The first query.</param>
    /// <param name="count">Queries.</param>
    /// <param name="gathered">The gradients of the head's keys and values; null where they have a pass of their own.</param>
    public static void Compute(AttentionRun run, AttentionOperands<T>* operands, int item, int head, int start, int count, GatheredKeys<V, T>* gathered)
    {
        AttentionProblem problem = run.Problem;
        int width = LaneKernel.RoundUp<V, T, TBlock>(problem.Width);
        T* sums = Scratch.Get<T>(ScratchSlot.Attention, Elements(problem));
        new Span<T>(sums, width * Lanes).Clear();
        ScoreGradients<V, T, TBlock, QueryLanes> scores = new(problem, operands, item, sums + (width * Lanes));
        scores.TakeLanes(head, start, count);
        scores.TakeSums(problem.SpanOf(item, start, start + count));
        if (gathered is not null) gathered->TakeQueries(operands, item, head, start, count, scores.WeightSums);
        for (int block = 0; block < scores.Blocks; block++)
        {
            if (!scores.Differentiate(block, out int key, out int keys)) continue;
            if (gathered is not null)
            {
                scores.Drop();
                gathered->Values.Add(key, keys, scores.Weights, Lanes, count);
            }

            if (!operands->BiasGradient.IsAbsent) AddToBias(operands->BiasGradient, item, head, start, count, key, keys, scores.Gradients, scores.Weights);
            scores.PassCap();
            if (gathered is not null) gathered->Keys.Add(key, keys, scores.Gradients, Lanes, count);
            T* rows = scores.LiveRows(operands->Key, problem.Width, out nint rowStep, out nint columnStep);
            LaneKernel.Sum<V, T, TBlock>(keys, rows, columnStep, rowStep, problem.Width, scores.Gradients, sums, resume: true);
        }

        GradientStore<V, T, TBlock>.Store(run, sums, problem.Width, problem.Scale, count, operands->QueryGradient, item, head, start, scores.Spread);
    }

    /// <summary>Adds a tile to the bias's gradient, lane by lane; where its keys are consecutive, through the tile of weights, which nobody reads any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToBias(in Strided<T> gradient, int item, int head, int start, int count, int key, int keys, T* tile, T* turned)
    {
        bool isTurned = gradient.Column == 1;
        if (isTurned) TileTranspose.Scatter(tile, keys, Lanes, turned, keys);
        for (int lane = 0; lane < count; lane++)
        {
            T* row = gradient.At(item, head, start + lane) + (key * gradient.Column);
            if (isTurned)
            {
                Add(turned + (lane * keys), keys, row);
                continue;
            }

            for (int r = 0; r < keys; r++)
            {
                ref T element = ref row[r * gradient.Column];
                element = Element.Of<T>(Element.ToDouble(element) + Element.ToDouble(tile[(r * Lanes) + lane]));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* from, int count, T* to)
    {
        int i = 0;
        for (; i + V.Count <= count; i += V.Count) V.Store(V.Load(to + i) + V.Load(from + i), to + i);
        if (i < count) V.StorePartial(V.LoadPartial(to + i, count - i) + V.LoadPartial(from + i, count - i), to + i, count - i);
    }
}
