using System.Numerics;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The triangle of a QR of views that live on an accelerator, side by side, centred and scaled: in float64 there, and the triangle alone comes back.</summary>
/// <remarks>Memory on the device: the rows of all views in float64.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal struct ResidentTriangle<T> : IEngineCall
    where T : unmanaged, INumberBase<T>
{
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
            if (typeof(T) == typeof(float)) WidenKernels.Instance.Centre(engine, (DeviceMatrix<float>)(object)part, column, features, centre.View, widened.View, settings);
            else CentreKernels<double>.Instance.Centre(engine, (DeviceMatrix<double>)(object)part, column, features, centre.View, widened.View, settings);
            column += view.Columns;
        }

        // The centre is written anew once all have read it.
        engine.Synchronize(settings.Trace);
    }

    /// <summary>Takes what is left of the means out of them: means of float32 sums miss by what a nearly dependent column is made of.</summary>
    private readonly void Correct(AcceleratorEngine engine, AcceleratorBuffer<double> widened, in RunSettings settings)
    {
        int rows = Views[0].Rows, features = Centre.Length / 2;
        double[] left = ResidentColumns.Sums(engine, widened, rows, features, settings);
        for (int i = 0; i < features; i++) Centre[i] += left[i] / rows / Centre[features + i];
    }
}
