using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>result(i) = a(i) scale where the mask keeps element i, else 0, or that added to what stands there.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct DropoutCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>The result: a dense row; may be the operand.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>The operand: a dense row.</summary>
    public required Operand<T> A { get; init; }

    /// <summary>What is kept.</summary>
    public required DropoutMask Mask { get; init; }

    /// <summary>Factor of what is kept.</summary>
    public required double Scale { get; init; }

    /// <summary>Whether values are added to what stands in the result.</summary>
    public bool Adds { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => DropoutHost<T>.Run(engine, this);

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Result.Columns == 0) return;
        using DeviceMatrix<T> result = Adds ? engine.Update(Result, Settings) : engine.Write(Result, Settings);
        using DeviceMatrix<T> a = engine.Read(A, Settings);
        DropoutShape shape = new() { Count = Result.Columns, Result = result.Offset, A = a.Offset, Mask = Mask, Adds = Adds ? 1 : 0 };
        DropoutKernels<T>.Instance.Run(engine, result.View, a.View, shape, Element.Of<T>(Scale), Settings);
        result.Commit();
    }
}

/// <summary>Dropout on the host: words in as many lanes as the engine's vectors.</summary>
internal unsafe struct DropoutHost<T> : IParallelJob
    where T : unmanaged
{
    /// <summary>Blocks of a piece of work: some microseconds.</summary>
    private const int PieceBlocks = 128;

    private HostEngine _engine;
    private T* _result, _a;
    private long _count;
    private DropoutMask _mask;
    private T _scale;
    private bool _adds;

    /// <summary>Computes the whole result.</summary>
    public static void Run(HostEngine engine, in DropoutCall<T> call)
    {
        if (call.Result.Columns == 0) return;
        DropoutHost<T> job = new()
        {
            _engine = engine,
            _result = engine.Resolve(call.Result, call.Settings.Operation),
            _a = engine.Resolve(call.A, call.Settings.Operation),
            _count = call.Result.Columns,
            _mask = call.Mask,
            _scale = Element.Of<T>(call.Scale),
            _adds = call.Adds,
        };
        long blocks = (job._count + DropoutMask.Elements - 1) / DropoutMask.Elements;
        engine.Run(ref job, (int)((blocks + PieceBlocks - 1) / PieceBlocks), call.Settings.Threads);
    }

    /// <inheritdoc/>
    public readonly void Run(int piece)
    {
        long first = (long)piece * PieceBlocks, end = Math.Min(first + PieceBlocks, (_count + DropoutMask.Elements - 1) / DropoutMask.Elements);
        switch (_engine.Width)
        {
            case SimdWidth.Bits512: Blocks<Words512>(first, end); break;
            case SimdWidth.Bits256: Blocks<Words256>(first, end); break;
            case SimdWidth.Bits128: Blocks<Words128>(first, end); break;
            default: Blocks<Word>(first, end); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Blocks<W>(long first, long end)
        where W : unmanaged, IHostWords<W>
    {
        uint* words = stackalloc uint[DropoutMask.Elements];
        for (long block = first; block < end; block++)
        {
            long counter = block * DropoutMask.Counters;
            for (int i = 0; i < DropoutMask.Counters; i += W.Count)
            {
                Philox<W> drawn = _mask.Draw(W.From((uint)(counter + i)), (uint)((counter + i) >> 32));
                W.Store(drawn.First, words + i);
                W.Store(drawn.Second, words + DropoutMask.Counters + i);
                W.Store(drawn.Third, words + (2 * DropoutMask.Counters) + i);
                W.Store(drawn.Fourth, words + (3 * DropoutMask.Counters) + i);
            }

            long start = block * DropoutMask.Elements;
            int count = (int)Math.Min(DropoutMask.Elements, _count - start);
            for (int i = 0; i < count; i++) Keep(start + i, words[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Keep(long i, uint word)
    {
        if (typeof(T) == typeof(float))
        {
            float value = word >= _mask.Threshold ? ((float*)_a)[i] * Unsafe.BitCast<T, float>(_scale) : 0;
            ((float*)_result)[i] = _adds ? ((float*)_result)[i] + value : value;
        }
        else
        {
            double value = word >= _mask.Threshold ? ((double*)_a)[i] * Unsafe.BitCast<T, double>(_scale) : 0;
            ((double*)_result)[i] = _adds ? ((double*)_result)[i] + value : value;
        }
    }
}
