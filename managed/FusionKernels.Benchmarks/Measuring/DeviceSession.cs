using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Peaks;

namespace FusionKernels.Bench;

/// <summary>An open device with its measured rates and the sizes that suit it.</summary>
internal sealed class DeviceSession : IDisposable
{
    /// <summary>The part of a device's memory that one case may hold.</summary>
    private const double MemoryShare = 0.45;

    private readonly Dictionary<(bool IsDouble, int Threads), Rates> _rates = [];
    private readonly Dictionary<(bool IsDouble, int Threads), long> _measured = [];
    private readonly double _secondsAtPeak;

    /// <summary>Opens a device.</summary>
    /// <param name="name">A name that <see cref="ComputeDevice.Open"/> takes.</param>
    /// <param name="secondsAtPeak">How long a run of the largest case may take at the device's peak: <see cref="SuiteOptions.SecondsAtPeak"/>.</param>
    public DeviceSession(string name, double secondsAtPeak)
    {
        Device = ComputeDevice.Open(name);
        _secondsAtPeak = secondsAtPeak;
    }

    /// <summary>The device.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Whether it is the host.</summary>
    public bool IsHost => Device.Description.Kind == DeviceKind.Host;

    /// <summary>Whether cases are as small as they can be.</summary>
    public bool IsTiny => _secondsAtPeak == 0 || IsSimulated;

    /// <summary>Bytes that a case of pure copying moves one way: many times the last cache where the device is fast.</summary>
    public long StreamBytes => IsTiny ? 1L << 20 : 256L << 20;

    /// <summary>Whether it is there to check kernels, at a speed that means nothing.</summary>
    private bool IsSimulated => Device.Description.Kind == DeviceKind.IlgpuCpu;

    /// <summary>Kernels launched so far.</summary>
    public long Launches => Device.Engine.Launches;

    /// <summary>All that was measured so far.</summary>
    public IEnumerable<(bool IsDouble, int Threads, Rates Rates)> Measured => _rates.Select(one => (one.Key.IsDouble, one.Key.Threads, one.Value));

    /// <summary>Gives back what earlier cases left: to the collector, and in the pool.</summary>
    public void Settle()
    {
        Device.Trim();
        if (!IsHost && Device.AllocatedBytes == 0) return;
        Held();
        Device.Trim();
    }

    /// <summary>Bytes of device memory held, without what was dropped.</summary>
    public long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Device.AllocatedBytes;
    }

    /// <summary>The best rates seen so far for that precision and number of threads.</summary>
    public Rates RatesOf(bool isDouble, int threads) => _rates.TryGetValue((isDouble, threads), out Rates? rates) ? rates : Measure(isDouble, threads);

    /// <summary>Measures the rates, half a second or less, and remembers the best ever seen for <see cref="RatesOf"/>: another program can only lower them.</summary>
    /// <returns>What was seen now, which on a shared machine may be far from what an hour ago was.</returns>
    public Rates Measure(bool isDouble, int threads)
    {
        Rates now = MeasureNow(), best = _rates.TryGetValue((isDouble, threads), out Rates? before) ? before : MeasureNow(); // the first ones set sizes, and are measured twice
        _rates[(isDouble, threads)] = now.Or(best);
        _measured[(isDouble, threads)] = Stopwatch.GetTimestamp();
        return now;

        Rates MeasureNow() => isDouble ? RatesNow<double>(threads) : RatesNow<float>(threads);
    }

    /// <summary>Measures the rates where they were last measured longer ago than that.</summary>
    public void MeasureAgain(bool isDouble, int threads, TimeSpan age)
    {
        if (!_measured.TryGetValue((isDouble, threads), out long last) || Stopwatch.GetElapsedTime(last) >= age) Measure(isDouble, threads);
    }

    /// <summary>The size for the host, or the largest of some for an accelerator.</summary>
    /// <param name="tiny">The size to see that the case runs, and of a simulated device.</param>
    /// <param name="host">The size on the host.</param>
    /// <param name="accelerator">Sizes for accelerators, largest first.</param>
    /// <param name="isDouble">Whether it computes in float64.</param>
    /// <param name="flops">Operations by size.</param>
    /// <param name="bytes">Device memory by size.</param>
    public int Fit(int tiny, int host, ReadOnlySpan<int> accelerator, bool isDouble, Func<double, double> flops, Func<double, double> bytes)
    {
        if (IsTiny) return tiny;
        if (IsHost) return host;
        double peak = RatesOf(isDouble, 0).Flops, memory = MemoryShare * Device.Description.MemoryBytes;
        foreach (int size in accelerator)
        {
            if (flops(size) <= _secondsAtPeak * peak && bytes(size) <= memory) return size;
        }

        return tiny;
    }

    /// <inheritdoc/>
    public void Dispose() => Device.Dispose();

    private Rates RatesNow<T>(int threads)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        double flops = PeakRates.FlopsPerSecond<T>(Device.Engine, threads, CancellationToken.None);
        if (Device.Engine is HostEngine host)
        {
            return new(
                flops,
                HostRates.ExponentialsPerSecond<T>(host, threads),
                HostRates.ReadBytesPerSecond(host, threads, StreamBytes),
                HostRates.StoreBytesPerSecond(host, threads, StreamBytes));
        }

        // A copy reads and writes at one rate; exponentials are multiply-adds there and too few to count beside the products.
        double copied = PeakRates.CopyBytesPerSecond(Device.Engine, threads, StreamBytes, CancellationToken.None);
        return new(flops, double.PositiveInfinity, copied, copied);
    }
}
