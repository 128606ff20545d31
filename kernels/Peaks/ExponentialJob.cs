using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Peaks;

/// <summary>The exponentials of elements that stay in the first cache, over and over, on every thread.</summary>
internal readonly unsafe struct ExponentialJob<T>(HostEngine engine, int threads, int rounds) : IVectorJob<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements of one thread: arguments and results take 32 KiB in float64.</summary>
    public const int Elements = 2048;

    /// <summary>Exponentials of one run.</summary>
    public double Exponentials => (double)Elements * rounds * Workers;

    private int Workers => threads == 0 ? engine.Threads : Math.Min(threads, engine.Threads);

    /// <inheritdoc/>
    public void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        WidthJob<V> job = new(rounds);
        engine.Run(ref job, Workers, Workers);
    }

    /// <summary>The argument of element <paramref name="index"/>: spread over [-8, 0], as exponents of Gram matrices are.</summary>
    public static T Argument(int index) => T.CreateChecked(-8.0 * index / Elements);

    /// <summary>One round on the calling thread, with its results: what accuracy is judged by.</summary>
    public static T[] Results(HostEngine engine)
    {
        SingleRound single = new() { Destination = new T[Elements] };
        VectorDispatch.Run<T, SingleRound>(engine.Width, ref single);
        return single.Destination;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Exponentiate<V>(T* source, T* destination)
        where V : unmanaged, IHostVector<V, T>
    {
        for (int i = 0; i < Elements; i += V.Count) V.Store(VectorMath.Exp<V, T>(V.Load(source + i)), destination + i);
    }

    private static T* Arguments()
    {
        T* arguments = Scratch.Get<T>(ScratchSlot.PackedRows, Elements);
        for (int i = 0; i < Elements; i++) arguments[i] = Argument(i);
        return arguments;
    }

    private readonly struct WidthJob<V>(int rounds) : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public void Run(int piece)
        {
            T* arguments = Arguments();
            T* results = Scratch.Get<T>(ScratchSlot.PackedColumns, Elements);
            for (int round = 0; round < rounds; round++) Exponentiate<V>(arguments, results);
        }
    }

    private struct SingleRound : IVectorJob<T>
    {
        public T[] Destination;

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            fixed (T* destination = Destination) Exponentiate<V>(Arguments(), destination);
        }
    }
}
