using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>The output of queries that share a key head over one part of its keys: an online softmax over blocks of rows.</summary>
internal unsafe ref struct DecodeBlock<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    private const int BlockKeys = DecodePlan.BlockKeys;

    private readonly AttentionProblem _problem;
    private readonly AttentionOperands<T>* _operands;
    private readonly DecodeSource<T> _source;
    private readonly int _item;
    private readonly int _keyHead;
    private readonly int _firstRow;
    private readonly int _rows;
    private readonly int _step;
    private readonly int _valueStep;
    private readonly T* _queries;
    private readonly T* _scores;
    private readonly T* _line;
    private readonly T* _maxima;
    private readonly T* _sums;
    private readonly T* _output;
    private readonly T* _gathered;
    private bool _isDead;

    /// <summary>Lays out working memory and packs the queries, scaled.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="operands">The elements.</param>
    /// <param name="source">Where keys and values lie.</param>
    /// <param name="item">Item of the batch.</param>
    /// <param name="keyHead">The key head.</param>
    /// <param name="firstRow">The first of its queries, counted head by head.</param>
    /// <param name="rows">Queries.</param>
    public DecodeBlock(AttentionProblem problem, AttentionOperands<T>* operands, in DecodeSource<T> source, int item, int keyHead, int firstRow, int rows)
    {
        (_problem, _source, _item, _keyHead) = (problem, source, item, keyHead);
        _operands = operands;
        (_firstRow, _rows) = (firstRow, rows);
        (_step, _valueStep) = (RoundUp(problem.Width), RoundUp(problem.ValueWidth));
        _queries = Scratch.Get<T>(ScratchSlot.Attention, Elements(problem, rows));
        _output = _queries + (_rows * _step);
        _scores = _output + (_rows * _valueStep);
        _line = _scores + (_rows * BlockKeys);
        _maxima = _line + BlockKeys;
        _sums = _maxima + _rows;
        _gathered = _sums + _rows;
        PackQueries();
    }

    /// <summary>Elements of working memory.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="rows">Queries.</param>
    public static nint Elements(AttentionProblem problem, int rows) =>
        ((nint)rows * (RoundUp(problem.Width) + RoundUp(problem.ValueWidth) + BlockKeys + 2)) + BlockKeys + (BlockKeys * Math.Max(problem.Width, problem.ValueWidth)) + 64;

    /// <summary>Outputs, divided by their sums; queries x <see cref="OutputStep"/>.</summary>
    public readonly T* Output => _output;

    /// <summary>Elements from output to output.</summary>
    public readonly int OutputStep => _valueStep;

    /// <summary>Attends to the keys of a part.</summary>
    public void Run(int firstKey, int keyEnd)
    {
        new Span<T>(_output, _rows * _valueStep).Clear();
        for (int r = 0; r < _rows; r++) (_maxima[r], _sums[r]) = (Element.Of<T>(OnlineSoftmax.NoMaximum<T>()), default);
        keyEnd = Math.Min(keyEnd, _problem.KeysOf(_item));
        (int firstQuery, int lastQuery) = HeadOf(0) == HeadOf(_rows - 1) ? (QueryOf(0), QueryOf(_rows - 1)) : (0, _problem.Queries - 1);
        for (int key = firstKey; key < keyEnd; key += BlockKeys)
        {
            int count = Math.Min(BlockKeys, keyEnd - key);
            BlockKind kind = !_problem.HasStructure ? BlockKind.Full : _problem.Classify(_item, firstQuery, lastQuery + 1, key, key + count);
            if (kind == BlockKind.Empty || (!_operands->Mask.IsAbsent && IsEmptied(key, count))) continue;
            if (_operands->Blocks is not null) Interlocked.Increment(ref *_operands->Blocks);
            T* keys = Rows(_source.Keys, _problem.Width, key, count, skipDead: false, out long keyStep);
            T* ahead = _source.Values.At(_item, _keyHead, key, out _);
            DecodeKernel<V, T>.Score(_problem.Width, _queries, _step, _rows, keys, keyStep, count, _scores, BlockKeys, new(ahead, _source.Values.Row, _problem.ValueWidth));
            ApplyRules(key, count, kind == BlockKind.Partial);
            for (int r = 0; r < _rows; r++) Exponentiate(r, count);
            T* values = Rows(_source.Values, _problem.ValueWidth, key, count, _isDead, out long valueStep);
            if (key + count < keyEnd) ahead = _source.Keys.At(_item, _keyHead, key + count, out _);
            DecodeKernel<V, T>.Add(_problem.ValueWidth, _scores, BlockKeys, _rows, values, valueStep, count, _output, _valueStep, new(ahead, _source.Keys.Row, _problem.Width));
        }
    }

    /// <summary>Divides the outputs by their sums.</summary>
    /// <param name="logSumExps">Receives the natural log-sum-exp of every query, by head and query; without logarithms something that is as finite.</param>
    /// <param name="withLogarithms">Whether they are wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Finish(T* logSumExps, bool withLogarithms)
    {
        for (int r = 0; r < _rows; r++)
        {
            double sum = Element.ToDouble(_sums[r]), maximum = Element.ToDouble(_maxima[r]);
            logSumExps[r] = Element.Of<T>(sum == 0 ? double.NegativeInfinity : withLogarithms ? (maximum + Math.Log2(sum)) * VectorMath.Ln2 : sum);
            if (sum == 0) continue;
            T* row = _output + (r * _valueStep);
            V factor = V.Constant(1) / V.Broadcast(_sums[r]);
            for (int d = 0; d < _valueStep; d += V.Count) V.Store(V.Load(row + d) * factor, row + d);
        }
    }

    private static int RoundUp(int width) => (width + V.Count - 1) / V.Count * V.Count;

    private readonly int HeadOf(int row) => (_keyHead * _problem.GroupSize) + ((_firstRow + row) / _problem.Queries);

    private readonly int QueryOf(int row) => (_firstRow + row) % _problem.Queries;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void PackQueries()
    {
        V factor = V.Constant(_problem.SoftCap > 0 ? _problem.Scale / _problem.SoftCap : _problem.Scale * VectorMath.Log2OfE);
        Strided<T> source = _operands->Query;
        for (int r = 0; r < _rows; r++)
        {
            T* from = source.At(_item, HeadOf(r), QueryOf(r)), to = _queries + (r * _step);
            if (source.Column == 1)
            {
                for (int d = 0; d < _step; d += V.Count) V.Store(V.LoadPartial(from + d, Math.Min(V.Count, _problem.Width - d)) * factor, to + d);
                continue;
            }

            for (int d = 0; d < _step; d++) to[d] = d < _problem.Width ? from[d * source.Column] : default;
            for (int d = 0; d < _step; d += V.Count) V.Store(V.Load(to + d) * factor, to + d);
        }
    }

    /// <summary>
    /// The rows of a block where they lie; gathered where they lie in several pages or their features apart, and, where asked for,
    /// rows of keys that no query attends to replaced by zeros: whatever is stored there, 0 times it must be 0.
    /// </summary>
    private readonly T* Rows(in KeyRows<T> source, int width, int key, int count, bool skipDead, out long step)
    {
        T* first = source.At(_item, _keyHead, key, out int together);
        step = source.Row;
        if (!skipDead && together >= count && (source.Column == 1 || width == 1)) return first;
        for (int k = 0; k < count; k++, first += source.Row)
        {
            if (together == 0) first = source.At(_item, _keyHead, key + k, out together);
            together--;
            T* to = _gathered + (k * width);
            bool isAlive = !skipDead || Element.ToDouble(_line[k]) != 0;
            for (int d = 0; d < width; d++) to[d] = isAlive ? first[d * source.Column] : default;
        }

        step = width;
        return _gathered;
    }

    /// <summary>Takes the block's scores through soft cap, ALiBi, bias and masks, and marks the keys that no query is left for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ApplyRules(int key, int count, bool isBanded)
    {
        int whole = RoundUp(count);
        for (int r = 0; r < _rows; r++)
        {
            T* row = _scores + (r * BlockKeys);
            if (_problem.SoftCap > 0) Cap(row, whole);
            if (_problem.Slopes is { } slopes) Penalize(row, whole, key, _problem.PositionOf(_item, QueryOf(r)), slopes[HeadOf(r)]);
            if (!_operands->Bias.IsAbsent) AddBias(row, count, key, r);
            if (isBanded) MaskRange(row, count, key, QueryOf(r));
            if (!_operands->Mask.IsAbsent) MaskPairs(row, count, key, r);
            new Span<T>(row + count, whole - count).Fill(Element.Of<T>(double.NegativeInfinity));
        }

        _isDead = (isBanded || !_operands->Mask.IsAbsent || !_operands->Bias.IsAbsent) && FindDeadKeys(count);
    }

    private readonly void Cap(T* row, int count)
    {
        V cap = V.Constant(_problem.SoftCap * VectorMath.Log2OfE);
        for (int i = 0; i < count; i += V.Count) V.Store(VectorMath.Tanh<V, T>(V.Load(row + i)) * cap, row + i);
    }

    private readonly void Penalize(T* row, int count, int key, int position, double slope)
    {
        V factor = V.Constant(-slope * VectorMath.Log2OfE), stand = V.Constant(position);
        for (int i = 0; i < count; i++) _line[i] = Element.Of<T>(key + i);
        for (int i = 0; i < count; i += V.Count) V.Store(V.MultiplyAdd(factor, V.Abs(stand - V.Load(_line + i)), V.Load(row + i)), row + i);
    }

    private readonly void AddBias(T* row, int count, int key, int r)
    {
        T* bias = _operands->Bias.At(_item, HeadOf(r), QueryOf(r)) + (key * _operands->Bias.Column);
        for (int i = 0; i < count; i++) _line[i] = bias[i * _operands->Bias.Column];
        for (int i = 0; i < count; i += V.Count) V.Store(ScoreRules.AddOrMask<V, T>(V.Load(_line + i), V.Load(row + i)), row + i);
    }

    private readonly void MaskRange(T* row, int count, int key, int query)
    {
        KeyRange range = _problem.RangeOf(_item, query);
        int prefix = _problem.PrefixOf(_item);
        for (int i = 0; i < count; i++)
        {
            if ((key + i < range.Low || key + i >= range.High) && key + i >= prefix) row[i] = Element.Of<T>(double.NegativeInfinity);
        }
    }

    /// <summary>Whether the dense mask leaves no pair of a block.</summary>
    private readonly bool IsEmptied(int key, int count)
    {
        for (int r = 0; r < _rows; r++)
        {
            bool* keep = _operands->Mask.At(_item, HeadOf(r), QueryOf(r)) + (key * _operands->Mask.Column);
            for (int i = 0; i < count; i++)
            {
                if (keep[i * _operands->Mask.Column]) return false;
            }
        }

        return true;
    }

    private readonly void MaskPairs(T* row, int count, int key, int r)
    {
        bool* keep = _operands->Mask.At(_item, HeadOf(r), QueryOf(r)) + (key * _operands->Mask.Column);
        for (int i = 0; i < count; i++)
        {
            if (!keep[i * _operands->Mask.Column]) row[i] = Element.Of<T>(double.NegativeInfinity);
        }
    }

    /// <summary>Writes 1 for every key that some query attends to, 0 for the others, and tells whether there are any of these.</summary>
    private readonly bool FindDeadKeys(int count)
    {
        bool any = false;
        for (int k = 0; k < count; k++)
        {
            bool isAlive = false;
            for (int r = 0; r < _rows; r++) isAlive |= !double.IsNegativeInfinity(Element.ToDouble(_scores[(r * BlockKeys) + k]));
            _line[k] = Element.Of<T>(isAlive ? 1 : 0);
            any |= !isAlive;
        }

        return any;
    }

    /// <summary>Turns a query's scores into weights against its maximum so far, and shrinks what was added up before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Exponentiate(int r, int count)
    {
        T* row = _scores + (r * BlockKeys);
        T before = _maxima[r];
        V largest = V.Broadcast(before);
        for (int i = 0; i < count; i += V.Count) largest = V.Max(largest, V.Load(row + i));
        T now = count == 1 && Element.ToDouble(row[0]) >= Element.ToDouble(before) ? row[0] : Element.Of<T>(LargestLane.Of<V, T>(largest));
        V maximum = V.Broadcast(now), sums = default;
        for (int i = 0; i < count; i += V.Count)
        {
            V weight = OnlineSoftmax.Weight<V, T>(V.Load(row + i), maximum);
            sums += weight;
            V.Store(weight, row + i);
        }

        _maxima[r] = now;
        T added = V.Sum(sums);
        if (Element.ToDouble(before) == Element.ToDouble(now))
        {
            _sums[r] = Element.Of<T>(Element.ToDouble(_sums[r]) + Element.ToDouble(added));
            return;
        }

        V factor = OnlineSoftmax.Weight<V, T>(V.Broadcast(before), maximum);
        _sums[r] = Element.Of<T>((Element.ToDouble(_sums[r]) * Element.ToDouble(V.Sum(factor)) / V.Count) + Element.ToDouble(added));
        T* output = _output + (r * _valueStep);
        for (int d = 0; d < _valueStep; d += V.Count) V.Store(V.Load(output + d) * factor, output + d);
    }
}
