using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = Q R of many small matrices of one shape, as an engine runs it: on the host a matrix a thread, on an accelerator a group.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly unsafe struct QrBatchCall<T> : IEngineCall, IBatchCall
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The smaller extent up to which matrices are small: a group alone takes a large one no faster than the blocked routes.</summary>
    public const int MostSteps = 256;

    /// <summary>items x rows x columns, finite; undefined afterwards.</summary>
    public required T[] Matrices { get; init; }

    /// <summary>Matrices.</summary>
    public required int Items { get; init; }

    /// <summary>Rows of a matrix.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of a matrix.</summary>
    public required int Columns { get; init; }

    /// <summary>Receives items x rows x min.</summary>
    public required T[] Q { get; init; }

    /// <summary>Receives items x min x columns.</summary>
    public required T[] R { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    private int Steps => Math.Min(Rows, Columns);

    /// <inheritdoc/>
    public string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        HostBatch.Run(engine, this, Items);
        Settings.Trace?.Computed(started, Items);
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        int[][] exponents = new int[Items][];
        fixed (T* matrices = Matrices)
        {
            for (int item = 0; item < Items; item++)
            {
                Operand<T> one = new(matrices + ((long)item * Rows * Columns), null, 0, Rows, Columns, Columns, 1);
                exponents[item] = ColumnScaling.Copy(one, Matrices.AsSpan(item * Rows * Columns, Rows * Columns));
            }
        }

        int most = Items;
        for (int first = 0; first < Items;)
        {
            Settings.Cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(most, Items - first);
            try
            {
                Part(engine, first, count);
            }
            catch (DeviceOutOfMemoryException) when (count > 1)
            {
                most = (count + 1) / 2;
                Settings.Trace?.Retries += 1;
                continue;
            }

            first += count;
            Settings.Progress?.Report((double)first / Items);
        }

        for (int item = 0; item < Items; item++)
        {
            Span<T> r = R.AsSpan(item * Steps * Columns, Steps * Columns);
            for (int i = 0; i < Steps; i++) Matrices.AsSpan((((item * Rows) + i) * Columns) + i, Columns - i).CopyTo(r[((i * Columns) + i)..]);
            QrHost.MakePositive(Q.AsSpan(item * Rows * Steps, Rows * Steps), r, Rows, Columns);
            ColumnScaling.Restore(r, Steps, exponents[item], Settings.Operation);
        }

        Settings.Trace?.Tiling = $"{Items} x {Rows} x {Columns}: reflectors, a group per matrix, a thread per column";
    }

    /// <inheritdoc/>
    public void RunItem(HostEngine engine, int item, in RunSettings settings)
    {
        int size = Rows * Columns;
        fixed (T* matrix = Matrices.AsSpan(item * size, size))
        {
            (T[] q, T[] r) = QrHost.Factor(engine, new Operand<T>(matrix, null, 0, Rows, Columns, Columns, 1), settings);
            q.CopyTo(Q, item * Rows * Steps);
            r.CopyTo(R, item * Steps * Columns);
        }
    }

    private void Part(AcceleratorEngine engine, int first, int count)
    {
        int size = Rows * Columns, qSize = Rows * Steps;
        using AcceleratorBuffer<T> matrices = engine.Rent<T>((long)count * size, Settings.Operation), q = engine.Rent<T>((long)count * qSize, Settings.Operation);
        engine.Upload<T>(Matrices.AsSpan(first * size, count * size), matrices, 0);
        HouseholderDevice.Factor(engine, matrices, q, count, Rows, Columns, Settings);

        // The matrices last: until they come back, the part can be done again.
        engine.Download(q, 0, Q.AsSpan(first * qSize, count * qSize));
        engine.Download(matrices, 0, Matrices.AsSpan(first * size, count * size));
    }
}
