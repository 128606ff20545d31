using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The kernel of soft derivatives for a factor, for callers that know the element but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class SoftGradientKernels<T>
    where T : unmanaged
{
    private static readonly SoftGradientKernels<T> s_exponential = Create(typeof(ExponentialFactor<T>)), s_alignment = Create(typeof(GlobalAlignmentFactor<T>));
    private static readonly SoftGradientKernels<T> s_skippingExponential = Create(typeof(SkippingFactor<ExponentialFactor<T>, T>)), s_skippingAlignment = Create(typeof(SkippingFactor<GlobalAlignmentFactor<T>, T>));

    /// <summary>All of them.</summary>
    public static IEnumerable<DeviceKernel> All => new[] { s_exponential, s_alignment, s_skippingExponential, s_skippingAlignment }.Select(one => one.Kernel);

    /// <summary>The kernel.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>That of a factor, where missing samples cost nothing or where there are none.</summary>
    public static SoftGradientKernels<T> Of(SoftFactor factor, bool skipsMissing) => factor == SoftFactor.Exponential
        ? skipsMissing ? s_skippingExponential : s_exponential
        : skipsMissing ? s_skippingAlignment : s_alignment;

    /// <summary>Launches it; it is compiled for the engine at its first use.</summary>
    public abstract void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<SoftDevicePair> pairs,
        ArrayView<int> bands,
        ArrayView<T> work,
        in SoftGradientShape shape,
        ExecutionTrace? trace);

    private static SoftGradientKernels<T> Create(Type factor) => DeviceLane.Create<SoftGradientKernels<T>>(typeof(LaneSoftGradientKernels<,,>), typeof(T), factor);
}

/// <summary>The same with one lane.</summary>
internal sealed class LaneSoftGradientKernels<V, T, TFactor> : SoftGradientKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TFactor : unmanaged, ISoftFactor<T>
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<SoftDevicePair>, ArrayView<int>, ArrayView<T>, SoftGradientShape> s_run =
        SoftGradientKernel.Run<V, T, TFactor>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    public override void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<SoftDevicePair> pairs,
        ArrayView<int> bands,
        ArrayView<T> work,
        in SoftGradientShape shape,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, x, y, pairs, bands, work, shape);
    }
}
