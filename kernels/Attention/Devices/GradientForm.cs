using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>What the passes of gradients and of pairs read and write, but for shapes.</summary>
internal struct GradientViews
{
    /// <summary>Memory of the queries, in the kernel's format.</summary>
    public ArrayView<byte> Query;

    /// <summary>Memory of the keys, likewise.</summary>
    public ArrayView<byte> Key;

    /// <summary>Memory of the values, likewise.</summary>
    public ArrayView<byte> Value;

    /// <summary>Memory of the gradients of outputs.</summary>
    public ArrayView<float> OutputGradient;

    /// <summary>Memory of what is multiplied with: queries or keys in the kernel's format, or gradients of outputs.</summary>
    public ArrayView<byte> Factor;

    /// <summary>What changes scores.</summary>
    public RuleViews Rules;

    /// <summary>Reference and mean of every query row.</summary>
    public ArrayView<float> References;

    /// <summary>Memory of the result.</summary>
    public ArrayView<float> Result;

    /// <summary>Whether a result was not finite.</summary>
    public ArrayView<int> Flags;
}

/// <summary>The kernel of one target, tile, number of strips and format.</summary>
internal abstract class GradientForm
{
    /// <summary>The sizes.</summary>
    public abstract TileForm Form { get; }

    /// <summary>How queries, keys and values lie in memory.</summary>
    public abstract AttentionStorage Format { get; }

    /// <summary>The kernel.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Launches it.</summary>
    public abstract void Launch(AcceleratorEngine engine, int groups, in GradientViews views, in AttentionShape shape, ExecutionTrace? trace);
}

/// <inheritdoc/>
internal sealed class GradientForm<TTile, TStrips, TTarget, TRaw, TStored, TFactorRaw, TFactor> : GradientForm
    where TTile : struct, IAttentionTile
    where TStrips : struct, IStrips
    where TTarget : struct, IGradientTarget
    where TRaw : unmanaged
    where TStored : struct, IStored<TRaw>
    where TFactorRaw : unmanaged
    where TFactor : struct, IStored<TFactorRaw>
{
    private static readonly Action<ArrayView<TRaw>, ArrayView<TRaw>, ArrayView<TRaw>, ArrayView<float>, ArrayView<TFactorRaw>, ArrayView<float>, ArrayView<byte>, ArrayView<float>, ArrayView<byte>, ArrayView<AttentionItem>, ArrayView<float>, ArrayView<float>, ArrayView<int>, AttentionShape> s_run =
        AttentionGradientKernel.Run<TTile, TStrips, TTarget, TRaw, TStored, TFactorRaw, TFactor>;

    /// <inheritdoc/>
    public override TileForm Form { get; } = TileForm.Of<TTile, TStrips>();

    /// <inheritdoc/>
    public override AttentionStorage Format => TStored.Format;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: false, isHot: false);

    /// <inheritdoc/>
    public override void Launch(AcceleratorEngine engine, int groups, in GradientViews views, in AttentionShape shape, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(
            new KernelConfig(groups, Form.Threads), views.Query.Cast<TRaw>(), views.Key.Cast<TRaw>(), views.Value.Cast<TRaw>(), views.OutputGradient,
            views.Factor.Cast<TFactorRaw>(), views.Rules.Bias, views.Rules.Mask, views.Rules.Slopes, views.Rules.Kept, views.Rules.Items, views.References, views.Result, views.Flags, shape);
    }
}

/// <summary>The kernel of pairs of one tile, result and format.</summary>
internal abstract class PairForm
{
    /// <summary>The sizes.</summary>
    public abstract TileForm Form { get; }

    /// <summary>How queries, keys and values lie in memory.</summary>
    public abstract AttentionStorage Format { get; }

    /// <summary>Whether gradients of a bias are stored, not weights.</summary>
    public abstract bool IsGradient { get; }

    /// <summary>The kernel.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Launches it.</summary>
    public abstract void Launch(AcceleratorEngine engine, int groups, in GradientViews views, in AttentionShape shape, in PairSums sums, ExecutionTrace? trace);
}

/// <inheritdoc/>
internal sealed class PairForm<TTile, TResult, TRaw, TStored> : PairForm
    where TTile : struct, IAttentionTile
    where TResult : struct, IPairResult
    where TRaw : unmanaged
    where TStored : struct, IStored<TRaw>
{
    private static readonly Action<ArrayView<TRaw>, ArrayView<TRaw>, ArrayView<TRaw>, ArrayView<float>, ArrayView<float>, ArrayView<byte>, ArrayView<float>, ArrayView<byte>, ArrayView<AttentionItem>, ArrayView<float>, ArrayView<float>, ArrayView<int>, AttentionShape, PairSums> s_run =
        AttentionPairKernel.Run<TTile, TResult, TRaw, TStored>;

    /// <inheritdoc/>
    public override TileForm Form { get; } = TileForm.Of<TTile, OneStrip>();

    /// <inheritdoc/>
    public override bool IsGradient => TResult.IsGradient;

    /// <inheritdoc/>
    public override AttentionStorage Format => TStored.Format;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: false, isHot: false);

    /// <inheritdoc/>
    public override void Launch(AcceleratorEngine engine, int groups, in GradientViews views, in AttentionShape shape, in PairSums sums, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(
            new KernelConfig(groups, Form.Threads), views.Query.Cast<TRaw>(), views.Key.Cast<TRaw>(), views.Value.Cast<TRaw>(), views.OutputGradient,
            views.Rules.Bias, views.Rules.Mask, views.Rules.Slopes, views.Rules.Kept, views.Rules.Items, views.References, views.Result, views.Flags, shape, sums);
    }
}
