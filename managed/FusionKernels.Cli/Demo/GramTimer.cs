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

    private static readonly TimeSpan s_longEnough = TimeSpan.FromMilliseconds(300);

    private readonly Tensor<T> _rows;
    private readonly DeviceTensor<T>? _uploaded;
    private readonly GramOptions _options;
    private readonly Tensor<T> _scratch;

    /// <summary>Puts the rows on the device.</summary>
    /// <exception cref="DeviceOutOfMemoryException">They do not fit.</exception>
    public GramTimer(ComputeDevice device, Tensor<T> rows, int threads, CancellationToken cancellation)
    {
        _rows = rows;
        _scratch = Tensor.CreateFromShapeUninitialized<T>([rows.Lengths[0], rows.Lengths[0]]);
        _options = new() { Device = device, Threads = threads, Cancellation = cancellation };
        if (device.Description.Kind != DeviceKind.Host) _uploaded = device.Upload(rows);
    }

    /// <summary>Computes the matrix, once to compile and warm up and then several times.</summary>
    /// <returns>The matrix and the time of the fastest run, without transfers.</returns>
    public (Tensor<T> Gram, double Seconds) Run(Kernel kernel)
    {
        Tensor<T> gram = Tensor.CreateFromShapeUninitialized<T>([_rows.Lengths[0], _rows.Lengths[0]]);
        Compute(kernel, gram, download: true);
        double best = double.PositiveInfinity;
        long started = Stopwatch.GetTimestamp();
        for (int run = 0; run < MostRuns && (run == 0 || Stopwatch.GetElapsedTime(started) < s_longEnough); run++)
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            best = Math.Min(best, Compute(kernel, gram, download: false));
        }

        return (gram, best);
    }

    /// <summary>Computes the matrix once and forgets it.</summary>
    public void Once(Kernel kernel)
    {
        _options.Cancellation.ThrowIfCancellationRequested();
        Compute(kernel, _scratch, download: false);
    }

    /// <inheritdoc/>
    public void Dispose() => _uploaded?.Dispose();

    private double Compute(Kernel kernel, Tensor<T> gram, bool download)
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
