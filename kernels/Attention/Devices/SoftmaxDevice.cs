using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Softmax on an accelerator, in float32.</summary>
/// <param name="rows">Rows.</param>
/// <param name="length">Elements of a row.</param>
/// <param name="isLog">Whether logarithms are wanted.</param>
/// <param name="settings">How to run.</param>
internal struct SoftmaxDevice(long rows, int length, bool isLog, RunSettings settings) : IEngineCall
{
    private static readonly Action<ArrayView<float>, ArrayView<float>, ArrayView<byte>, ArrayView<int>, SoftmaxShape> s_run = SoftmaxKernel.Run;

    /// <summary>The kernel, for the code generation suite.</summary>
    public static DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: false, isHot: false);

    /// <summary>The elements on the host, replaced; null where they live on the device.</summary>
    public float[]? Elements { get; init; }

    /// <summary>The elements on the device; null where they are the host's.</summary>
    public DeviceBuffer<float>? Source { get; init; }

    /// <summary>Receives as many elements on the device; null where they are the host's.</summary>
    public DeviceBuffer<float>? Result { get; init; }

    /// <summary>Which elements are kept, one for each; null for all.</summary>
    public bool[]? Mask { get; init; }

    /// <summary>Whether every element that is kept is a number or -infinity.</summary>
    public bool IsValid { get; private set; }

    /// <inheritdoc/>
    public readonly string Operation => settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => throw new InvalidOperationException("the host has a form of its own");

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        using AcceleratorBuffer<float>? staged = Elements is null ? null : engine.Rent<float>(Elements.Length, settings.Operation);
        using AcceleratorBuffer<int> flags = engine.Rent<int>(1, settings.Operation);
        using AcceleratorBuffer<byte>? mask = Mask is null ? null : engine.Rent<byte>(Mask.Length, settings.Operation);
        if (staged is not null) engine.Upload<float>(Elements, staged, 0);
        if (mask is not null) engine.Upload(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Mask.AsSpan()), mask, 0);
        Span<int> flag = [0];
        engine.Upload<int>(flag, flags, 0);
        ArrayView<float> source = staged?.View ?? ViewOf(engine, Source!), result = staged?.View ?? ViewOf(engine, Result!);
        Launch(engine, source, result, mask?.View ?? flags.View.Cast<byte>(), flags.View);
        engine.Synchronize(settings.Trace);
        engine.Download(flags, 0, flag);
        IsValid = flag[0] == 0;
        if (staged is not null) engine.Download<float>(staged, 0, Elements);
    }

    private readonly void Launch(AcceleratorEngine engine, ArrayView<float> source, ArrayView<float> result, ArrayView<byte> mask, ArrayView<int> flags)
    {
        int size = 1;
        while (size * 2 <= Math.Min(SoftmaxKernel.MaxGroupSize, engine.MaxGroupSize) && size < length) size *= 2;
        ExecutionTrace? trace = settings.Trace;
        SoftmaxShape shape = new() { Length = length, IsLog = isLog ? 1 : 0, HasMask = Mask is null ? 0 : 1 };
        AttentionLaunches.InPieces(engine, rows, 60.0 * length, settings, (first, count) =>
        {
            var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
            engine.Launching(Kernel.Name);
            launcher(new KernelConfig(count, size), source, result, mask, flags, shape with { FirstRow = first });
        });
    }

    private readonly ArrayView<float> ViewOf(AcceleratorEngine engine, DeviceBuffer<float> buffer) =>
        buffer is AcceleratorBuffer<float> own && own.Engine == engine ? own.View : throw new DeviceMismatchException(settings.Operation, engine.Name, buffer.Engine.Name);
}
