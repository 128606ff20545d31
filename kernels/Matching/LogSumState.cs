using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>Potentials, maxima and sums of one pass on a device.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class LogSumState<T> : IDisposable
    where T : unmanaged
{
    private readonly AcceleratorEngine _engine;
    private readonly T[] _values;

    /// <summary>Brings the potentials to the device and begins empty sums.</summary>
    public LogSumState(AcceleratorEngine engine, ReadOnlySpan<double> potentials, int rows, string operation)
    {
        _engine = engine;
        _values = new T[rows];
        Potentials = engine.Rent<T>(potentials.Length, operation);
        try
        {
            Maxima = engine.Rent<T>(rows, operation);
            Sums = engine.Rent<T>(rows, operation);
            engine.Upload<T>(LogSum.Padded<T>(potentials).AsSpan(0, potentials.Length), Potentials, 0);
            Restart(0, rows);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>One potential per column.</summary>
    public AcceleratorBuffer<T> Potentials { get; }

    /// <summary>By row: the largest exponent so far.</summary>
    public AcceleratorBuffer<T> Maxima { get; } = null!;

    /// <summary>By row: the sum so far, relative to it.</summary>
    public AcceleratorBuffer<T> Sums { get; } = null!;

    /// <summary>Forgets the sums of some rows.</summary>
    public void Restart(int row, int rows)
    {
        Span<T> values = _values.AsSpan(0, rows);
        values.Fill(LogSum.None<T>());
        _engine.Upload<T>(values, Maxima, row);
        values.Clear();
        _engine.Upload<T>(values, Sums, row);
    }

    /// <summary>The logarithms of the sums.</summary>
    public void Finish(Span<double> logSums)
    {
        T[] sums = new T[_values.Length];
        _engine.Download<T>(Maxima, 0, _values);
        _engine.Download<T>(Sums, 0, sums);
        for (int i = 0; i < sums.Length; i++) logSums[i] = LogSum.Log(Element.ToDouble(_values[i]), Element.ToDouble(sums[i]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Potentials.Dispose();
        Maxima?.Dispose();
        Sums?.Dispose();
    }
}
