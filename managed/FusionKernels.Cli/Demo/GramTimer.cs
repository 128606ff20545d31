using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>Times a Gram matrix on a device whose memory already holds the rows.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class GramTimer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Enough for one run that nothing disturbed.</summary>
    private const int MostRuns = 20;

    private static readonly TimeSpan s_longEnough = TimeSpan.FromMilliseconds(100);

    private readonly Tensor<T> _rows;
    private readonly DeviceTensor<T>? _uploaded;
    private readonly GramOptions _options;
    private readonly Tensor<T> _gram;

    /// <summary>Puts the rows on the device.</summary>
    /// <exception cref="DeviceOutOfMemoryException">They do not fit.</exception>
    public GramTimer(ComputeDevice device, Tensor<T> rows, int threads, CancellationToken cancellation)
    {
        _rows = rows;
        _gram = Tensor.CreateFromShapeUninitialized<T>([rows.Lengths[0], rows.Lengths[0]]);
        _options = new() { Device = device, Threads = threads, Cancellation = cancellation };
        if (device.Description.Kind != DeviceKind.Host) _uploaded = device.Upload(rows);
    }

    /// <summary>The time of the fastest of several runs, without transfers.</summary>
    public double BestSeconds(Kernel kernel)
    {
        double best = double.PositiveInfinity;
        long started = Stopwatch.GetTimestamp();
        for (int run = 0; run < MostRuns && (run == 0 || Stopwatch.GetElapsedTime(started) < s_longEnough); run++)
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            best = Math.Min(best, Seconds(kernel, _gram, download: false));
        }

        return best;
    }

    /// <summary>The matrix.</summary>
    public Tensor<T> Compute(Kernel kernel)
    {
        Tensor<T> gram = Tensor.CreateFromShapeUninitialized<T>(_gram.Lengths);
        Seconds(kernel, gram, download: true);
        return gram;
    }

    /// <inheritdoc/>
    public void Dispose() => _uploaded?.Dispose();

    private double Seconds(Kernel kernel, Tensor<T> gram, bool download)
    {
        long started = Stopwatch.GetTimestamp();
        if (_uploaded is null)
        {
            Gram.Compute(_rows.AsReadOnlyTensorSpan(), kernel, gram.AsTensorSpan(), _options);
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        using DeviceTensor<T> result = Gram.Compute(_uploaded, kernel, _options);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (download) result.DownloadTo(gram.AsTensorSpan());
        return seconds;
    }
}
