using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json.Serialization;

namespace FusionKernels.Cli;

/// <summary>One kernel on one device against the plain float64 reference.</summary>
/// <param name="KernelName">The kernel's name.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Deviation">The largest difference, relative to the largest value of the reference; null when nothing came back.</param>
/// <param name="Tolerance">The most that is allowed.</param>
/// <param name="Seconds">Time of the check on the device.</param>
/// <param name="Error">What went wrong beside the numbers; null when nothing did.</param>
internal sealed record KernelCheck(
    [property: JsonPropertyName("kernel")] string KernelName, string Device, string Precision, double? Deviation, double Tolerance, double Seconds, string? Error)
{
    /// <summary>
    /// 85 units of float32 and 4500 of float64: a sum over the features, one function and up to the third power each add
    /// a few; a wrong formula or a lost element is off by far more.
    /// </summary>
    private const double Tolerance32 = 1e-5, Tolerance64 = 1e-12;

    /// <summary>Rows, columns and features: no multiple of any tile or vector, so that every edge is met.</summary>
    private const int Rows = 67, Columns = 53, Features = 19;

    /// <summary>Whether the device computes this kernel right.</summary>
    public bool Passed => Error is null && Deviation <= Tolerance;

    /// <summary>What is checked: every kernel of the table, and the ways in which kernels compose.</summary>
    public static IReadOnlyList<(string Name, Kernel Kernel)> Suite { get; } =
    [
        .. KernelChoice.All.Select(choice => (choice.Name, choice.Create(new KernelParameters()))),
        ("matern, nu 0.5", Kernel.Matern(0.5)),
        ("matern, nu 2.5", Kernel.Matern(2.5)),
        ("polynomial, normalised", Kernel.Polynomial().Normalized()),
        ("rbf, centred", Kernel.Rbf().Centered()),
        ("fused views", (0.5 * Kernel.Rbf().On(..10)) + (0.5 * Kernel.Laplacian().On(10..))),
        ("product", Kernel.Rbf() * Kernel.Cosine()),
    ];

    /// <summary>Checks one kernel, symmetric and rectangular.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelCheck Run((string Name, Kernel Kernel) subject, ComputeDevice device, bool float64, int threads, CancellationToken cancellation) =>
        float64
            ? Run<double>(subject, device, Tolerance64, threads, cancellation)
            : Run<float>(subject, device, Tolerance32, threads, cancellation);

    /// <summary>A check with its outcome: the deviation and the seconds on the device, or what went wrong.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelCheck Attempt(KernelCheck check, Func<(double Deviation, double Seconds)> run)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            (double deviation, double seconds) = run();
            return check with { Deviation = double.IsFinite(deviation) ? deviation : double.MaxValue, Seconds = seconds };
        }
#pragma warning disable CA1031 // a check that ends in an error is a failed check, and the others must still run
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return check with { Error = Failure.Of(exception).Message, Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds };
        }
    }

    private static KernelCheck Run<T>((string Name, Kernel Kernel) subject, ComputeDevice device, double tolerance, int threads, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string precision = typeof(T) == typeof(float) ? "float32" : "float64";
        KernelCheck check = new(subject.Name, device.Description.Name, precision, null, tolerance, 0, null);
        Tensor<T> x = Samples<T>(Rows, seed: 1), y = Samples<T>(Columns, seed: 2);
        GramOptions options = new() { Device = device, Threads = threads, Cancellation = cancellation };
        return Attempt(check, () =>
        {
            long started = Stopwatch.GetTimestamp();
            Tensor<T> symmetric = Gram.Compute(x, subject.Kernel, options);
            Tensor<T> rectangular = Gram.Compute(x, y, subject.Kernel, options);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return (Math.Max(
                ReferenceGram.Deviation(symmetric, ReferenceGram.Of(subject.Kernel, x)),
                ReferenceGram.Deviation(rectangular, ReferenceGram.Of(subject.Kernel, x, y))), seconds);
        });
    }

    /// <summary>Numbers above 0, which every kernel takes; some rows alike, so that near pairs are met too.</summary>
    private static Tensor<T> Samples<T>(int rows, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> samples = Tensor.CreateFromShape<T>([rows, Features]);
        uint state = (uint)seed * 2654435761u;
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < Features; k++)
            {
                state = (state * 1664525u) + 1013904223u;
                samples[i, k] = T.CreateChecked((state >> 8) / (double)(1 << 24) + (i % 7 == 0 ? 0.25 * k / Features : 0.1));
            }
        }

        return samples;
    }
}
