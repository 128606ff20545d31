using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>The output of one block of queries of one head: an online softmax over blocks of keys.</summary>
internal unsafe ref struct QueryBlock<V, T, TBlock>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TBlock : struct, ILaneBlock
{
    private readonly AttentionProblem _problem;
    private readonly AttentionOperands<T>* _operands;
    private readonly int _item;
    private readonly int _head;
    private readonly T* _maxima;
    private readonly T* _sums;
    private readonly T* _factors;
    private readonly T* _output;
    private AttentionScores<V, T, TBlock, QueryLanes> _scores;
    private bool _hasOutput;

    private QueryBlock(AttentionProblem problem, AttentionOperands<T>* operands, int item, int head)
    {
        _problem = problem;
        _operands = operands;
        _item = item;
        _head = head;
        int lanes = Lanes;
        T* memory = Scratch.Get<T>(ScratchSlot.Attention, Elements(problem));
        _maxima = memory;
        _sums = _maxima + lanes;
        _factors = _sums + lanes;
        _output = _factors + lanes;
        _scores = new(problem, operands, item, _output + (LaneKernel.RoundUp<V, T, TBlock>(problem.ValueWidth) * lanes));
    }

    private static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TBlock.Vectors * V.Count;
    }

    /// <summary>Elements of working memory.</summary>
    public static nint Elements(AttentionProblem problem) =>
        AttentionScores<V, T, TBlock, QueryLanes>.Elements(problem) + ((LaneKernel.RoundUp<V, T, TBlock>(problem.ValueWidth) + 3) * Lanes);

    /// <summary>Computes and stores the output and log-sum-exp of a block.</summary>
    /// <param name="run">What pieces share.</param>
    /// <param name="operands">The elements.</param>
    /// <param name="group">Item and query head.</param>
    /// <param name="start">The first query.</param>
    /// <param name="count">Queries.</param>
    public static void Compute(AttentionRun run, AttentionOperands<T>* operands, int group, int start, int count)
    {
        AttentionProblem problem = run.Problem;
        (int item, int head) = Math.DivRem(group, problem.QueryHeads);
        QueryBlock<V, T, TBlock> block = new(problem, operands, item, head);
        block.Run(start, count);
        if (!block.Store(start, count)) run.TellNonFinite();
    }

    private void Run(int start, int count)
    {
        _scores.TakeLanes(_head, start, count);
        for (int lane = 0; lane < Lanes; lane++)
        {
            _maxima[lane] = Element.Of<T>(OnlineSoftmax.NoMaximum<T>());
            _sums[lane] = default;
        }

        KeyRange span = _problem.SpanOf(_item, start, start + count);
        for (int key = span.Low; key < span.High; key += AttentionScores<V, T, TBlock, QueryLanes>.BlockRows)
        {
            int keys = Math.Min(AttentionScores<V, T, TBlock, QueryLanes>.BlockRows, span.High - key);
            if (!_scores.Compute(key, keys)) continue;
            if (Exponentiate(_scores.Tile, keys) && _hasOutput) Rescale();
            _scores.Drop(_scores.Tile);
            T* values = _scores.LiveRows(_operands->Value, _problem.ValueWidth, downRows: true, out nint keyStep, out nint columnStep);
            LaneKernel.Sum<V, T, TBlock>(keys, values, columnStep, keyStep, _problem.ValueWidth, _scores.Tile, _output, _hasOutput);
            _hasOutput = true;
        }
    }

    /// <summary>Turns scores into weights against the maximum so far, and tells whether earlier ones must shrink.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool Exponentiate(T* tile, int rows)
    {
        bool shrinks = false;
        for (int v = 0; v < Lanes; v += V.Count, tile += V.Count)
        {
            V before = V.Load(_maxima + v);
            V maximum = V.Max(Maximum(tile, rows), before);
            V factor = OnlineSoftmax.Weight<V, T>(before, maximum);
            V sum = default;
            T* at = tile;
            for (int r = 0; r < rows; r++, at += Lanes)
            {
                V weight = OnlineSoftmax.Weight<V, T>(V.Load(at), maximum);
                sum += weight;
                V.Store(weight, at);
            }

            V.Store(maximum, _maxima + v);
            V.Store(V.MultiplyAdd(V.Load(_sums + v), factor, sum), _sums + v);
            V.Store(factor, _factors + v);
            shrinks |= V.AnyLess(factor, V.Constant(1));
        }

        return shrinks;
    }

    /// <summary>The largest of each lane; four chains, since one waits for every comparison.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Maximum(T* tile, int rows)
    {
        V none = V.Constant(OnlineSoftmax.NoMaximum<T>());
        V a = none, b = none, c = none, d = none;
        int r = 0;
        for (; r + 4 <= rows; r += 4, tile += 4 * Lanes)
        {
            a = V.Max(a, V.Load(tile));
            b = V.Max(b, V.Load(tile + Lanes));
            c = V.Max(c, V.Load(tile + (2 * Lanes)));
            d = V.Max(d, V.Load(tile + (3 * Lanes)));
        }

        for (; r < rows; r++, tile += Lanes) a = V.Max(a, V.Load(tile));
        return V.Max(V.Max(a, b), V.Max(c, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Rescale()
    {
        T* end = _output + (_problem.ValueWidth * Lanes);
        for (int v = 0; v < Lanes; v += V.Count)
        {
            V factor = V.Load(_factors + v);
            for (T* at = _output + v; at < end; at += Lanes) V.Store(V.Load(at) * factor, at);
        }
    }

    /// <summary>Divides by the sums and stores, and tells whether every result is finite.</summary>
    private readonly bool Store(int start, int count)
    {
        if (!_hasOutput) new Span<T>(_output, _problem.ValueWidth * Lanes).Clear();
        bool isFinite = true;
        Strided<T> logSumExp = _operands->LogSumExp;
        for (int lane = 0; lane < count; lane++)
        {
            double sum = Element.ToDouble(_sums[lane]), maximum = Element.ToDouble(_maxima[lane]);
            isFinite &= double.IsFinite(sum);
            if (!logSumExp.IsAbsent)
            {
                logSumExp[_item, _head, start + lane, 0] =
                    Element.Of<T>(sum == 0 ? double.NegativeInfinity : (maximum + Math.Log2(sum)) * VectorMath.Ln2);
            }
        }

        isFinite &= Divide(count);
        LaneStore.Store(_output, _problem.ValueWidth, Lanes, count, _operands->Output.At(_item, _head, start), _operands->Output.Row, _operands->Output.Column, _scores.Spread);
        return isFinite;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool Divide(int count)
    {
        T* end = _output + (_problem.ValueWidth * Lanes);
        for (int v = 0; v < Lanes; v += V.Count)
        {
            // A row with nothing to attend to has a sum of 0 and stays 0; x - x is 0 for finite numbers alone.
            V sum = V.Load(_sums + v);
            V factor = V.SelectLess(V.Constant(0), sum, V.Constant(1) / sum, sum);
            V residue = default;
            for (T* at = _output + v; at < end; at += Lanes)
            {
                V value = V.Load(at) * factor;
                residue += value - value;
                V.Store(value, at);
            }

            V.Store(residue, _factors + v);
        }

        bool isFinite = true;
        for (int lane = 0; lane < count; lane++) isFinite &= Element.ToDouble(_factors[lane]) == 0;
        return isFinite;
    }
}
