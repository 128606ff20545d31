using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>min |A x - b|, x of 0 or more, for matrices of one shape and right-hand sides of each, as an engine runs it.</summary>
/// <typeparam name="T">The element that an accelerator computes in; the host computes in float64.</typeparam>
internal readonly struct NonNegativeCall<T> : IEngineCall, IBatchCall
    where T : unmanaged, INumberBase<T>
{
    /// <summary>items x rows x columns, finite.</summary>
    public required double[] Matrices { get; init; }

    /// <summary>items x rows x width, finite.</summary>
    public required double[] Right { get; init; }

    /// <summary>Rows, columns and right-hand sides of a matrix.</summary>
    public required NonNegativeShape Shape { get; init; }

    /// <summary>By item: receives the solutions.</summary>
    public required NonNegativeSides[] Sides { get; init; }

    /// <summary>Whether matrices are taken side by side.</summary>
    public required bool IsBatch { get; init; }

    /// <summary>Who takes the steps.</summary>
    public required HostEngine Host { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        if (IsBatch) HostBatch.Run(engine, this, Sides.Length);
        else RunItem(engine, 0, Settings with { Trace = null });
        Settings.Trace?.Computed(started, Sides.Length);
        Settings.Trace?.Tiling = Told("");
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        if (Matrices.Length == 0 || Right.Length == 0)
        {
            OnHost(Host);
            return;
        }

        int most = Sides.Length, size = Shape.Rows * Shape.Columns, sideSize = Shape.Rows * Shape.Width;
        string way = "";
        for (int first = 0; first < Sides.Length;)
        {
            Settings.Cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(most, Sides.Length - first);
            try
            {
                NonNegativeDevice<T> device = new(engine, Host, Shape, count, IsBatch, Settings with { Progress = PartialProgress.Of(Settings.Progress, first, Sides.Length, count) });
                way = device.Solve(Matrices.AsSpan(first * size, count * size), Right.AsSpan(first * sideSize, count * sideSize), Sides.AsSpan(first, count));
            }
            catch (DeviceOutOfMemoryException) when (count > 1)
            {
                most = (count + 1) / 2;
                Settings.Trace?.Retries += 1;
                continue;
            }

            first += count;
        }

        Settings.Progress?.Report(1);
        Settings.Trace?.Tiling = Told($"{way} in {Element.NameOf<T>()}, then ");
    }

    /// <inheritdoc/>
    public void RunItem(HostEngine engine, int item, in RunSettings settings)
    {
        (int rows, int columns, int width) = Shape;
        NonNegativeHost solver = new(engine, new(rows, columns, Matrices.AsSpan(item * rows * columns, rows * columns).ToArray()), settings);
        DenseMatrix right = new(rows, width, Right.AsSpan(item * rows * width, rows * width).ToArray());
        NonNegativeSides sides = new(columns, width);
        for (int c = 0; c < width; c++)
        {
            sides.Take(c, solver.Solve(right.Column(c)));
            settings.Progress?.Report((c + 1.0) / width);
        }

        Sides[item] = sides;
    }

    private string Told(string before)
    {
        string items = IsBatch ? $"{Sides.Length} x " : "", threads = IsBatch ? ", a matrix a thread" : "";
        return $"{items}{Shape.Rows} x {Shape.Columns}: {before}active set in float64{(before.Length > 0 ? " on the host" : "")}, {Sides.Sum(sides => sides.Steps)} steps{threads}";
    }
}

/// <summary>Extents of one problem.</summary>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Width">Right-hand sides.</param>
internal readonly record struct NonNegativeShape(int Rows, int Columns, int Width)
{
    /// <summary>Columns of Q and rows of R.</summary>
    public int Steps => Math.Min(Rows, Columns);
}
