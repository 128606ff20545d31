using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>A merge of parts that live on a device, in their order.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="rows">Heads, queries of a head and features of an output row; where queries are packed, their heads lie side by side.</param>
/// <param name="parts">Outputs and log-sum-exps, dense.</param>
/// <param name="output">Receives the output.</param>
/// <param name="sums">Receives the log-sum-exps.</param>
/// <param name="settings">How to run.</param>
internal readonly struct MergeCall<T>(
    (int Heads, int Queries, int Width, bool ArePacked) rows, (DeviceBuffer<T> Output, DeviceBuffer<T> Sums)[] parts, DeviceBuffer<T> output, DeviceBuffer<T> sums, RunSettings settings) : IEngineCall
    where T : unmanaged
{
    /// <inheritdoc/>
    public string Operation => settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        Span<T> merged = ((HostBuffer<T>)output).Span, logSums = ((HostBuffer<T>)sums).Span;
        merged.Clear();
        logSums.Fill(Simd.Element.Of<T>(double.NegativeInfinity));
        foreach ((DeviceBuffer<T> part, DeviceBuffer<T> partSums) in parts) AttentionMerge.Add<T>(rows.Width, ((HostBuffer<T>)part).Span, ((HostBuffer<T>)partSums).Span, merged, logSums, rows.ArePacked ? rows.Heads : 1);
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        if (sums.Length == 0) return;
        (int heads, int queries, int width, bool arePacked) = rows;
        DeviceStrides strides = arePacked ? DeviceStrides.Of(0, 0, width, (long)heads * width, 1) : DeviceStrides.Of(0, (long)heads * queries * width, (long)queries * width, width, 1);
        MergeShape shape = new() { Rows = sums.Length, Queries = queries, Heads = heads, Width = width, Parts = 1, Output = strides, Part = strides };
        foreach ((DeviceBuffer<T> part, DeviceBuffer<T> partSums) in parts)
        {
            AttentionMergeDevice.Run(engine, ((AcceleratorBuffer<float>)(object)part).View, ((AcceleratorBuffer<float>)(object)partSums).View, ((AcceleratorBuffer<float>)(object)output).View, ((AcceleratorBuffer<float>)(object)sums).View, shape, settings);
            shape.HasBefore = 1;
        }
    }
}
