using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Launches in pieces that a display's driver bears, and the kernels that have one form.</summary>
internal static class AttentionLaunches
{
    private static readonly Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, MeansShape> s_means = AttentionMeansKernel.Run;
    private static readonly Action<ArrayView<float>, ArrayView<float>, PairSums, long> s_sum = AttentionSumKernel.Run;
    private static readonly Action<ArrayView<byte>, ArrayView<byte>, MaskShape> s_mask = AttentionMaskKernel.Run;
    private static readonly DeviceKernel s_maskKernel = DeviceKernel.Of(s_mask, isDouble: false, isHot: false);
    private static readonly DeviceKernel s_meansKernel = DeviceKernel.Of(s_means, isDouble: false, isHot: false);
    private static readonly DeviceKernel s_sumKernel = DeviceKernel.Of(s_sum, isDouble: false, isHot: false);

    /// <summary>The kernels, for the code generation suite.</summary>
    public static IEnumerable<DeviceKernel> Kernels => [s_meansKernel, s_sumKernel, s_maskKernel];

    /// <summary>Takes groups a piece at a time: from one on, so many.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="groups">Groups in all.</param>
    /// <param name="flopsPerGroup">What one computes.</param>
    /// <param name="settings">How to run.</param>
    /// <param name="launch">Launches some groups.</param>
    public static void InPieces(AcceleratorEngine engine, long groups, double flopsPerGroup, in RunSettings settings, Action<long, int> launch)
    {
        int atOnce = DeviceLimits.Of(engine).GroupsPerLaunch(flopsPerGroup);
        for (long first = 0; first < groups; first += atOnce)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            launch(first, (int)Math.Min(atOnce, groups - first));
            settings.Trace?.Tiles += 1;
            if (groups > atOnce) engine.Synchronize(settings.Trace);
        }
    }

    /// <summary>References and means of all query rows.</summary>
    public static void Means(AcceleratorEngine engine, ArrayView<float> output, ArrayView<float> gradient, ArrayView<float> logSumExp, ArrayView<float> references, MeansShape shape, in RunSettings settings)
    {
        ExecutionTrace? trace = settings.Trace;
        const int Size = AttentionMeansKernel.GroupSize;
        InPieces(engine, (shape.Rows + Size - 1) / Size, 2.0 * Size * (shape.Width + 1), settings, (first, count) =>
        {
            var launcher = engine.Kernel(s_meansKernel.Name, s_meansKernel, static accelerator => accelerator.LoadStreamKernel(s_means), trace);
            engine.Launching(s_meansKernel.Name);
            launcher(new KernelConfig(count, Size), output, gradient, logSumExp, references, shape with { FirstRow = first * Size });
        });
    }

    /// <summary>Which blocks of a mask keep anything.</summary>
    public static void Mask(AcceleratorEngine engine, ArrayView<byte> mask, ArrayView<byte> kept, MaskShape shape, long blocks, in RunSettings settings)
    {
        ExecutionTrace? trace = settings.Trace;
        InPieces(engine, blocks, (double)shape.Rows * shape.Columns, settings, (first, count) =>
        {
            var launcher = engine.Kernel(s_maskKernel.Name, s_maskKernel, static accelerator => accelerator.LoadStreamKernel(s_mask), trace);
            engine.Launching(s_maskKernel.Name);
            launcher(new KernelConfig(count, AttentionMaskKernel.GroupSize), mask, kept, shape with { FirstBlock = first });
        });
    }

    /// <summary>Adds chunks to a result.</summary>
    public static void Sum(AcceleratorEngine engine, ArrayView<float> chunks, ArrayView<float> result, PairSums sums, in RunSettings settings)
    {
        ExecutionTrace? trace = settings.Trace;
        const int Size = AttentionSumKernel.GroupSize;
        InPieces(engine, (sums.ChunkStride + Size - 1) / Size, (double)Size * sums.Chunks, settings, (first, count) =>
        {
            var launcher = engine.Kernel(s_sumKernel.Name, s_sumKernel, static accelerator => accelerator.LoadStreamKernel(s_sum), trace);
            engine.Launching(s_sumKernel.Name);
            launcher(new KernelConfig(count, Size), chunks, result, sums, first * Size);
        });
    }
}
