using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention.Unfused;

/// <summary>The output of one block of queries by two matrix products: row r of a key head is query r % queries of head r / queries among those that share it.</summary>
internal readonly unsafe ref struct UnfusedBlock<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged, INumberBase<T>
{
    private readonly HostEngine _engine;
    private readonly AttentionRun _run;
    private readonly AttentionProblem _problem;
    private readonly AttentionOperands<T>* _operands;
    private readonly int _item;
    private readonly int _keyHead;
    private readonly int _queries;
    private readonly int _start;
    private readonly int _count;
    private readonly int _keys;
    private readonly int _stride;
    private readonly T* _packed;
    private readonly T* _scores;
    private readonly T* _output;
    private readonly T* _factors;
    private readonly T* _line;
    private readonly T* _values;
    private readonly byte* _isAlive;

    /// <summary>Lays out working memory.</summary>
    public UnfusedBlock(HostEngine engine, AttentionRun run, AttentionOperands<T>* operands, int item, int keyHead, int start, int count)
    {
        (_engine, _run, _problem) = (engine, run, run.Problem);
        _operands = operands;
        (_item, _keyHead, _start, _count) = (item, keyHead, start, count);
        _queries = _problem.QueriesOf(item);
        _keys = _problem.KeysOf(item);
        _stride = UnfusedPlan.Stride(_keys, V.Count);
        _packed = Scratch.Get<T>(ScratchSlot.Attention, (nint)UnfusedPlan.Elements(_problem, V.Count));
        _scores = _packed + ((nint)count * _problem.Width);
        _output = _scores + ((nint)count * _stride);
        _factors = _output + ((nint)count * _problem.ValueWidth);
        _line = _factors + count;
        _values = _line + UnfusedPlan.Stride(_keys, V.Count);
        _isAlive = (byte*)(_values + ((nint)_keys * _problem.ValueWidth));
    }

    /// <summary>Computes and stores the block.</summary>
    public void Compute()
    {
        Multiply(Queries(), Rows(_operands->Key, _keyHead, 0, _keys, _problem.Width).Transposed, _scores, _stride, ScoreRules.DotFactor(_problem));
        bool mayBeMasked = _problem.HasBands || !_operands->Mask.IsAbsent || !_operands->Bias.IsAbsent;
        if (mayBeMasked) new Span<byte>(_isAlive, _keys).Clear();
        bool isFinite = true;
        for (int r = 0; r < _count; r++)
        {
            (int head, int query) = PlaceOf(r);
            ScoreRow<V, T> row = new(_problem, _operands, _item, head, query, _scores + ((nint)r * _stride), _line, _keys);
            row.ApplyRules();
            if (mayBeMasked) row.MarkAlive(_isAlive);
            double sum = row.Exponentiate(out double maximum);
            isFinite &= double.IsFinite(sum);
            if (!_operands->LogSumExp.IsAbsent) _operands->LogSumExp[_item, head, query, 0] = Element.Of<T>(sum == 0 ? double.NegativeInfinity : (maximum + Math.Log2(sum)) * VectorMath.Ln2);
            _factors[r] = Element.Of<T>(sum == 0 ? 0 : 1 / sum);
            row.Drop();
        }

        Multiply(new(_scores, null, 0, _count, _keys, _stride, 1), mayBeMasked ? LiveValues() : Rows(_operands->Value, _keyHead, 0, _keys, _problem.ValueWidth), _output, _problem.ValueWidth, 1);
        if (!Store() || !isFinite) _run.TellNonFinite();
    }

    private (int Head, int Query) PlaceOf(int row) => ((_keyHead * _problem.GroupSize) + ((_start + row) / _queries), (_start + row) % _queries);

    /// <summary>The queries, where they lie if they are of one head; else copied side by side.</summary>
    private Operand<T> Queries()
    {
        (int head, int query) = PlaceOf(0);
        if (query + _count <= _queries) return Rows(_operands->Query, head, query, _count, _problem.Width);
        for (int r = 0; r < _count; r++)
        {
            (head, query) = PlaceOf(r);
            T* from = _operands->Query.At(_item, head, query), to = _packed + ((nint)r * _problem.Width);
            for (int d = 0; d < _problem.Width; d++) to[d] = from[d * _operands->Query.Column];
        }

        return new(_packed, null, 0, _count, _problem.Width, _problem.Width, 1);
    }

    private Operand<T> Rows(in Strided<T> source, int head, int first, int count, int width) => new(source.At(_item, head, first), null, 0, count, width, source.Row, source.Column);

    private void Multiply(in Operand<T> left, in Operand<T> right, T* result, int stride, double factor)
    {
        Operand<T> target = new(result, null, 0, left.Rows, right.Columns, stride, 1);
        Products.Products.Multiply(_engine, left.Ref, right.Ref, target.Ref, Element.Of<T>(factor), T.Zero, _run.Settings with { Progress = null, Trace = null });
    }

    /// <summary>The values, those of keys that no query attends to replaced by zeros: whatever is stored there, 0 times it must be 0.</summary>
    private Operand<T> LiveValues()
    {
        Operand<T> values = Rows(_operands->Value, _keyHead, 0, _keys, _problem.ValueWidth);
        if (!new ReadOnlySpan<byte>(_isAlive, _keys).Contains((byte)0)) return values;
        for (int key = 0; key < _keys; key++)
        {
            T* from = values.Pointer + (key * values.RowStride), to = _values + ((nint)key * _problem.ValueWidth);
            for (int d = 0; d < _problem.ValueWidth; d++) to[d] = _isAlive[key] != 0 ? from[d * values.ColumnStride] : default;
        }

        return new(_values, null, 0, _keys, _problem.ValueWidth, _problem.ValueWidth, 1);
    }

    /// <summary>Divides the outputs by their sums, brings them to their places, and tells whether all are finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Store()
    {
        V residue = default;
        Strided<T> output = _operands->Output;
        int width = _problem.ValueWidth;
        for (int r = 0; r < _count; r++)
        {
            (int head, int query) = PlaceOf(r);
            T* from = _output + ((nint)r * width), to = output.At(_item, head, query);
            V factor = V.Broadcast(_factors[r]);
            for (int d = 0; d < width; d += V.Count)
            {
                int lanes = Math.Min(V.Count, width - d);
                V value = V.LoadPartial(from + d, lanes) * factor;
                residue += value - value;
                V.StorePartial(value, output.Column == 1 ? to + d : from + d, lanes);
            }

            if (output.Column == 1) continue;
            for (int d = 0; d < width; d++) to[d * output.Column] = from[d];
        }

        return Element.ToDouble(V.Sum(residue)) == 0;
    }
}
