using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The forward kernel of one tile and number of strips.</summary>
internal abstract class ForwardForm
{
    /// <summary>The sizes.</summary>
    public abstract TileForm Form { get; }

    /// <summary>The kernel.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Launches it.</summary>
    public abstract void Launch(AcceleratorEngine engine, int groups, in ForwardViews views, in AttentionShape shape, ExecutionTrace? trace);
}

/// <summary>What the forward kernel reads and writes, but for its shape.</summary>
internal struct ForwardViews
{
    /// <summary>Memory of the queries.</summary>
    public ArrayView<float> Query;

    /// <summary>Memory of the keys.</summary>
    public ArrayView<float> Key;

    /// <summary>Memory of the values.</summary>
    public ArrayView<float> Value;

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

    /// <summary>The items.</summary>
    public ArrayView<AttentionItem> Items;
}

/// <inheritdoc/>
internal sealed class ForwardForm<TTile, TStrips> : ForwardForm
    where TTile : struct, IAttentionTile
    where TStrips : struct, IStrips
{
    private static readonly Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<byte>, ArrayView<float>, ArrayView<AttentionItem>, ArrayView<float>, ArrayView<float>, ArrayView<int>, AttentionShape> s_run =
        AttentionForwardKernel.Run<TTile, TStrips>;

    /// <inheritdoc/>
    public override TileForm Form { get; } = TileForm.Of<TTile, TStrips>();

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: false, isHot: false);

    /// <inheritdoc/>
    public override void Launch(AcceleratorEngine engine, int groups, in ForwardViews views, in AttentionShape shape, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(
            new KernelConfig(groups, Form.Threads), views.Query, views.Key, views.Value,
            views.Rules.Bias, views.Rules.Mask, views.Rules.Slopes, views.Rules.Items, views.Output, views.LogSumExp, views.Flags, shape);
    }
}
