using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Queries, keys or values on an accelerator, in the format of a call.</summary>
/// <param name="View">The memory.</param>
/// <param name="Strides">Where the elements lie in it.</param>
internal readonly record struct StoredOperand(ArrayView<byte> View, DeviceStrides Strides)
{
    private const int Chunk = 1 << 20;
    private static readonly Action<ArrayView<float>, ArrayView<ushort>, long> s_float16 = StoreKernel.Run<ushort, StoredFloat16>, s_bfloat16 = StoreKernel.Run<ushort, StoredBFloat16>;

    /// <summary>The kernels, for the code generation suite.</summary>
    public static IReadOnlyList<DeviceKernel> Kernels { get; } = [DeviceKernel.Of(s_float16, isDouble: false, isHot: false), DeviceKernel.Of(s_bfloat16, isDouble: false, isHot: false)];

    /// <summary>Narrows an operand in host memory to 16 bits on its way to the device, a chunk at a time.</summary>
    public static unsafe void Upload(AcceleratorEngine engine, in Strided<float> host, in StridedExtents extents, AcceleratorBuffer<ushort> buffer, AttentionStorage format, in RunSettings settings)
    {
        if (extents.Elements == 0) return;
        engine.Synchronize(settings.Trace);
        long started = Stopwatch.GetTimestamp();
        int columns = extents.IsDense ? 1 : extents.Columns;
        long all = extents.Elements / columns;
        int rows = (int)Math.Clamp(Chunk / columns, 1, all);
        float* chunk = Scratch.Get<float>(ScratchSlot.Transfer, (nint)rows * columns);
        for (long first = 0; first < all; first += rows)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(rows, all - first);
            if (extents.IsDense) new ReadOnlySpan<float>(host.Pointer + first, count).CopyTo(new(chunk, count));
            else extents.Walk(host, first, count, chunk, gather: true);

            // In place: an element is read before its place is written to.
            ushort* bits = (ushort*)chunk;
            for (int i = 0; i < count * columns; i++) bits[i] = format == AttentionStorage.Float16 ? StoredBits.ToFloat16(chunk[i]) : StoredBits.ToBFloat16(chunk[i]);
            engine.Upload(new ReadOnlySpan<ushort>(bits, count * columns), buffer, first * columns);
        }

        settings.Trace?.Transferred(started, extents.Elements * sizeof(ushort));
    }

    /// <summary>Narrows elements that live on the device; the launch may still run on return.</summary>
    public static void Narrow(AcceleratorEngine engine, ArrayView<float> source, ArrayView<ushort> target, AttentionStorage format, in RunSettings settings)
    {
        ExecutionTrace? trace = settings.Trace;
        DeviceKernel kernel = Kernels[format == AttentionStorage.Float16 ? 0 : 1];
        Action<ArrayView<float>, ArrayView<ushort>, long> run = format == AttentionStorage.Float16 ? s_float16 : s_bfloat16;
        AttentionLaunches.InPieces(engine, (target.Length + StoreKernel.GroupSize - 1) / StoreKernel.GroupSize, StoreKernel.GroupSize, settings, (first, count) =>
        {
            var launcher = engine.Kernel(kernel.Name, kernel, accelerator => accelerator.LoadStreamKernel(run), trace);
            engine.Launching(kernel.Name);
            launcher(new KernelConfig(count, StoreKernel.GroupSize), source, target, first * StoreKernel.GroupSize);
        });
    }
}

/// <summary>Float32 numbers to a format, a thread an element.</summary>
internal static class StoreKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 64;

    /// <summary>The kernel.</summary>
    /// <param name="source">Numbers.</param>
    /// <param name="target">As many elements.</param>
    /// <param name="first">The first element of this launch.</param>
    public static void Run<TRaw, TStored>(ArrayView<float> source, ArrayView<TRaw> target, long first)
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        long element = first + ((long)Grid.IdxX * GroupSize) + Group.IdxX;
        if (element < target.Length) target[element] = TStored.Narrow(source[element]);
    }
}
