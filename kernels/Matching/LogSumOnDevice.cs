using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels.Kernels.Matching;

/// <summary>Adds tiles of a Gram matrix to the sums of their rows, where they lie on the device.</summary>
internal readonly struct LogSumOnDevice<T>(AcceleratorEngine engine, LogSumState<T> state, double factor, RunSettings settings) : IDeviceTileConsumer<T>
    where T : unmanaged, INumberBase<T>
{
    /// <inheritdoc/>
    public void Accept(int row, int column, in DeviceMatrix<T> tile, AcceleratorBuffer<T> memory) =>
        LogSumKernels<T>.Instance.Add(engine, tile, row, column, state, factor, settings);

    /// <inheritdoc/>
    public void Restart(int row, int rows) => state.Restart(row, rows);
}
