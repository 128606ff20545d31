using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>One step of an optimizer: a thread owns one parameter and its state. No shared memory.</summary>
internal static class StepKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    /// <summary>The kernel.</summary>
    /// <param name="parameters">Memory of the parameters.</param>
    /// <param name="gradients">Memory of their gradients.</param>
    /// <param name="first">Memory of the first state.</param>
    /// <param name="second">Memory of the second state; anything where there is none.</param>
    /// <param name="shape">Sizes and places.</param>
    /// <param name="rule">The optimizer.</param>
    public static void Run<V, T, TRule>(ArrayView<T> parameters, ArrayView<T> gradients, ArrayView<T> first, ArrayView<T> second, StepShape shape, TRule rule)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IStepRule<T>
    {
        long i = shape.From + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (i >= shape.Count) return;
        Stepped<V> next = rule.Step(
            V.Broadcast(parameters[shape.Parameters + i]),
            V.Broadcast(gradients[shape.Gradients + i]),
            V.Broadcast(first[shape.First + i]),
            TRule.HasSecond ? V.Broadcast(second[shape.Second + i]) : V.Constant(0));
        parameters.Cast<V>()[shape.Parameters + i] = next.Parameter;
        first.Cast<V>()[shape.First + i] = next.First;
        if (TRule.HasSecond) second.Cast<V>()[shape.Second + i] = next.Second;
    }
}

/// <summary>Sizes and places of a step, as a kernel argument.</summary>
internal struct StepShape
{
    /// <summary>The first parameter of this launch.</summary>
    public long From;

    /// <summary>Parameters.</summary>
    public long Count;

    /// <summary>The first parameter in its buffer.</summary>
    public long Parameters;

    /// <summary>The first gradient in its buffer.</summary>
    public long Gradients;

    /// <summary>The first state in its buffer.</summary>
    public long First;

    /// <summary>The second state in its buffer.</summary>
    public long Second;
}

/// <summary>The device kernel of one optimizer, for callers that know the element but not the lane.</summary>
internal abstract class StepKernels<T, TRule>
    where T : unmanaged
    where TRule : unmanaged, IStepRule<T>
{
    private const double FlopsPerElement = 30;

    /// <summary>The kernel of this element and optimizer.</summary>
    public static StepKernels<T, TRule> Instance { get; } = DeviceLane.Create<StepKernels<T, TRule>>(typeof(LaneStepKernels<,,>), typeof(T), typeof(TRule));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Takes the step; the last launch may still run on return.</summary>
    public void Step(
        AcceleratorEngine engine,
        in DeviceMatrix<T> parameters,
        in DeviceMatrix<T> gradients,
        in DeviceMatrix<T> first,
        in DeviceMatrix<T> second,
        TRule rule,
        in RunSettings settings)
    {
        int groupSize = Math.Min(StepKernel.GroupSize, engine.MaxGroupSize);
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch(groupSize * FlopsPerElement);
        StepShape shape = new()
        {
            Count = parameters.Columns,
            Parameters = parameters.Offset,
            Gradients = gradients.Offset,
            First = first.Offset,
            Second = second.Offset,
        };
        for (; shape.From < shape.Count; shape.From += (long)groups * groupSize)
        {
            int wanted = (int)Math.Min(groups, (shape.Count - shape.From + groupSize - 1) / groupSize);
            Launch(engine, new KernelConfig(wanted, groupSize), parameters.View, gradients.View, first.View, second.View, shape, rule, settings.Trace);
        }
    }

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> parameters,
        ArrayView<T> gradients,
        ArrayView<T> first,
        ArrayView<T> second,
        in StepShape shape,
        TRule rule,
        ExecutionTrace? trace);
}

/// <summary>The device kernel of one optimizer with one lane.</summary>
internal sealed class LaneStepKernels<V, T, TRule> : StepKernels<T, TRule>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TRule : unmanaged, IStepRule<T>
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, StepShape, TRule> s_run = StepKernel.Run<V, T, TRule>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> parameters,
        ArrayView<T> gradients,
        ArrayView<T> first,
        ArrayView<T> second,
        in StepShape shape,
        TRule rule,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, parameters, gradients, first, second, shape, rule);
    }
}
