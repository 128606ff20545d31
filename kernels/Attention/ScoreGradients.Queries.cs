using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <content>Queries in the lanes: a first pass over their keys for what weights and products add up to, and a second for the gradients.</content>
internal unsafe ref partial struct ScoreGradients<V, T, TBlock, TSide>
{
    /// <summary>
    /// Tiles that the first pass leaves to the second: 1024 keys, with 48 lanes 384 KiB of float32 in the second cache. Scores of keys
    /// beyond are computed again, so that memory does not grow with the length.
    /// </summary>
    private const int MostTiles = 8;

    /// <summary>What each query's weights add up to; 0 where it attends to nothing.</summary>
    public readonly T* WeightSums => _sums;

    /// <summary>Blocks of keys that any of the queries may see.</summary>
    public readonly int Blocks => (_span.High - _span.Low + BlockRows - 1) / BlockRows;

    /// <summary>The first pass: weights and gradients with respect to them, block by block, and their sums.</summary>
    /// <param name="span">The keys that any of the queries may see.</param>
    public void TakeSums(KeyRange span)
    {
        _span = span;
        ScoreReference.Take(_operands->LogSumExp, _item, _head, _laneStart, _laneCount, Lanes, _references, _rests);
        new Span<T>(_sums, Lanes).Clear();
        new Span<T>(_products, Lanes).Clear();
        for (int block = 0; block < Blocks; block++) Weigh(block);
        for (int lane = 0; lane < Lanes; lane++) Settle(lane);
    }

    /// <summary>The second pass: gradients with respect to the scores of a block.</summary>
    /// <param name="block">The block; each once, in order.</param>
    /// <param name="key">Receives its first key.</param>
    /// <param name="keys">Receives the number of its keys.</param>
    /// <returns>Whether any pair is left; without one nothing is computed.</returns>
    public bool Differentiate(int block, out int key, out int keys)
    {
        (key, keys) = RowsOf(block);
        int tile = Math.Min(block, _tiles - 1);
        if (block < _tiles - 1 || Blocks <= _tiles) _scores.Select(tile, _states[tile]);
        else Weigh(block);
        if (_scores.Rows == 0) return false;
        Differentiate();
        return true;
    }

    /// <summary>Weights become those after dropout.</summary>
    public readonly void Drop()
    {
        _scores.Draw();
        _scores.Drop(Weights);
    }

    /// <summary>Whether no pass over the keys follows, to which something is left: this one's weights are wanted instead.</summary>
    private readonly bool IsOnlyPass => _operands->WeightGradientMeans.IsAbsent;

    private static int Tiles(AttentionProblem problem) => TSide.OfQueries ? Math.Clamp((problem.Keys + BlockRows - 1) / BlockRows, 1, MostTiles) : 1;

    private readonly (int Key, int Keys) RowsOf(int block)
    {
        int key = _span.Low + (block * BlockRows);
        return (key, Math.Min(BlockRows, _span.High - key));
    }

    private void Weigh(int block)
    {
        (int key, int keys) = RowsOf(block);
        int tile = Math.Min(block, _tiles - 1);
        _scores.Select(tile);
        if (Multiply(key, keys)) Weigh();
        _states[tile] = _scores.State;
    }

    /// <summary>Scores become weights, which are added up, and with their products those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Weigh()
    {
        for (int v = 0; v < Lanes; v += V.Count)
        {
            T* weights = Weights + v, gradients = Gradients + v;
            V reference = V.Load(_references + v), rest = V.Load(_rests + v), sum = default, product = default;
            for (int r = 0; r < _scores.Rows; r++, weights += Lanes, gradients += Lanes)
            {
                V weight = OnlineSoftmax.Weight<V, T>(V.Load(weights) - reference, rest);
                V.Store(weight, weights);
                sum += weight;
                product += ScoreRules.Gradient<V, T>(weight, V.Load(gradients), default, _scores.MayBeMasked);
            }

            V.Store(V.Load(_sums + v) + sum, _sums + v);
            V.Store(V.Load(_products + v) + product, _products + v);
        }
    }

    /// <summary>Products become weight times (product less its mean).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Differentiate()
    {
        T* weights = Weights, gradients = Gradients;
        bool isOnly = IsOnlyPass;
        for (int r = 0; r < _scores.Rows; r++)
        {
            for (int v = 0; v < Lanes; v += V.Count, weights += V.Count, gradients += V.Count)
            {
                V weight = V.Load(weights) * V.Load(_factors + v);
                if (isOnly) V.Store(weight, weights);
                V.Store(ScoreRules.Gradient<V, T>(weight, V.Load(gradients), V.Load(_means + v), _scores.MayBeMasked), gradients);
            }
        }
    }

    /// <summary>
    /// Divides a query's weights by their sum where that is 1 but for rounding, and tells those who come later. It is not where the
    /// log-sum-exp is that of more keys than these, of which this is a part: its mean then is that of all of them.
    /// </summary>
    private readonly void Settle(int lane)
    {
        double sum = Element.ToDouble(_sums[lane]), roundings = (typeof(T) == typeof(float) ? 1.0 / (1 << 23) : 1.0 / (1L << 52)) * (1 + Math.Abs(Element.ToDouble(_references[lane])));
        bool isWhole = Math.Abs(sum - 1) <= 64 * roundings;
        _factors[lane] = Element.Of<T>(isWhole ? 1 / sum : 1);
        _means[lane] = isWhole ? Element.Of<T>(Element.ToDouble(_products[lane]) / sum) : sum == 0 ? default : MeanOf(lane);
        if (lane >= _laneCount || IsOnlyPass) return;
        *_operands->WeightGradientMeans.At(_item, _head, _laneStart + lane) = _means[lane];
        *_operands->ReferenceRests.At(_item, _head, _laneStart + lane) = isWhole ? Element.Of<T>(Element.ToDouble(_rests[lane]) + Math.Log2(sum)) : _rests[lane];
    }

    /// <summary>What the gradients of a query's weights average to, from its output.</summary>
    private readonly T MeanOf(int lane)
    {
        Strided<T> output = _operands->Output, gradient = _operands->OutputGradient;
        T* left = output.At(_item, _head, _laneStart + lane), right = gradient.At(_item, _head, _laneStart + lane);
        double sum = 0;
        for (int d = 0; d < _problem.ValueWidth; d++) sum += Element.ToDouble(left[d * output.Column]) * Element.ToDouble(right[d * gradient.Column]);
        return Element.Of<T>(sum);
    }
}
