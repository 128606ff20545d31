using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;

namespace FusionKernels.Tests.Warping;

/// <summary>Series for tests of the family, in the forms that its parts take.</summary>
internal static class WarpingSeries
{
    /// <summary>The host at its widest.</summary>
    public static ComputeDevice Host => TestEngines.Present.First(engine => engine.Kind == DeviceKind.Host).Device;

    /// <summary>Random numbers around 0, steps x channels, that the element type holds exactly.</summary>
    public static double[][] Random<T>(Random random, int length, int channels = 1)
        where T : unmanaged => [.. Enumerable.Range(0, length).Select(_ => Enumerable.Range(0, channels).Select(_ => Element.ToDouble(Element.Of<T>(random.NextDouble() - 0.5))).ToArray())];

    /// <summary>time x channels.</summary>
    public static Tensor<T> Tensor<T>(double[][] series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        System.Numerics.Tensors.Tensor.Create([.. series.SelectMany(sample => sample).Select(T.CreateChecked)], [series.Length, series[0].Length]);

    /// <summary>Steps of channels.</summary>
    public static double[][] Steps<T>(Tensor<T> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, (int)series.Lengths[0]).Select(i => Enumerable.Range(0, (int)series.Lengths[1]).Select(c => double.CreateChecked(series[i, c])).ToArray())];

    /// <summary>Steps of channels.</summary>
    public static double[][] Steps<T>(SeriesPack<T> pack, int series)
        where T : unmanaged =>
        [.. Enumerable.Range(0, pack.Lengths[series]).Select(i => pack[series].Slice(i * pack.Channels, pack.Channels).ToArray().Select(Element.ToDouble).ToArray())];

    /// <summary>What the options state of two series, by the definition.</summary>
    public static double Expected(ElasticOptions options, double[][] x, double[][] y)
    {
        SeriesPack<double> rows = SeriesPacking.PackOne<double>(Tensor<double>(x), "x", MissingSamples.Propagate), columns = SeriesPacking.PackOne<double>(Tensor<double>(y), "y", MissingSamples.Propagate);
        return WarpingReference.Distance(options.Problem(x[0].Length), Steps(options.Transform(rows), 0), Steps(options.Transform(columns), 0));
    }
}
