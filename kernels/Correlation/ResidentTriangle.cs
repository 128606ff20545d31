using System.Numerics;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The triangle of a QR of views that live on an accelerator, side by side, centred and scaled: in float64 there, and the triangle alone comes back.</summary>
/// <remarks>Memory on the device: the rows of all views in float64.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal struct ResidentTriangle<T> : IEngineCall
    where T : unmanaged, INumberBase<T>
{
    private static readonly Action<ArrayView<float>, ArrayView<double>, ArrayView<double>, CentreShape> s_widen = WidenKernel.Run;

    /// <summary>The kernel that widens, for the code generation suite.</summary>
    public static DeviceKernel Kernel { get; } = DeviceKernel.Of(s_widen, isDouble: true, isHot: false);

    /// <summary>The views, of at least as many rows as columns.</summary>
    public required Operand<T>[] Views { get; init; }

    /// <summary>About the means of the columns of all views, which become exact; behind them what the difference is multiplied by, which brings it to about 1.</summary>
    public required double[] Centre { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>columns x columns; null where the device cannot, as <see cref="Why"/> says.</summary>
    public double[]? Triangle { get; private set; }

    /// <summary>Where there is no triangle, why.</summary>
    public string Why { get; private set; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <summary>Never: what lives on the host is read where it lies.</summary>
    public readonly void OnHost(HostEngine engine) => throw new InvalidOperationException("rows of the host need no copy of their own");

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        Why = "the device has no float64";
        if (!engine.SupportsFloat64) return;
        int rows = Views[0].Rows, features = Centre.Length / 2;
        RunSettings inner = Settings with { Progress = null };
        try
        {
            using AcceleratorBuffer<double> widened = engine.Rent<double>((long)rows * features, Settings.Operation), centre = engine.Rent<double>(Centre.Length, Settings.Operation);
            Fill(engine, centre, widened, inner);
            Correct(engine, widened, inner);
            Fill(engine, centre, widened, inner);
            Triangle = CholeskyQrDevice<double>.Factor(engine, DeviceMatrix<double>.Over(engine, widened, 0, rows, features, inner), inner);
            Why = "columns depend on each other to float64's precision, which Cholesky factors cannot take apart";
        }
        catch (DeviceOutOfMemoryException)
        {
            Settings.Trace?.Retries += 1;
            Why = "the device has no room for the rows in float64";
        }
    }

    private readonly void Fill(AcceleratorEngine engine, AcceleratorBuffer<double> centre, AcceleratorBuffer<double> widened, in RunSettings settings)
    {
        engine.Upload<double>(Centre, centre, 0);
        int column = 0, features = Centre.Length / 2;
        foreach (Operand<T> view in Views)
        {
            using DeviceMatrix<T> part = engine.Read(view, settings);
            if (typeof(T) == typeof(float)) Widen(engine, (DeviceMatrix<float>)(object)part, column, features, centre.View, widened.View);
            else CentreKernels<double>.Instance.Centre(engine, (DeviceMatrix<double>)(object)part, column, features, centre.View, widened.View, settings);
            column += view.Columns;
        }

        // The centre is written anew once all have read it.
        engine.Synchronize(settings.Trace);
    }

    /// <summary>Takes what is left of the means out of them: means of float32 sums miss by what a nearly dependent column is made of.</summary>
    private readonly unsafe void Correct(AcceleratorEngine engine, AcceleratorBuffer<double> widened, in RunSettings settings)
    {
        int rows = Views[0].Rows, features = Centre.Length / 2;
        using AcceleratorBuffer<double> sums = engine.Rent<double>(rows + (long)features, settings.Operation);
        double[] ones = new double[rows], left = new double[features];
        Array.Fill(ones, 1);
        engine.Upload<double>(ones, sums, 0);
        Operand<double> byColumn = new(null, widened, 0, features, rows, 1, features), one = new(null, sums, 0, 1, rows, rows, 1), sum = new(null, sums, rows, features, 1, 1, 1);
        ProductsDevice.Run<double, DotTerm<double>, Scaled<double>>(engine, byColumn, one, sum, isSymmetric: false, new(1), settings);
        engine.Download(sums, rows, left.AsSpan());
        for (int i = 0; i < features; i++) Centre[i] += left[i] / rows / Centre[features + i];
    }

    private readonly void Widen(AcceleratorEngine engine, in DeviceMatrix<float> view, int column, int features, ArrayView<double> centre, ArrayView<double> target)
    {
        CentreShape shape = new()
        {
            Offset = view.Offset,
            RowStride = view.RowStride,
            ColumnStride = view.ColumnStride,
            Column = column,
            Columns = view.Columns,
            Features = features,
        };
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_widen), Settings.Trace);
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch(2.0 * view.Columns);
        for (; shape.First < view.Rows; shape.First += groups)
        {
            Settings.Cancellation.ThrowIfCancellationRequested();
            engine.Launching(Kernel.Name);
            launcher(new KernelConfig(Math.Min(groups, view.Rows - shape.First), Math.Min(CentreKernel.GroupSize, engine.MaxGroupSize)), view.View, centre, target, shape);
        }
    }
}
