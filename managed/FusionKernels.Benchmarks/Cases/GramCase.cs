using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;

namespace FusionKernels.Bench;

/// <summary>A symmetric float32 Gram matrix through the public API: into the caller's memory on the host, left on the device elsewhere.</summary>
internal sealed class GramCase : BenchCase
{
    private readonly Kernel _kernel;
    private readonly GramOptions _options;
    private readonly Tensor<float> _x;
    private readonly Tensor<float> _result;
    private readonly DeviceTensor<float>? _deviceX;
    private DeviceTensor<float>? _deviceResult;

    private GramCase(DeviceSession session, int rows, int features, Kernel kernel, double exponentialsPerPair, int threads, bool hasFloor)
    {
        Rows = rows;
        Features = features;
        _kernel = kernel;
        _options = new GramOptions { Device = session.Device, Threads = threads };
        Values = Samples.Uniform<float>(rows, features, seed: 6);
        _x = Tensor.Create(Values, [rows, features]);
        _deviceX = session.IsHost ? null : session.Device.Upload(_x);

        // Memory as the library itself allocates it: large results begin at a cache line.
        _result = session.IsHost ? Gram.Compute(_x, kernel, _options) : Tensor.CreateFromShape<float>([0, 0]);
        HasFloor = hasFloor;
        GramPlanSummary plan = Gram.Plan<float>(rows, null, features, kernel);
        double pairs = rows * (rows + 1.0) / 2;
        Work = new(plan.Flops, exponentialsPerPair * pairs, plan.InputBytes, plan.ResultBytes);
    }

    /// <summary>Rows of the data.</summary>
    public int Rows { get; }

    /// <summary>Features of a row.</summary>
    public int Features { get; }

    /// <summary>The data, row-major.</summary>
    public float[] Values { get; }

    /// <inheritdoc/>
    public override string Shape => $"{Rows} x {Rows}, d = {Features}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override bool HasFloor { get; }

    /// <summary>The RBF kernel: 8192 rows on the host, 50 000 on an accelerator that has the memory and the speed.</summary>
    public static GramCase Rbf(DeviceSession session, int features, int threads) =>
        new(session, FittingRows(session, features), features, Kernel.Rbf(), exponentialsPerPair: 1, threads, hasFloor: true);

    /// <summary>A weighted sum of three kernels, evaluated in one pass.</summary>
    public static GramCase Composed(DeviceSession session, int features, int threads)
    {
        Kernel kernel = (0.5 * Kernel.Rbf()) + (0.3 * Kernel.Linear()) + (0.2 * Kernel.Polynomial());
        return new(session, FittingRows(session, 2 * features), features, kernel, exponentialsPerPair: 1, threads, hasFloor: true);
    }

    /// <summary>64 rows of 16 features: what one call costs.</summary>
    public static GramCase Small(DeviceSession session, int threads) =>
        new(session, 64, 16, Kernel.Rbf(), exponentialsPerPair: 1, threads, hasFloor: false);

    /// <inheritdoc/>
    public override void Run()
    {
        if (_deviceX is null)
        {
            Gram.Compute(_x.AsReadOnlyTensorSpan(), _kernel, _result.AsTensorSpan(), _options);
            return;
        }

        // The result's memory goes back to the pool before the next one is taken: there may be room for one only.
        _deviceResult?.Dispose();
        _deviceResult = Gram.Compute(_deviceX, _kernel, _options);
    }

    /// <inheritdoc/>
    public override Action? EndToEnd => _deviceX is null ? null : () =>
    {
        _deviceResult?.Dispose();
        _deviceResult = null;
        Gram.Compute(_x, _kernel, _options);
    };

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(
        Rows,
        Rows,
        (i, j) => _deviceResult is null ? _result[i, j] : DeviceElements.At(_deviceResult, ((long)i * Rows) + j),
        Reference);

    /// <summary>One element in float64.</summary>
    public double Reference(int row, int column)
    {
        GramProgram program = _kernel.Compile(Features).Program;
        return GramReference.Compute(program, Samples.Row(Values, Features, row), Samples.Row(Values, Features, column))[0, 0];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _deviceX?.Dispose();
        _deviceResult?.Dispose();
    }

    private static int FittingRows(DeviceSession session, int features) => session.Fit(
        80, 8192, [50000, 32768, 16384, 8192, 4096, 2048, 1024, 512, 256], isDouble: false, n => n * n * features, n => 4 * n * (n + features));
}
