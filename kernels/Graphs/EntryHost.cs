using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>What is computed for the entries of a row, on the host: heads in the lanes, or the row's entries where there is one head.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct EntryHost<T> : IRowWork<T>
    where T : unmanaged
{
    private int* _starts;
    private int* _indices;
    private EntryStep _step;
    private T* _first;
    private T* _second;
    private T* _result;
    private long _firstStride;
    private long _secondStride;
    private int _heads;
    private int _width;
    private T _slope;

    /// <summary>Computes a step.</summary>
    public static void Run(HostEngine engine, in EntryCall<T> call)
    {
        string operation = call.Settings.Operation;
        EntryHost<T> work = new()
        {
            _starts = engine.Resolve(call.Pattern.Starts, operation),
            _indices = engine.Resolve(call.Pattern.Indices, operation),
            _step = call.Step,
            _first = engine.Resolve(call.First, operation),
            _second = call.Second.IsAbsent ? null : engine.Resolve(call.Second, operation),
            _result = engine.Resolve(call.Result, operation),
            _firstStride = call.First.RowStride,
            _secondStride = call.Second.RowStride,
            _heads = call.Plan.Heads,
            _width = call.Plan.Width,
            _slope = Element.Of<T>(call.Slope),
        };
        RowPieces.Run<T, EntryHost<T>>(engine, call.Pattern, call.Plan.DenseColumns, ref work, call.Settings);
    }

    /// <inheritdoc/>
    public readonly void Rows<V>(int first, int end)
        where V : unmanaged, IHostVector<V, T>
    {
        for (int row = first; row < end; row++)
        {
            int start = _starts[row], count = _starts[row + 1] - start;
            if (count == 0) continue;
            long place = (long)start * _heads;
            switch (_step)
            {
                case EntryStep.Dot:
                    Dots<V>(row, start, count);
                    break;
                case EntryStep.Score when _heads == 1:
                    Scores<Lanes1<T>>(row, start, count);
                    break;
                case EntryStep.Score:
                    Scores<V>(row, start, count);
                    break;
                case EntryStep.ScoreGradient:
                    ScoreGradients<V>(place, (long)count * _heads);
                    break;
                case EntryStep.Softmax when _heads == 1:
                    EntryRow<V, T>.Softmax(_first + place, _result + place, count);
                    break;
                case EntryStep.Softmax:
                    EntryHeads<V, T>.Softmax(_first + place, _result + place, count, _heads);
                    break;
                case EntryStep.SoftmaxGradient when _heads == 1:
                    EntryRow<V, T>.SoftmaxGradient(_first + place, _second + place, _result + place, count);
                    break;
                case EntryStep.SoftmaxGradient:
                    EntryHeads<V, T>.SoftmaxGradient(_first + place, _second + place, _result + place, count, _heads);
                    break;
            }
        }
    }

    private readonly void Dots<V>(int row, int start, int count)
        where V : unmanaged, IHostVector<V, T>
    {
        T* left = _first + (row * _firstStride), result = _result + ((long)start * _heads);
        for (int entry = start; entry < start + count; entry++)
        {
            T* right = _second + (_indices[entry] * _secondStride);
            for (int head = 0; head < _heads; head++, result++)
            {
                *result = Element.Of<T>(RowProducts<V, T>.Dot(left + ((long)head * _width), right + ((long)head * _width), _width));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Scores<V>(int row, int start, int count)
        where V : unmanaged, IHostVector<V, T>
    {
        T* left = _first + (row * _firstStride), result = _result + ((long)start * _heads);
        V slope = V.Broadcast(_slope);
        for (int entry = start; entry < start + count; entry++, result += _heads)
        {
            T* right = _second + (_indices[entry] * _secondStride);
            for (int head = 0; head < _heads; head += V.Count)
            {
                int lanes = Math.Min(V.Count, _heads - head);
                V.StorePartial(GraphRules.Score<V, T>(V.LoadPartial(left + head, lanes), V.LoadPartial(right + head, lanes), slope), result + head, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ScoreGradients<V>(long place, long count)
        where V : unmanaged, IHostVector<V, T>
    {
        V slope = V.Broadcast(_slope);
        for (long i = 0; i < count; i += V.Count)
        {
            int lanes = (int)Math.Min(V.Count, count - i);
            V score = V.LoadPartial(_first + place + i, lanes), gradient = V.LoadPartial(_second + place + i, lanes);
            V.StorePartial(GraphRules.ScoreGradient<V, T>(score, gradient, slope), _result + place + i, lanes);
        }
    }
}
