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
            new("concat", (views, options) => Concatenation.Fit(views, new() { Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default })),
            new("common-clock", (views, options) => CommonClock.Fit(views, new() { Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default })),
            .. Enum.GetValues<KernelWeighting>().Select(weighting => Kernel(weighting, weighting == KernelWeighting.Product ? null : kernels)), // a product's bandwidths are its own
            .. Enum.GetValues<LateRule>().Select(rule => Late(rule, cache)),
            .. Enum.GetValues<GraphFusionMethod>().Select(method => Graphs(method, kernels)),
            .. Enum.GetValues<FusionRule>().Select(Trained),
        ];
    }

    /// <summary>The strategies that take views of these kinds: concatenation takes no series, a common clock takes nothing else, all others take any.</summary>
    public static IReadOnlyList<FusionStrategy> All(Views views)
    {
        ArgumentNullException.ThrowIfNull(views);
        ViewKind[] kinds = [.. views.Names.Select(name => views[name].Kind)];
        bool hasSeries = kinds.Contains(ViewKind.Sequences), areSeries = kinds.All(kind => kind == ViewKind.Sequences);
        return [.. All().Where(one => one.Name switch { "concat" => !hasSeries, "common-clock" => areSeries, _ => true })];
    }

    /// <summary>A strategy by its name.</summary>
    /// <exception cref="ArgumentException">There is no such strategy; those that there are, are named.</exception>
    public static FusionStrategy Named(string name) =>
        All().FirstOrDefault(one => one.Name == name) ?? throw new ArgumentException($"there is no strategy '{name}'; there are {string.Join(", ", Names)}", nameof(name));

    /// <summary>Kernel fusion by a weighting.</summary>
    public static FusionStrategy Kernel(KernelWeighting weighting) => Kernel(weighting, null);

    /// <summary>The kernel model of one view alone.</summary>
    public static FusionStrategy SingleView(string view) => new(view, (views, options) => KernelFusion.Fit(views.Select(view), KernelOptions(options, KernelWeighting.Mean)));

    /// <summary>Graph fusion by a method.</summary>
    public static FusionStrategy Graphs(GraphFusionMethod method) => Graphs(method, null);

    private static FusionStrategy Kernel(KernelWeighting weighting, FusedKernelCache? cache) =>
        new(KernelFusionFit.NameOf(weighting), (views, options) => KernelFusion.Fit(views, KernelOptions(options, weighting), cache));

    private static FusionStrategy Graphs(GraphFusionMethod method, FusedKernelCache? cache) =>
        new(GraphFusion.NameOf(method), (views, options) => GraphFusion.Fit(views, GraphOptions(options, method), cache));

    private static GraphFusionOptions GraphOptions(ExecutionOptions? options, GraphFusionMethod method) =>
        new() { Method = method, Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default, Progress = options?.Progress };

    /// <summary>A network trained end to end, by its rule.</summary>
    public static FusionStrategy Trained(FusionRule rule) => new(TrainedFusion.NameOf(rule), (views, options) => TrainedFusion.Fit(views, TrainedOptions(options, rule)));

    private static TrainedFusionOptions TrainedOptions(ExecutionOptions? options, FusionRule rule) =>
        new() { Rule = rule, Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default, Progress = options?.Progress };

    private static FusionStrategy Late(LateRule rule, LateBaseCache cache) => new(LateFusion.NameOf(rule), (views, options) =>
    {
        LateFusionOptions late = LateOptions(options, rule);
        return LateFusion.Fit(views, late, cache.Of);
    });

    private static LateFusionOptions LateOptions(ExecutionOptions? options, LateRule rule) =>
        new() { Rule = rule, Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default, Progress = options?.Progress };

    private static KernelFusionOptions KernelOptions(ExecutionOptions? options, KernelWeighting weighting) => new()
    {
        Weighting = weighting,
        Device = options?.Device,
        Threads = options?.Threads ?? 0,
        Cancellation = options?.Cancellation ?? default,
    };

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
