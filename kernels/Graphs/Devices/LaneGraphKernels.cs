using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>The device kernels of graphs with one lane.</summary>
internal sealed class LaneGraphKernels<V, T> : GraphKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private static readonly Action<ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<T>, ArrayView<T>, ArrayView<T>, GraphShape, T, T> s_multiply = SparseProductKernel.Run<V, T>;
    private static readonly Action<ArrayView<int>, ArrayView<int>, ArrayView<T>, ArrayView<T>, ArrayView<T>, GraphShape> s_dot = EntryDotKernel.Run<V, T>;
    private static readonly Action<ArrayView<int>, ArrayView<int>, ArrayView<T>, ArrayView<T>, ArrayView<T>, GraphShape, T> s_score = EntryScoreKernel.Run<V, T>;
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, GraphShape, T> s_scoreGradient = EntryScoreGradientKernel.Run<V, T>;
    private static readonly Action<ArrayView<int>, ArrayView<T>, ArrayView<T>, GraphShape> s_softmax = EntrySoftmaxKernel.Run<V, T>;
    private static readonly Action<ArrayView<int>, ArrayView<T>, ArrayView<T>, ArrayView<T>, GraphShape> s_softmaxGradient = EntrySoftmaxGradientKernel.Run<V, T>;
    private static readonly Action<ArrayView<int>, ArrayView<int>, ArrayView<T>, ArrayView<int>, ArrayView<T>, GraphShape> s_maximum = MaximumKernel.Run<V, T>;
    private static readonly Action<ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<T>, ArrayView<int>, ArrayView<T>, GraphShape> s_maximumGradient = MaximumGradientKernel.Run<V, T>;

    private readonly DeviceKernel _multiply = DeviceKernel.Of(s_multiply, V.IsDouble, isHot: false);
    private readonly DeviceKernel _dot = DeviceKernel.Of(s_dot, V.IsDouble, isHot: false);
    private readonly DeviceKernel _score = DeviceKernel.Of(s_score, V.IsDouble, isHot: false);
    private readonly DeviceKernel _scoreGradient = DeviceKernel.Of(s_scoreGradient, V.IsDouble, isHot: false);
    private readonly DeviceKernel _softmax = DeviceKernel.Of(s_softmax, V.IsDouble, isHot: false);
    private readonly DeviceKernel _softmaxGradient = DeviceKernel.Of(s_softmaxGradient, V.IsDouble, isHot: false);
    private readonly DeviceKernel _maximum = DeviceKernel.Of(s_maximum, V.IsDouble, isHot: false);
    private readonly DeviceKernel _maximumGradient = DeviceKernel.Of(s_maximumGradient, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceKernel> All => [_multiply, _dot, _score, _scoreGradient, _softmax, _softmaxGradient, _maximum, _maximumGradient];

    /// <inheritdoc/>
    public override void Multiply(
        AcceleratorEngine engine, in DevicePattern pattern, ArrayView<T> values, ArrayView<T> dense, ArrayView<T> result, GraphShape shape, double alpha, double beta, double steps, RunSettings settings)
    {
        var launcher = engine.Kernel(_multiply.Name, _multiply, static accelerator => accelerator.LoadStreamKernel(s_multiply), settings.Trace);
        DevicePattern of = pattern;
        Launch(
            engine, _multiply.Name, shape, steps, (config, part) => launcher(config, of.Starts, of.Indices, of.Places, values, dense, result, part, Element.Of<T>(alpha), Element.Of<T>(beta)), settings);
    }

    /// <inheritdoc/>
    public override void Entries(
        AcceleratorEngine engine, EntryStep step, in DevicePattern pattern, ArrayView<T> first, ArrayView<T> second, ArrayView<T> result, GraphShape shape, double slope, double steps, RunSettings settings)
    {
        DevicePattern of = pattern;
        DeviceKernel kernel = step switch
        {
            EntryStep.Dot => _dot,
            EntryStep.Score => _score,
            EntryStep.ScoreGradient => _scoreGradient,
            EntryStep.Softmax => _softmax,
            _ => _softmaxGradient,
        };
        T factor = Element.Of<T>(slope);
        Action<KernelConfig, GraphShape> launch;
        switch (step)
        {
            case EntryStep.Dot:
                var dot = engine.Kernel(kernel.Name, kernel, static accelerator => accelerator.LoadStreamKernel(s_dot), settings.Trace);
                launch = (config, part) => dot(config, of.Owners, of.Indices, first, second, result, part);
                break;
            case EntryStep.Score:
                var score = engine.Kernel(kernel.Name, kernel, static accelerator => accelerator.LoadStreamKernel(s_score), settings.Trace);
                launch = (config, part) => score(config, of.Owners, of.Indices, first, second, result, part, factor);
                break;
            case EntryStep.ScoreGradient:
                var scoreGradient = engine.Kernel(kernel.Name, kernel, static accelerator => accelerator.LoadStreamKernel(s_scoreGradient), settings.Trace);
                launch = (config, part) => scoreGradient(config, first, second, result, part, factor);
                break;
            case EntryStep.Softmax:
                var softmax = engine.Kernel(kernel.Name, kernel, static accelerator => accelerator.LoadStreamKernel(s_softmax), settings.Trace);
                launch = (config, part) => softmax(config, of.Starts, first, result, part);
                break;
            default:
                var gradient = engine.Kernel(kernel.Name, kernel, static accelerator => accelerator.LoadStreamKernel(s_softmaxGradient), settings.Trace);
                launch = (config, part) => gradient(config, of.Starts, first, second, result, part);
                break;
        }

        Launch(engine, kernel.Name, shape, steps, launch, settings);
    }

    /// <inheritdoc/>
    public override void Maximum(
        AcceleratorEngine engine, bool isGradient, in DevicePattern pattern, ArrayView<T> dense, ArrayView<int> entries, ArrayView<T> result, GraphShape shape, double steps, RunSettings settings)
    {
        DevicePattern of = pattern;
        if (isGradient)
        {
            var gradient = engine.Kernel(_maximumGradient.Name, _maximumGradient, static accelerator => accelerator.LoadStreamKernel(s_maximumGradient), settings.Trace);
            Launch(engine, _maximumGradient.Name, shape, steps, (config, part) => gradient(config, of.Starts, of.Indices, of.Places, dense, entries, result, part), settings);
            return;
        }

        var maximum = engine.Kernel(_maximum.Name, _maximum, static accelerator => accelerator.LoadStreamKernel(s_maximum), settings.Trace);
        Launch(engine, _maximum.Name, shape, steps, (config, part) => maximum(config, of.Starts, of.Indices, dense, entries, result, part), settings);
    }
}
