using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Peaks;

/// <summary>One pass over a buffer of the host that only reads, or only stores.</summary>
internal readonly unsafe struct StreamJob(HostEngine engine, HostBuffer<float> buffer, HostStream stream, int threads) : IVectorJob<float>
{
    /// <summary>More pieces than threads, since a shared machine slows one core at a time.</summary>
    private const int PiecesPerThread = 8;

    /// <inheritdoc/>
    public void Run<V>()
        where V : unmanaged, IHostVector<V, float>
    {
        int workers = threads == 0 ? engine.Threads : Math.Min(threads, engine.Threads);
        float* first = Aligned(buffer.Pointer);
        long lines = (buffer.Length - (first - buffer.Pointer)) / ElementsPerLine;
        PieceJob<V> job = new(first, lines, stream, workers * PiecesPerThread);
        engine.Run(ref job, workers * PiecesPerThread, workers);
    }

    private static int ElementsPerLine => Scratch.Alignment / sizeof(float);

    private static float* Aligned(float* pointer) => (float*)(((nint)pointer + Scratch.Alignment - 1) & ~(nint)(Scratch.Alignment - 1));

    private readonly struct PieceJob<V>(float* first, long lines, HostStream stream, int pieces) : IParallelJob
        where V : unmanaged, IHostVector<V, float>
    {
        public void Run(int piece)
        {
            float* from = first + (lines * piece / pieces * ElementsPerLine);
            float* end = first + (lines * (piece + 1) / pieces * ElementsPerLine);
            if (stream == HostStream.Store) Store(from, end);
            else if (float.IsNaN(Read(from, end))) throw new InvalidOperationException("Peak: the buffer that was just stored holds a NaN");
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static void Store(float* from, float* end)
        {
            // Not zero: some machines store lines of zeros several times faster than any others.
            V value = V.Broadcast(1.5f);
            for (; from < end; from += V.Count) V.StoreNonTemporal(value, from);
        }

        /// <summary>Four sums, so that adding waits for nothing but memory.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static float Read(float* from, float* end)
        {
            V a = V.Broadcast(0), b = a, c = a, d = a;
            for (float* last = end - (4 * V.Count); from <= last; from += 4 * V.Count)
            {
                a += V.Load(from);
                b += V.Load(from + V.Count);
                c += V.Load(from + (2 * V.Count));
                d += V.Load(from + (3 * V.Count));
            }

            for (; from < end; from += V.Count) a += V.Load(from);
            return V.Sum((a + b) + (c + d));
        }
    }
}
