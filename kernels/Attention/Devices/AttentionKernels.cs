using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Every device kernel of attention, in every form that it is launched in; all compute in float32.</summary>
internal static class AttentionKernels
{
    private static readonly ForwardForm[] s_forward = [.. ForwardForms<float, StoredFloat32>(), .. ForwardForms<ushort, StoredFloat16>(), .. ForwardForms<ushort, StoredBFloat16>()];

    private static readonly GradientForm[] s_queryGradients =
    [
        .. Gradients<QueryTarget, float, StoredFloat32, float, StoredFloat32>(),
        .. Gradients<QueryTarget, ushort, StoredFloat16, ushort, StoredFloat16>(),
        .. Gradients<QueryTarget, ushort, StoredBFloat16, ushort, StoredBFloat16>(),
    ];

    private static readonly GradientForm[] s_keyGradients =
    [
        .. Squares<KeyTarget, float, StoredFloat32, float, StoredFloat32>(),
        .. Squares<KeyTarget, ushort, StoredFloat16, ushort, StoredFloat16>(),
        .. Squares<KeyTarget, ushort, StoredBFloat16, ushort, StoredBFloat16>(),
    ];

    private static readonly GradientForm[] s_valueGradients =
    [
        .. Squares<ValueTarget, float, StoredFloat32, float, StoredFloat32>(),
        .. Squares<ValueTarget, ushort, StoredFloat16, float, StoredFloat32>(),
        .. Squares<ValueTarget, ushort, StoredBFloat16, float, StoredFloat32>(),
    ];

    private static readonly PairForm[] s_pairs = [.. PairForms<float, StoredFloat32>(), .. PairForms<ushort, StoredFloat16>(), .. PairForms<ushort, StoredBFloat16>()];

    /// <summary>The kernels, for the code generation suite.</summary>
    public static IEnumerable<DeviceKernel> All =>
    [
        .. s_forward.Select(form => form.Kernel),
        .. s_queryGradients.Concat(s_keyGradients).Concat(s_valueGradients).Select(form => form.Kernel),
        .. s_pairs.Select(form => form.Kernel),
        .. AttentionLaunches.Kernels,
        .. StoredOperand.Kernels,
        .. DevicePages.Kernels,
        AttentionMergeDevice.Kernel,
        SoftmaxDevice.Kernel,
    ];

    /// <summary>The forward kernel of a tile and a format, with the fewest strips that hold a width, or with the most.</summary>
    public static ForwardForm Forward(AttentionTile tile, int width, AttentionStorage format = AttentionStorage.Element) =>
        Best([.. s_forward.Where(form => form.Format == format)], form => form.Form, tile, width);

    /// <summary>The kernel of gradients of queries, likewise.</summary>
    public static GradientForm QueryGradients(AttentionTile tile, int width, AttentionStorage format) => Best(s_queryGradients, tile, width, format);

    /// <summary>The kernel of gradients of keys, likewise; of a square tile.</summary>
    public static GradientForm KeyGradients(AttentionTile tile, int width, AttentionStorage format) => Best(s_keyGradients, tile, width, format);

    /// <summary>The kernel of gradients of values, likewise; of a square tile.</summary>
    public static GradientForm ValueGradients(AttentionTile tile, int width, AttentionStorage format) => Best(s_valueGradients, tile, width, format);

    /// <summary>The kernel of pairs; of a square tile.</summary>
    public static PairForm Pairs(AttentionTile tile, bool isGradient, AttentionStorage format) =>
        Best([.. s_pairs.Where(form => form.IsGradient == isGradient && form.Format == format)], form => form.Form, tile, 1);

    private static ForwardForm[] ForwardForms<TRaw, TStored>()
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw> =>
    [
        new ForwardForm<SlimTile, OneStrip, TRaw, TStored>(), new ForwardForm<SlimTile, TwoStrips, TRaw, TStored>(),
        new ForwardForm<SquareTile32, OneStrip, TRaw, TStored>(), new ForwardForm<SquareTile32, TwoStrips, TRaw, TStored>(),
        new ForwardForm<SquareTile64, OneStrip, TRaw, TStored>(), new ForwardForm<SquareTile64, TwoStrips, TRaw, TStored>(), new ForwardForm<SquareTile64, FourStrips, TRaw, TStored>(),
    ];

    private static GradientForm[] Gradients<TTarget, TRaw, TStored, TFactorRaw, TFactor>()
        where TTarget : struct, IGradientTarget
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
        where TFactorRaw : unmanaged
        where TFactor : struct, IStored<TFactorRaw> =>
    [
        new GradientForm<SlimTile, OneStrip, TTarget, TRaw, TStored, TFactorRaw, TFactor>(), new GradientForm<SlimTile, TwoStrips, TTarget, TRaw, TStored, TFactorRaw, TFactor>(),
        .. Squares<TTarget, TRaw, TStored, TFactorRaw, TFactor>(),
    ];

    private static GradientForm[] Squares<TTarget, TRaw, TStored, TFactorRaw, TFactor>()
        where TTarget : struct, IGradientTarget
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
        where TFactorRaw : unmanaged
        where TFactor : struct, IStored<TFactorRaw> =>
    [
        new GradientForm<SquareTile32, OneStrip, TTarget, TRaw, TStored, TFactorRaw, TFactor>(), new GradientForm<SquareTile32, TwoStrips, TTarget, TRaw, TStored, TFactorRaw, TFactor>(),
        new GradientForm<SquareTile64, OneStrip, TTarget, TRaw, TStored, TFactorRaw, TFactor>(), new GradientForm<SquareTile64, TwoStrips, TTarget, TRaw, TStored, TFactorRaw, TFactor>(),
        new GradientForm<SquareTile64, FourStrips, TTarget, TRaw, TStored, TFactorRaw, TFactor>(),
    ];

    private static PairForm[] PairForms<TRaw, TStored>()
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw> =>
    [
        new PairForm<SquareTile32, WeightResult, TRaw, TStored>(), new PairForm<SquareTile32, BiasResult, TRaw, TStored>(),
        new PairForm<SquareTile64, WeightResult, TRaw, TStored>(), new PairForm<SquareTile64, BiasResult, TRaw, TStored>(),
    ];

    private static GradientForm Best(GradientForm[] forms, AttentionTile tile, int width, AttentionStorage format) =>
        Best([.. forms.Where(form => form.Format == format)], form => form.Form, tile, width);

    /// <summary>Forms of a tile stand in the order of their strips.</summary>
    private static TForm Best<TForm>(TForm[] forms, Func<TForm, TileForm> sizes, AttentionTile tile, int width)
    {
        TForm[] fitting = [.. forms.Where(form => TileOf(sizes(form)) == tile)];
        return fitting.FirstOrDefault(form => sizes(form).Width >= width) ?? fitting[^1];
    }

    private static AttentionTile TileOf(TileForm form) => form.Rows switch
    {
        4 => AttentionTile.Slim,
        32 => AttentionTile.Square32,
        _ => AttentionTile.Square64,
    };
}
