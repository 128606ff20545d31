using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>A set of series on a device: its values, and where each series lies. Disposing returns what was rented.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class DeviceSet<T> : IDisposable
    where T : unmanaged
{
    private readonly IDisposable _owned;
    private readonly long[] _starts;
    private readonly int[] _firstSteps;

    private DeviceSet(IDisposable owned, ArrayView<T> values, long[] starts, int[] firstSteps, int[] lengths)
    {
        (_owned, Values, _starts, _firstSteps, Lengths) = (owned, values, starts, firstSteps, lengths);
        foreach (int length in lengths) Longest = Math.Max(Longest, length);
    }

    /// <summary>The memory of the values.</summary>
    public ArrayView<T> Values { get; }

    /// <summary>Samples of each series.</summary>
    public int[] Lengths { get; }

    /// <summary>The most samples of a series.</summary>
    public int Longest { get; }

    /// <summary>Elements from one part to the next.</summary>
    public long PartStride { get; private init; }

    /// <summary>Elements from one sample to the next.</summary>
    public long StepStride { get; private init; }

    /// <summary>Channels of a sample.</summary>
    public int Channels { get; private init; }

    /// <summary>The packs that it was made from; empty where the series were on the device before.</summary>
    public SeriesPack<T>[] Packs { get; private init; } = [];

    /// <summary>Uploads series: one pack for each part, of the same lengths.</summary>
    public static DeviceSet<T> Upload(AcceleratorEngine engine, SeriesPack<T>[] parts, in RunSettings settings)
    {
        SeriesPack<T> first = parts[0];
        AcceleratorBuffer<T> buffer = engine.Rent<T>((long)parts.Length * first.Values.Length, settings.Operation);
        try
        {
            for (int part = 0; part < parts.Length; part++) engine.Upload<T>(parts[part].Values, buffer, (long)part * first.Values.Length);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        return new(buffer, buffer.View, [.. first.Starts.Select(start => (long)start * first.Channels)], first.Starts, first.Lengths)
        {
            PartStride = first.Values.Length,
            StepStride = first.Channels,
            Channels = first.Channels,
            Packs = parts,
        };
    }

    /// <summary>Takes the rows of a matrix as series of one channel, where they are if that is this device.</summary>
    public static DeviceSet<T> Of(AcceleratorEngine engine, in Operand<T> series, in RunSettings settings)
    {
        DeviceMatrix<T> matrix = engine.Read(series, settings);
        long[] starts = new long[matrix.Rows];
        int[] lengths = new int[matrix.Rows];
        for (int i = 0; i < starts.Length; i++) starts[i] = matrix.Offset + (i * matrix.RowStride);
        Array.Fill(lengths, matrix.Columns);
        return new(matrix, matrix.View, starts, new int[starts.Length], lengths) { StepStride = matrix.ColumnStride, Channels = 1 };
    }

    /// <summary>A matrix of given costs as the one series of a problem that reads it in place of samples.</summary>
    public static DeviceSet<T> OfCosts(AcceleratorEngine engine, in Operand<T> costs, in RunSettings settings)
    {
        DeviceMatrix<T> matrix = engine.Read(costs, settings);
        return new(matrix, matrix.View, [matrix.Offset], [0], [matrix.Rows]) { StepStride = matrix.RowStride, PartStride = matrix.ColumnStride, Channels = 1 };
    }

    /// <summary>Some of the series as kernels read them, the longest first, so that pairs side by side take about as long.</summary>
    /// <param name="first">The first one.</param>
    /// <param name="count">How many.</param>
    /// <param name="classLengths">The length of each class of lengths.</param>
    public DeviceSeries<T>[] List(int first, int count, out int[] classLengths)
    {
        int[] order = new int[count], lengths = new int[count];
        for (int i = 0; i < count; i++) (order[i], lengths[i]) = (first + i, -Lengths[first + i]);

        // Equal lengths stay in their order, so that a list depends on its series alone.
        if (lengths.AsSpan().ContainsAnyExcept(count > 0 ? lengths[0] : 0)) order = [.. order.OrderBy(i => -Lengths[i])];
        List<int> classes = [];
        DeviceSeries<T>[] list = new DeviceSeries<T>[count];
        for (int i = 0; i < count; i++)
        {
            int length = Lengths[order[i]];
            if (classes.Count == 0 || classes[^1] != length) classes.Add(length);
            list[i] = new()
            {
                Start = _starts[order[i]],
                FirstStep = _firstSteps[order[i]],
                Length = length,
                LengthValue = Element.Of<T>(length),
                Index = order[i],
                LengthClass = classes.Count - 1,
            };
        }

        classLengths = [.. classes];
        return list;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();
}
