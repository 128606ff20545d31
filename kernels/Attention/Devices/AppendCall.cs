using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Rows on their way to the pages of a device: one launch for all sequences.</summary>
/// <param name="pages">The pages, which are there.</param>
/// <param name="first">The first sequence.</param>
/// <param name="count">Sequences.</param>
/// <param name="rows">Rows of each.</param>
/// <param name="settings">How to run.</param>
internal struct AppendCall(DevicePages pages, int first, int count, int rows, RunSettings settings) : IEngineCall
{
    /// <summary>Keys in pinned host memory; absent where they are the device's.</summary>
    public Strided<float> Keys { get; init; }

    /// <summary>Values, likewise.</summary>
    public Strided<float> Values { get; init; }

    /// <summary>Keys on the device; absent where they are the host's.</summary>
    public ResidentTensor<float> ResidentKeys { get; init; }

    /// <summary>Values, likewise.</summary>
    public ResidentTensor<float> ResidentValues { get; init; }

    /// <summary>Memory of the pages.</summary>
    public ArrayView<byte> Block { get; init; }

    /// <summary>Whether an element is not finite as it is stored.</summary>
    public bool MetNonFinite { get; private set; }

    /// <inheritdoc/>
    public readonly string Operation => settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => throw new InvalidOperationException("the host's pages are its own");

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        using StagedTensor<float> keys = Stage(engine, Keys, ResidentKeys, pages.Width), values = Stage(engine, Values, ResidentValues, pages.ValueWidth);
        int[] numbers = pages.Numbers(out int[] tables);
        AttentionItem[] items = new AttentionItem[count];
        for (int i = 0; i < count; i++) items[i] = new() { FirstPage = tables[first + i], FirstKey = pages.Lengths[first + i] };
        using AcceleratorBuffer<AttentionItem> places = engine.Rent<AttentionItem>(count, settings.Operation);
        using AcceleratorBuffer<int> table = engine.Rent<int>(numbers.Length, settings.Operation), flags = engine.Rent<int>(1, settings.Operation);
        Span<int> flag = [0];
        engine.Upload<AttentionItem>(items, places, 0);
        engine.Upload<int>(numbers, table, 0);
        engine.Upload<int>(flag, flags, 0);
        AppendShape shape = new()
        {
            Elements = (long)count * pages.Heads * rows * (pages.Width + pages.ValueWidth),
            Heads = pages.Heads,
            Rows = rows,
            Width = pages.Width,
            ValueWidth = pages.ValueWidth,
            PageRows = pages.PageRows,
            PageElements = pages.PageElements,
            Keys = keys.Strides,
            Values = values.Strides,
        };
        AppendViews views = new(keys.View, values.View, places.View, table.View, Block, flags.View);
        if (pages.Format == AttentionStorage.Element) AppendForm<float, StoredFloat32>.Launch(engine, views, shape, settings);
        else if (pages.Format == AttentionStorage.Float16) AppendForm<ushort, StoredFloat16>.Launch(engine, views, shape, settings);
        else AppendForm<ushort, StoredBFloat16>.Launch(engine, views, shape, settings);
        engine.Synchronize(settings.Trace);
        engine.Download(flags, 0, flag);
        MetNonFinite = flag[0] != 0;
    }

    private readonly StagedTensor<float> Stage(AcceleratorEngine engine, in Strided<float> host, in ResidentTensor<float> resident, int columns) => resident.IsAbsent
        ? StagedTensor<float>.Of(engine, host, StridedExtents.Of(host, count, pages.Heads, rows, columns), upload: true, settings)
        : StagedTensor<float>.Resident(engine, resident, settings);
}

/// <summary>What the kernel that appends reads and writes, but for its shape.</summary>
/// <param name="Keys">Memory of the keys.</param>
/// <param name="Values">Memory of the values.</param>
/// <param name="Items">The sequences: first page, and rows that are there.</param>
/// <param name="Pages">Pages of all sequences.</param>
/// <param name="Block">Memory of the pages.</param>
/// <param name="Flags">Whether an element is not finite.</param>
internal readonly record struct AppendViews(
    ArrayView<float> Keys, ArrayView<float> Values, ArrayView<AttentionItem> Items, ArrayView<int> Pages, ArrayView<byte> Block, ArrayView<int> Flags);

/// <summary>The kernel that appends in one format.</summary>
internal static class AppendForm<TRaw, TStored>
    where TRaw : unmanaged
    where TStored : struct, IStored<TRaw>
{
    private static readonly Action<ArrayView<float>, ArrayView<float>, ArrayView<AttentionItem>, ArrayView<int>, ArrayView<TRaw>, ArrayView<int>, AppendShape> s_run = AppendKernel.Run<TRaw, TStored>;

    /// <summary>The kernel.</summary>
    public static DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: false, isHot: false);

    /// <summary>Launches it.</summary>
    public static void Launch(AcceleratorEngine engine, AppendViews views, AppendShape shape, in RunSettings settings)
    {
        ExecutionTrace? trace = settings.Trace;
        const int Size = AppendKernel.GroupSize;
        AttentionLaunches.InPieces(engine, (shape.Elements + Size - 1) / Size, Size, settings, (from, groups) =>
        {
            var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
            engine.Launching(Kernel.Name);
            launcher(new KernelConfig(groups, Size), views.Keys, views.Values, views.Items, views.Pages, views.Block.Cast<TRaw>(), views.Flags, shape with { First = from * Size });
        });
    }
}
