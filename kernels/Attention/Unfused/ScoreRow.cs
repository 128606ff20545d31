using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention.Unfused;

/// <summary>The scores of one query against all keys, which lie in the lanes: from dot products to weights.</summary>
internal readonly unsafe ref struct ScoreRow<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    private readonly AttentionProblem _problem;
    private readonly AttentionOperands<T>* _operands;
    private readonly int _item;
    private readonly int _head;
    private readonly int _query;
    private readonly T* _row;
    private readonly T* _line;
    private readonly int _keys;

    /// <summary>A row of dot products, scaled.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="operands">The elements.</param>
    /// <param name="item">Item of the batch.</param>
    /// <param name="head">Query head.</param>
    /// <param name="query">The query.</param>
    /// <param name="row">The row, with room for whole vectors.</param>
    /// <param name="line">As much working memory.</param>
    /// <param name="keys">Keys.</param>
    public ScoreRow(AttentionProblem problem, AttentionOperands<T>* operands, int item, int head, int query, T* row, T* line, int keys)
    {
        (_problem, _item, _head, _query, _keys) = (problem, item, head, query, keys);
        _operands = operands;
        _row = row;
        _line = line;
    }

    private int Whole => UnfusedPlan.Stride(_keys, V.Count);

    /// <summary>Soft cap, ALiBi, bias and masks; what is masked, and what fills the last vector, becomes -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ApplyRules()
    {
        if (_problem.SoftCap > 0) Cap();
        if (_problem.Slopes is { } slopes) Penalize(slopes[_head]);
        if (!_operands->Bias.IsAbsent) AddBias();
        T masked = Element.Of<T>(double.NegativeInfinity);
        if (_problem.HasBands) MaskRange(masked);
        if (!_operands->Mask.IsAbsent) MaskPairs(masked);
        new Span<T>(_row + _keys, Whole - _keys).Fill(masked);
    }

    /// <summary>Marks the keys that the query attends to.</summary>
    public void MarkAlive(byte* isAlive)
    {
        for (int key = 0; key < _keys; key++) isAlive[key] |= double.IsNegativeInfinity(Element.ToDouble(_row[key])) ? (byte)0 : (byte)1;
    }

    /// <summary>Turns scores into exponentials less the maximum; their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Exponentiate(out double maximum)
    {
        int whole = Whole;
        V largest = V.Constant(OnlineSoftmax.NoMaximum<T>()), sums = default, more = default;
        for (int i = 0; i < whole; i += V.Count) largest = V.Max(largest, V.Load(_row + i));
        maximum = LargestLane.Of<V, T>(largest);
        V reference = V.Constant(maximum);
        int key = 0;
        for (; key + (2 * V.Count) <= whole; key += 2 * V.Count)
        {
            V first = OnlineSoftmax.Weight<V, T>(V.Load(_row + key), reference), second = OnlineSoftmax.Weight<V, T>(V.Load(_row + key + V.Count), reference);
            sums += first;
            more += second;
            V.Store(first, _row + key);
            V.Store(second, _row + key + V.Count);
        }

        if (key < whole)
        {
            V last = OnlineSoftmax.Weight<V, T>(V.Load(_row + key), reference);
            sums += last;
            V.Store(last, _row + key);
        }

        return Element.ToDouble(V.Sum(sums + more));
    }

    /// <summary>Drops what dropout drops of the weights, and scales the others; nothing where it is off.</summary>
    public void Drop()
    {
        if (_problem.Dropout == 0) return;
        DropoutRule rule = _problem.DropoutRule;
        for (int key = 0; key < _keys; key++) _row[key] = rule.Keeps(_item, _head, _query, key) ? Element.Of<T>(Element.ToDouble(_row[key]) * _problem.KeepScale) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Cap()
    {
        V cap = V.Constant(ScoreRules.CapFactor(_problem));
        for (int i = 0; i < Whole; i += V.Count) V.Store(VectorMath.Tanh<V, T>(V.Load(_row + i)) * cap, _row + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Penalize(double slope)
    {
        V factor = V.Constant(-slope * VectorMath.Log2OfE), position = V.Constant(_problem.PositionOf(_item, _query));
        for (int i = 0; i < Whole; i++) _line[i] = Element.Of<T>(i);
        for (int i = 0; i < Whole; i += V.Count) V.Store(ScoreRules.Penalize<V, T>(factor, position, V.Load(_line + i), V.Load(_row + i)), _row + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddBias()
    {
        long step = _operands->Bias.Column;
        T* bias = _operands->Bias.At(_item, _head, _query);
        for (int i = 0; i < Whole; i++) _line[i] = i < _keys ? bias[i * step] : default;
        for (int i = 0; i < Whole; i += V.Count) V.Store(ScoreRules.AddOrMask<V, T>(V.Load(_line + i), V.Load(_row + i)), _row + i);
    }

    private void MaskRange(T masked)
    {
        KeyRange range = _problem.RangeOf(_item, _query);
        int prefix = _problem.PrefixOf(_item);
        for (int key = 0; key < _keys; key++)
        {
            if (!range.Shows(key, prefix)) _row[key] = masked;
        }
    }

    private void MaskPairs(T masked)
    {
        long step = _operands->Mask.Column;
        bool* keep = _operands->Mask.At(_item, _head, _query);
        for (int key = 0; key < _keys; key++)
        {
            if (!keep[key * step]) _row[key] = masked;
        }
    }
}
