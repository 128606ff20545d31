using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// Weights and gradients of scores of one block of lanes against block after block of rows, computed again from the
/// log-sum-exp (Dao et al. 2022, algorithm 4).
/// </summary>
internal unsafe ref struct ScoreGradients<V, T, TBlock, TSide>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TBlock : struct, ILaneBlock
    where TSide : struct, ILaneSide
{
    private readonly AttentionProblem _problem;
    private readonly AttentionOperands<T>* _operands;
    private readonly int _item;
    private readonly T* _references;
    private readonly T* _rests;
    private readonly T* _means;
    private readonly T* _packed;
    private int _head;
    private AttentionScores<V, T, TBlock, TSide> _scores;

    /// <summary>Lays out working memory.</summary>
    public ScoreGradients(AttentionProblem problem, AttentionOperands<T>* operands, int item, T* memory)
    {
        _problem = problem;
        _operands = operands;
        _item = item;
        _references = memory;
        _rests = _references + Extent;
        _means = _rests + Extent;
        _packed = _means + Extent;
        _scores = new(problem, operands, item, _packed + (problem.ValueWidth * Lanes));
    }

    /// <summary>Weights, rows x lanes; where keys lie in the lanes, after dropout.</summary>
    public readonly T* Weights => _scores.Tile;

    /// <summary>Gradients with respect to scores, rows x lanes; with a soft cap, before <see cref="PassCap"/> those after it.</summary>
    public readonly T* Gradients => _scores.Spare;

    /// <inheritdoc cref="AttentionScores{V, T, TBlock, TSide}.Spread"/>
    public readonly T* Spread => _scores.Spread;

    /// <summary>Elements of working memory.</summary>
    public static nint Elements(AttentionProblem problem) =>
        (3 * Extent) + (problem.ValueWidth * Lanes) + AttentionScores<V, T, TBlock, TSide>.Elements(problem);

    private static int Lanes => TBlock.Vectors * V.Count;

    private static int Extent => Math.Max(Lanes, AttentionScores<V, T, TBlock, TSide>.BlockRows);

    /// <summary>Packs what lies in the lanes.</summary>
    public void TakeLanes(int head, int start, int count)
    {
        _head = head;
        _scores.TakeLanes(head, start, count);
        Strided<T> source = TSide.OfQueries ? _operands->OutputGradient : _operands->Value;
        int sourceHead = TSide.OfQueries ? head : head / _problem.GroupSize;
        _scores.PackLanes(source, sourceHead, start, count, _problem.ValueWidth, _packed);
        if (TSide.OfQueries) TakeQueries(start, count, Lanes);
    }

    /// <summary>The same lanes with the rows of another head.</summary>
    public void TakeHead(int head)
    {
        _head = head;
        _scores.TakeHead(head);
    }

    /// <summary>Computes weights and gradients of a block of rows.</summary>
    /// <returns>Whether any pair is left; without one nothing is computed.</returns>
    public bool Compute(int start, int count)
    {
        if (!_scores.Compute(start, count, withSlopes: true)) return false;
        if (!TSide.OfQueries) TakeQueries(start, count, count);
        Strided<T> source = TSide.OfQueries ? _operands->Value : _operands->OutputGradient;
        T* rows = _scores.LiveRows(source, _problem.ValueWidth, downRows: false, out nint rowStep, out nint columnStep);
        LaneKernel.Sum<V, T, TBlock>(_problem.ValueWidth, rows, rowStep, columnStep, count, _packed, Gradients, resume: false);
        _scores.Drop(Gradients);
        Differentiate(count);
        if (!TSide.OfQueries) _scores.Drop(Weights);
        return true;
    }

    /// <summary>Takes gradients back through the soft cap, where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void PassCap()
    {
        if (_problem.SoftCap == 0) return;
        int count = _scores.Rows * Lanes;
        for (int i = 0; i < count; i += V.Count) V.Store(V.Load(Gradients + i) * V.Load(_scores.Slopes + i), Gradients + i);
    }

    /// <summary>The rows that sums run down, as <see cref="AttentionScores{V, T, TBlock, TSide}.LiveRows"/> gives them.</summary>
    public readonly T* LiveRows(in Strided<T> source, int width, out nint rowStep, out nint columnStep) => _scores.LiveRows(source, width, downRows: true, out rowStep, out columnStep);

    /// <summary>Scores become weights, and products of values with output gradients become weight times (product less its mean).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Differentiate(int rows)
    {
        T* weights = Weights, gradients = Gradients;
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < Lanes; v += V.Count, weights += V.Count, gradients += V.Count)
            {
                V reference = TSide.OfQueries ? V.Load(_references + v) : V.Broadcast(_references[r]);
                V mean = TSide.OfQueries ? V.Load(_means + v) : V.Broadcast(_means[r]);
                V rest = TSide.OfQueries ? V.Load(_rests + v) : V.Broadcast(_rests[r]);
                V weight = OnlineSoftmax.Weight<V, T>(V.Load(weights) - reference, rest);
                V.Store(weight, weights);
                V.Store(ScoreRules.Gradient<V, T>(weight, V.Load(gradients), mean, _scores.MayBeMasked), gradients);
            }
        }
    }

    /// <summary>Reads log-sum-exps, and what each query's gradients of weights average to.</summary>
    private readonly void TakeQueries(int start, int count, int extent)
    {
        ScoreReference.Take(_operands->LogSumExp, _item, _head, start, count, extent, _references, _rests);
        new ReadOnlySpan<T>(_operands->WeightGradientMeans.At(_item, _head, start), count).CopyTo(new(_means, count));
        new Span<T>(_means + count, extent - count).Clear();
    }
}
