using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Every device kernel of attention, in float32, in every form that it is launched in.</summary>
internal static class AttentionKernels
{
    private static readonly ForwardForm[] s_forward =
    [
        new ForwardForm<SlimTile, OneStrip>(), new ForwardForm<SlimTile, TwoStrips>(),
        new ForwardForm<SquareTile32, OneStrip>(), new ForwardForm<SquareTile32, TwoStrips>(),
        new ForwardForm<SquareTile64, OneStrip>(), new ForwardForm<SquareTile64, TwoStrips>(), new ForwardForm<SquareTile64, FourStrips>(),
    ];

    private static readonly GradientForm[] s_queryGradients =
    [
        new GradientForm<SlimTile, OneStrip, QueryTarget>(), new GradientForm<SlimTile, TwoStrips, QueryTarget>(), .. Squares<QueryTarget>(),
    ];

    private static readonly GradientForm[] s_keyGradients = Squares<KeyTarget>();
    private static readonly GradientForm[] s_valueGradients = Squares<ValueTarget>();

    private static readonly PairForm[] s_pairs =
    [
        new PairForm<SquareTile32, WeightResult>(), new PairForm<SquareTile32, BiasResult>(),
        new PairForm<SquareTile64, WeightResult>(), new PairForm<SquareTile64, BiasResult>(),
    ];

    /// <summary>The kernels, for the code generation suite.</summary>
    public static IEnumerable<DeviceKernel> All =>
    [
        .. s_forward.Select(form => form.Kernel),
        .. s_queryGradients.Concat(s_keyGradients).Concat(s_valueGradients).Select(form => form.Kernel),
        .. s_pairs.Select(form => form.Kernel),
        .. AttentionLaunches.Kernels,
        AttentionMergeDevice.Kernel,
        SoftmaxDevice.Kernel,
    ];

    /// <summary>The forward kernel of a tile, with the fewest strips that hold a width, or with the most.</summary>
    public static ForwardForm Forward(AttentionTile tile, int width) => Best(s_forward, form => form.Form, tile, width);

    /// <summary>The kernel of gradients of queries, likewise.</summary>
    public static GradientForm QueryGradients(AttentionTile tile, int width) => Best(s_queryGradients, form => form.Form, tile, width);

    /// <summary>The kernel of gradients of keys, likewise; of a square tile.</summary>
    public static GradientForm KeyGradients(AttentionTile tile, int width) => Best(s_keyGradients, form => form.Form, tile, width);

    /// <summary>The kernel of gradients of values, likewise; of a square tile.</summary>
    public static GradientForm ValueGradients(AttentionTile tile, int width) => Best(s_valueGradients, form => form.Form, tile, width);

    /// <summary>The kernel of pairs; of a square tile.</summary>
    public static PairForm Pairs(AttentionTile tile, bool isGradient) => Best([.. s_pairs.Where(form => form.IsGradient == isGradient)], form => form.Form, tile, 1);

    private static GradientForm[] Squares<TTarget>()
        where TTarget : struct, IGradientTarget =>
    [
        new GradientForm<SquareTile32, OneStrip, TTarget>(), new GradientForm<SquareTile32, TwoStrips, TTarget>(),
        new GradientForm<SquareTile64, OneStrip, TTarget>(), new GradientForm<SquareTile64, TwoStrips, TTarget>(), new GradientForm<SquareTile64, FourStrips, TTarget>(),
    ];

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
