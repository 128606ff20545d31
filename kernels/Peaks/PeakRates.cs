using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Peaks;

/// <summary>What a device can do at most, measured: the yardstick for the speed of everything else.</summary>
/// <remarks>The best of several short runs; another program on the machine lowers what is seen.</remarks>
internal static class PeakRates
{
    /// <summary>Runs that are compared: enough for one to be undisturbed.</summary>
    private const int Runs = 5;

    /// <summary>Multiply-adds in registers, two operations each.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="threads">At most this many host threads; 0 for all.</param>
    /// <param name="cancellation">Checked between runs.</param>
    /// <returns>Operations per second.</returns>
    public static double FlopsPerSecond<T>(Engine engine, int threads, CancellationToken cancellation)
        where T : unmanaged, INumber<T>
    {
        // The first run warms up and tells how many rounds take about 20 ms, so that starting costs nothing beside them.
        MultiplyAddCall<T> call = new(threads, rounds: 1);
        double seconds = Timed(engine, ref call);
        while (seconds < 2e-3 && call.Rounds < 1 << 20)
        {
            call.Rounds *= 4;
            seconds = Timed(engine, ref call);
        }

        call.Rounds = Math.Max(1, (int)(call.Rounds * Math.Min(10, 2e-2 / seconds)));
        double best = 0;
        for (int run = 0; run < Runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            seconds = Timed(engine, ref call);
            best = Math.Max(best, call.Flops / seconds);
        }

        return best;
    }

    /// <summary>Copies within the device's memory, bytes read and bytes written counted.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="threads">At most this many host threads; 0 for all.</param>
    /// <param name="bytes">Bytes to copy at a time: many times the last cache.</param>
    /// <param name="cancellation">Checked between runs.</param>
    /// <returns>Bytes per second.</returns>
    /// <exception cref="DeviceOutOfMemoryException">Twice the bytes do not fit.</exception>
    public static double CopyBytesPerSecond(Engine engine, int threads, long bytes, CancellationToken cancellation)
    {
        using DeviceBuffer<float> source = engine.Allocate<float>(bytes / sizeof(float), "Peak");
        using DeviceBuffer<float> destination = engine.Allocate<float>(bytes / sizeof(float), "Peak");
        FillCall fill = new(source, threads);
        engine.Execute(ref fill);
        CopyCall call = new(source, destination, threads);
        double best = 0;
        for (int run = 0; run <= Runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            double seconds = Timed(engine, ref call);
            if (run > 0) best = Math.Max(best, 2.0 * bytes / seconds);
        }

        return best;
    }

    private static double Timed<TCall>(Engine engine, ref TCall call)
        where TCall : struct, IEngineCall
    {
        long started = Stopwatch.GetTimestamp();
        engine.Execute(ref call);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
