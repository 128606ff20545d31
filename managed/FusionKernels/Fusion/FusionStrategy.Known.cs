namespace FusionKernels;

/// <content>The strategies there are, by name.</content>
public sealed partial class FusionStrategy
{
    /// <summary>The names of all strategies.</summary>
    public static IReadOnlyList<string> Names => [.. All().Select(one => one.Name)];

    /// <summary>All strategies, with their defaults. Those of the model level share the models of the views that were fitted last; those of kernels and graphs, the views' kernels.</summary>
    public static IReadOnlyList<FusionStrategy> All()
    {
        LateBaseCache cache = new();
        FusedKernelCache kernels = new();
        return
        [
            Known("concat", (views, options) => Concatenation.Fit(views, new() { Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default, Report = options?.Report })),
            Clock(warp: false),
            Clock(warp: true),
            .. Enum.GetValues<KernelWeighting>().Select(weighting => Kernel(weighting, null, weighting == KernelWeighting.Product ? null : kernels)), // a product's bandwidths are its own
            .. Enum.GetValues<LateRule>().Select(rule => Late(rule, cache)),
            .. Enum.GetValues<GraphFusionMethod>().Select(method => Graphs(method, kernels)),
            .. Enum.GetValues<FusionRule>().Select(Trained),
        ];
    }

    /// <summary>The strategies that take views of these kinds: clocks are of series alone, all others take any.</summary>
    public static IReadOnlyList<FusionStrategy> All(Views views)
    {
        ArgumentNullException.ThrowIfNull(views);
        string[] clocks = views.Names.All(name => views[name].Kind == ViewKind.Sequences) ? [] : [CommonClock.NameOf(warp: false), CommonClock.NameOf(warp: true)];
        return [.. All().Where(one => !clocks.Contains(one.Name))];
    }

    /// <summary>A strategy by its name.</summary>
    /// <exception cref="ArgumentException">There is no such strategy; those that there are, are named.</exception>
    public static FusionStrategy Named(string name) =>
        All().FirstOrDefault(one => one.Name == name) ?? throw new ArgumentException($"there is no strategy '{name}'; there are {string.Join(", ", Names)}", nameof(name));

    /// <summary>Kernel fusion by a weighting.</summary>
    /// <param name="weighting">How the kernels become one.</param>
    /// <param name="landmarks">Rows that all others are compared with, for more rows than the square of fits; null for the whole Gram matrix.</param>
    public static FusionStrategy Kernel(KernelWeighting weighting, NystromOptions? landmarks = null) => Kernel(weighting, landmarks, null);

    /// <summary>The kernel model of one view alone.</summary>
    /// <param name="view">The view's name.</param>
    /// <param name="landmarks">As for <see cref="Kernel(KernelWeighting, NystromOptions?)"/>.</param>
    public static FusionStrategy SingleView(string view, NystromOptions? landmarks = null) =>
        new(view, (views, options) => KernelFusion.Fit(views.Select(view), KernelOptions(options, KernelWeighting.Mean, landmarks)));

    /// <summary>Series on one clock, resampled or warped to it.</summary>
    public static FusionStrategy Clock(bool warp) => Known(CommonClock.NameOf(warp), (views, options) => CommonClock.Fit(views, ClockOptions(options, warp)));

    /// <summary>Graph fusion by a method.</summary>
    public static FusionStrategy Graphs(GraphFusionMethod method) => Graphs(method, null);

    private static FusionStrategy Kernel(KernelWeighting weighting, NystromOptions? landmarks, FusedKernelCache? cache) =>
        Known(KernelFusionFit.NameOf(weighting), (views, options) => KernelFusion.Fit(views, KernelOptions(options, weighting, landmarks), cache));

    private static CommonClockOptions ClockOptions(ExecutionOptions? options, bool warp) =>
        new() { Warp = warp, Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default, Report = options?.Report };

    private static FusionStrategy Graphs(GraphFusionMethod method, FusedKernelCache? cache) =>
        Known(GraphFusion.NameOf(method), (views, options) => GraphFusion.Fit(views, GraphOptions(options, method), cache));

    private static GraphFusionOptions GraphOptions(ExecutionOptions? options, GraphFusionMethod method) =>
        new() { Method = method, Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default, Report = options?.Report, Progress = options?.Progress };

    /// <summary>A network trained end to end, by its rule.</summary>
    public static FusionStrategy Trained(FusionRule rule) => Known(TrainedFusion.NameOf(rule), (views, options) => TrainedFusion.Fit(views, TrainedOptions(options, rule)));

    private static TrainedFusionOptions TrainedOptions(ExecutionOptions? options, FusionRule rule) =>
        new() { Rule = rule, Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default, Report = options?.Report, Progress = options?.Progress };

    private static FusionStrategy Late(LateRule rule, LateBaseCache cache) => Known(LateFusion.NameOf(rule), (views, options) =>
    {
        LateFusionOptions late = LateOptions(options, rule);
        return LateFusion.Fit(views, late, cache.Of);
    });

    private static LateFusionOptions LateOptions(ExecutionOptions? options, LateRule rule) =>
        new() { Rule = rule, Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default, Report = options?.Report, Progress = options?.Progress };

    private static KernelFusionOptions KernelOptions(ExecutionOptions? options, KernelWeighting weighting, NystromOptions? landmarks = null) => new()
    {
        Weighting = weighting,
        Landmarks = landmarks,
        Device = options?.Device,
        Threads = options?.Threads ?? 0,
        Cancellation = options?.Cancellation ?? default,
        Report = options?.Report,
    };

    /// <summary>A strategy of which a file needs no more than its name and what was fitted.</summary>
    private static FusionStrategy Known(string name, Func<Views, ExecutionOptions?, FusionModel> fit) => new(name, fit) { _isKnown = true };

    /// <summary>The base models that were fitted last, so that rules compared on the same rows share them.</summary>
    private sealed class LateBaseCache
    {
        private readonly Lock _one = new();
        private Views? _views;
        private LateBase? _fitted;

        public LateBase Of(Views views, LateFusionOptions options)
        {
            lock (_one)
            {
                _fitted = ReferenceEquals(views, _views) ? _fitted!.For(views, options) : LateBase.Fit(views, options);
                _views = views;
                return _fitted;
            }
        }
    }
}
