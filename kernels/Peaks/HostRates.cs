using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Peaks;

/// <summary>What the host can do at most beside multiply-adds, measured: reading and storing memory, and exponentials.</summary>
/// <remarks>The best of several short runs; another program on the machine lowers what is seen.</remarks>
internal static class HostRates
{
    /// <summary>Runs that are compared: enough for one to be undisturbed.</summary>
    private const int Runs = 5;

    /// <summary>Four million exponentials a thread: a millisecond or more at any width, so that starting the threads is lost beside it.</summary>
    private const int ExponentialRounds = 2048;

    /// <summary>Reads every element of a buffer and adds it up.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="threads">At most this many threads; 0 for all.</param>
    /// <param name="bytes">Bytes to read at a time: many times the last cache.</param>
    /// <returns>Bytes per second.</returns>
    public static double ReadBytesPerSecond(HostEngine engine, int threads, long bytes) =>
        StreamBytesPerSecond(engine, HostStream.Read, threads, bytes);

    /// <summary>Stores every element of a buffer around the caches, reading nothing.</summary>
    /// <inheritdoc cref="ReadBytesPerSecond"/>
    public static double StoreBytesPerSecond(HostEngine engine, int threads, long bytes) =>
        StreamBytesPerSecond(engine, HostStream.Store, threads, bytes);

    /// <summary>e^x over elements that stay in the first cache.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="threads">At most this many threads; 0 for all.</param>
    /// <returns>Exponentials per second.</returns>
    public static double ExponentialsPerSecond<T>(HostEngine engine, int threads)
        where T : unmanaged, INumberBase<T>
    {
        ExponentialJob<T> job = new(engine, threads, ExponentialRounds);
        return job.Exponentials / Best<T, ExponentialJob<T>>(engine.Width, ref job);
    }

    private static double StreamBytesPerSecond(HostEngine engine, HostStream stream, int threads, long bytes)
    {
        using DeviceBuffer<float> buffer = engine.Allocate<float>(bytes / sizeof(float), "Peak");
        HostBuffer<float> memory = (HostBuffer<float>)buffer;

        new FillCall(buffer, threads).OnHost(engine);
        StreamJob job = new(engine, memory, stream, threads);
        return bytes / Best<float, StreamJob>(engine.Width, ref job);
    }

    /// <summary>Seconds of the fastest run; the first one warms up.</summary>
    private static double Best<T, TJob>(SimdWidth width, ref TJob job)
        where T : unmanaged
        where TJob : struct, IVectorJob<T>
    {
        double best = double.PositiveInfinity;
        for (int run = 0; run <= Runs; run++)
        {
            long started = Stopwatch.GetTimestamp();
            VectorDispatch.Run<T, TJob>(width, ref job);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (run > 0) best = Math.Min(best, seconds);
        }

        return best;
    }
}
