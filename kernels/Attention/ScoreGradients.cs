using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// Weights and gradients of scores of one block of lanes against block after block of rows, computed again from the
/// log-sum-exp (Dao et al. 2022, algorithm 4).
/// </summary>
/// <remarks>
/// Roundings of a score that both its weight and the sum of its row's weights hold cancel, and so do those of a product and of the
/// mean of its row's products: where one weight is near 1 that is nearly all of its error. So with queries in the lanes what the
/// weights and products of a query add up to is taken first, from these very scores, and with keys in the lanes, whose scores have
/// the same bits, it is read: neither the forward pass's order of sums nor the rounding of its log-sum-exp is left.
/// </remarks>
internal unsafe ref partial struct ScoreGradients<V, T, TBlock, TSide>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TBlock : struct, ILaneBlock
    where TSide : struct, ILaneSide
{
    private readonly AttentionProblem _problem;
    private readonly AttentionOperands<T>* _operands;
    private readonly int _item;
    private readonly int _tiles;
    private readonly T* _references;
    private readonly T* _rests;
    private readonly T* _means;
    private readonly T* _factors;
    private readonly T* _sums;
    private readonly T* _products;
    private readonly TileState* _states;
    private readonly T* _packed;
    private int _head;
    private int _laneStart;
    private int _laneCount;
    private KeyRange _span;
    private AttentionScores<V, T, TBlock, TSide> _scores;

    /// <summary>Lays out working memory.</summary>
    public ScoreGradients(AttentionProblem problem, AttentionOperands<T>* operands, int item, T* memory)
    {
        _problem = problem;
        _operands = operands;
        _item = item;
        _tiles = Tiles(problem);
        _references = memory;
        _rests = _references + Extent;
        _means = _rests + Extent;
        _factors = _means + Extent;
        _sums = _factors + Extent;
        _products = _sums + Extent;
        _states = (TileState*)(_products + Extent);
        _packed = _products + Extent + StateElements;
        _scores = new(problem, operands, item, _packed + (problem.ValueWidth * Lanes), _tiles);
    }

    /// <summary>Weights, rows x lanes; where keys lie in the lanes, or after <see cref="Drop"/>, after dropout.</summary>
    public readonly T* Weights => _scores.Tile;

    /// <summary>Gradients with respect to scores, rows x lanes; with a soft cap, before <see cref="PassCap"/> those after it.</summary>
    public readonly T* Gradients => _scores.Spare;

    /// <inheritdoc cref="AttentionScores{V, T, TBlock, TSide}.Spread"/>
    public readonly T* Spread => _scores.Spread;

    /// <summary>Elements of working memory.</summary>
    public static nint Elements(AttentionProblem problem) =>
        (6 * Extent) + StateElements + (problem.ValueWidth * Lanes) + AttentionScores<V, T, TBlock, TSide>.Elements(problem, Tiles(problem));

    private static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TBlock.Vectors * V.Count;
    }

    private static int Extent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Math.Max(Lanes, BlockRows);
    }

    private static int BlockRows => AttentionScores<V, T, TBlock, TSide>.BlockRows;

    private static int StateElements => MostTiles * 16 / sizeof(T);

    /// <summary>Packs what lies in the lanes.</summary>
    public void TakeLanes(int head, int start, int count)
    {
        (_head, _laneStart, _laneCount) = (head, start, count);
        _scores.TakeLanes(head, start, count);
        Strided<T> source = TSide.OfQueries ? _operands->OutputGradient : _operands->Value;
        int sourceHead = TSide.OfQueries ? head : head / _problem.GroupSize;
        _scores.PackLanes(source, sourceHead, start, count, _problem.ValueWidth, _packed);
    }

    /// <summary>The same lanes with the rows of another head.</summary>
    public void TakeHead(int head)
    {
        _head = head;
        _scores.TakeHead(head);
    }

    /// <summary>Computes weights and gradients of a block of queries against keys in the lanes.</summary>
    /// <returns>Whether any pair is left; without one nothing is computed.</returns>
    public bool Compute(int start, int count)
    {
        if (!Multiply(start, count)) return false;
        ScoreReference.Take(_operands->LogSumExp, _item, _head, start, count, count, _references, _rests);
        new ReadOnlySpan<T>(_operands->ReferenceRests.At(_item, _head, start), count).CopyTo(new(_rests, count));
        new ReadOnlySpan<T>(_operands->WeightGradientMeans.At(_item, _head, start), count).CopyTo(new(_means, count));
        Differentiate(count);
        _scores.Drop(Weights);
        return true;
    }

    /// <summary>Takes gradients back through the soft cap, where there is one; a gradient of 0, as of a masked pair, stays 0 whatever its slope is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void PassCap()
    {
        if (_problem.SoftCap == 0) return;
        int count = _scores.Rows * Lanes;
        V none = V.Constant(0);
        for (int i = 0; i < count; i += V.Count)
        {
            V gradient = V.Load(Gradients + i);
            V.Store(V.SelectLess(none, V.Abs(gradient), gradient * V.Load(_scores.Slopes + i), gradient), Gradients + i);
        }
    }

    /// <summary>The rows that sums run down, as <see cref="AttentionScores{V, T, TBlock, TSide}.LiveRows"/> gives them.</summary>
    public readonly T* LiveRows(in Strided<T> source, int width, out nint rowStep, out nint columnStep) => _scores.LiveRows(source, width, downRows: true, out rowStep, out columnStep);

    /// <summary>Scores of a block of rows, and products of values with output gradients, after dropout.</summary>
    private bool Multiply(int start, int count)
    {
        if (!_scores.Compute(start, count, withSlopes: true)) return false;
        Strided<T> source = TSide.OfQueries ? _operands->Value : _operands->OutputGradient;
        T* rows = _scores.LiveRows(source, _problem.ValueWidth, downRows: false, out nint rowStep, out nint columnStep);
        LaneKernel.Sum<V, T, TBlock>(_problem.ValueWidth, rows, rowStep, columnStep, count, _packed, Gradients, resume: false);
        _scores.Drop(Gradients);
        return true;
    }

    /// <summary>Scores become weights, and products weight times (product less its mean), queries in the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Differentiate(int rows)
    {
        T* weights = Weights, gradients = Gradients;
        for (int r = 0; r < rows; r++)
        {
            V reference = V.Broadcast(_references[r]), rest = V.Broadcast(_rests[r]), mean = V.Broadcast(_means[r]);
            for (int v = 0; v < Lanes; v += V.Count, weights += V.Count, gradients += V.Count)
            {
                V weight = OnlineSoftmax.Weight<V, T>(V.Load(weights) - reference, rest);
                V.Store(weight, weights);
                V.Store(ScoreRules.Gradient<V, T>(weight, V.Load(gradients), mean, _scores.MayBeMasked), gradients);
            }
        }
    }
}
