using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The forward kernel of one tile, number of strips and format.</summary>
internal abstract class ForwardForm
{
    /// <summary>The sizes.</summary>
    public abstract TileForm Form { get; }

    /// <summary>How queries, keys and values lie in memory.</summary>
    public abstract AttentionStorage Format { get; }

    /// <summary>The kernel.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Launches it.</summary>
    public abstract void Launch(AcceleratorEngine engine, int groups, in ForwardViews views, in AttentionShape shape, ExecutionTrace? trace);
}

/// <summary>What the forward kernel reads and writes, but for its shape.</summary>
internal struct ForwardViews
{
    /// <summary>Memory of the queries, in the kernel's format.</summary>
    public ArrayView<byte> Query;

    /// <summary>Memory of the keys, likewise.</summary>
    public ArrayView<byte> Key;

    /// <summary>Memory of the values, likewise.</summary>
    public ArrayView<byte> Value;

    /// <summary>Pages of all items, item after item; any valid view where there are none.</summary>
    public ArrayView<int> Pages;

    /// <summary>What changes scores.</summary>
    public RuleViews Rules;

    /// <summary>Memory of the outputs.</summary>
    public ArrayView<float> Output;

    /// <summary>Log-sum-exps.</summary>
    public ArrayView<float> LogSumExp;

    /// <summary>Whether a result was not finite.</summary>
    public ArrayView<int> Flags;
}

/// <summary>What changes scores; any valid views where there is nothing.</summary>
internal struct RuleViews
{
    /// <summary>Memory of the bias.</summary>
    public ArrayView<float> Bias;

    /// <summary>Memory of the mask.</summary>
    public ArrayView<byte> Mask;

    /// <summary>What a distance of 1 adds, by query head, in base 2.</summary>
    public ArrayView<float> Slopes;

    /// <summary>Of which blocks the mask keeps something.</summary>
    public ArrayView<byte> Kept;

    /// <summary>The items.</summary>
    public ArrayView<AttentionItem> Items;
}

/// <inheritdoc/>
internal sealed class ForwardForm<TTile, TStrips, TRaw, TStored> : ForwardForm
    where TTile : struct, IAttentionTile
    where TStrips : struct, IStrips
    where TRaw : unmanaged
    where TStored : struct, IStored<TRaw>
{
    private static readonly Action<ArrayView<TRaw>, ArrayView<TRaw>, ArrayView<TRaw>, ArrayView<float>, ArrayView<byte>, ArrayView<float>, ArrayView<byte>, ArrayView<int>, ArrayView<AttentionItem>, ArrayView<float>, ArrayView<float>, ArrayView<int>, AttentionShape> s_run =
        AttentionForwardKernel.Run<TTile, TStrips, TRaw, TStored>;

    /// <inheritdoc/>
    public override TileForm Form { get; } = TileForm.Of<TTile, TStrips>();

    /// <inheritdoc/>
    public override AttentionStorage Format => TStored.Format;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: false, isHot: false);

    /// <inheritdoc/>
    public override void Launch(AcceleratorEngine engine, int groups, in ForwardViews views, in AttentionShape shape, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(
            new KernelConfig(groups, Form.Threads), views.Query.Cast<TRaw>(), views.Key.Cast<TRaw>(), views.Value.Cast<TRaw>(),
            views.Rules.Bias, views.Rules.Mask, views.Rules.Slopes, views.Rules.Kept, views.Pages, views.Rules.Items, views.Output, views.LogSumExp, views.Flags, shape);
    }
}
