using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Moving;

/// <summary>Windows on devices: a thread owns a window, and neighbouring threads read side by side. No shared memory.</summary>
internal static class MovingKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="series">Memory of the series.</param>
    /// <param name="result">Memory of the results.</param>
    /// <param name="shape">Sizes and places.</param>
    /// <param name="weight">1 / samples of a window.</param>
    public static void Run<V, T, TRule>(ArrayView<T> series, ArrayView<T> result, MovingShape shape, T weight)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : struct, IMovingRule<T>
    {
        long index = shape.First + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (index >= shape.Count) return;
        long row = index / shape.Windows, column = index - (row * shape.Windows);
        long at = shape.Series + (row * shape.SeriesStride) + column;
        V centre = V.Broadcast(series[at]);
        if (TRule.IsAroundMean) centre = Window<V, T, MeanRule<T>>(series, at, shape.Window, centre, V.Broadcast(weight));
        result.Cast<V>()[shape.Result + (row * shape.ResultStride) + column] = Window<V, T, TRule>(series, at, shape.Window, centre, V.Broadcast(weight));
    }

    private static V Window<V, T, TRule>(ArrayView<T> series, long at, int window, V centre, V weight)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : struct, IMovingRule<T>
    {
        V state = TRule.Start(V.Broadcast(series[at]));
        for (int k = 0; k < window; k++) state = TRule.Add(state, V.Broadcast(series[at + k]), centre, weight);
        return TRule.Result(state, centre);
    }
}

/// <summary>Sizes and places, as a kernel argument.</summary>
internal struct MovingShape
{
    /// <summary>The first window of this launch, over all rows.</summary>
    public long First;

    /// <summary>Windows of all rows.</summary>
    public long Count;

    /// <summary>Windows of a row.</summary>
    public int Windows;

    /// <summary>Samples of a window.</summary>
    public int Window;

    /// <summary>The first sample in its buffer, and samples from one row to the next.</summary>
    public long Series, SeriesStride;

    /// <summary>The first result in its buffer, and results from one row to the next.</summary>
    public long Result, ResultStride;
}
