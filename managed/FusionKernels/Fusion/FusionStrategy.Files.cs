namespace FusionKernels;

/// <content>Models in files.</content>
public sealed partial class FusionStrategy
{
    /// <summary>The array that tells the version of what was fitted.</summary>
    private const string State = "fitted";

    private const long StateVersion = 1;

    /// <summary>Fits a model and writes it to a file: the rows it learned from, the name of the strategy, and what was fitted.</summary>
    /// <remarks>
    /// New rows are compared with the rows anyhow; weights, bandwidths, coefficients, trained parameters, calibrations and scores are read back, so that a file
    /// predicts without any fit, to the same bits. A learner of a set of present views that no row had yet is fitted when such rows come, as in the model itself.
    /// </remarks>
    /// <param name="path">The .npz file.</param>
    /// <param name="views">Views with labels or targets.</param>
    /// <param name="strategy">One of <see cref="Names"/>.</param>
    /// <param name="options">Device, threads, cancellation of the fit; null for the defaults.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">There is no such strategy, the views have neither labels nor targets, or they do not suit it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static FusionModel Save(string path, Views views, string strategy, ExecutionOptions? options = null) => Save(path, views, Named(strategy), options);

    /// <summary>The same of a strategy of this class, with its landmarks, say.</summary>
    /// <param name="path">The .npz file.</param>
    /// <param name="views">Views with labels or targets.</param>
    /// <param name="strategy">One of <see cref="All()"/>, or what <see cref="Kernel(KernelWeighting, NystromOptions?)"/> and its like made.</param>
    /// <param name="options">Device, threads, cancellation of the fit; null for the defaults.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">The strategy is a caller's own, or the model of one view, the views have neither labels nor targets, or they do not suit it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static FusionModel Save(string path, Views views, FusionStrategy strategy, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentNullException.ThrowIfNull(strategy);
        if (!strategy._isKnown) throw new ArgumentException($"'{strategy.Name}' is a strategy of its own: files keep those that this class makes", nameof(strategy));
        if (views.Labels is null) _ = views.RequireTargets();
        FusionModel model = strategy.Fit(views, options);
        views.Save(path, strategy.Name, file =>
        {
            if (!model.IsKept) return;
            new ModelStateWriter(file, "").Add(State, StateVersion);
            model.Write(new(file, $"{State}_"));
        });
        return model;
    }

    /// <summary>Reads a model that <see cref="Save(string, Views, string, ExecutionOptions?)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Device, threads, cancellation; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, of another kind or version, or names no strategy of this version.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static FusionModel Load(string path, ExecutionOptions? options = null)
    {
        using ModelArchive file = FusionKernels.Views.Open(path);
        Views views = FusionKernels.Views.Read(file, out string name);
        FusionStrategy strategy = All().FirstOrDefault(one => one.Name == name)
            ?? throw file.Error("strategy", $"one of {string.Join(", ", Names)}", name.Length == 0 ? "views without a strategy" : name);
        if (views.Labels is null && views.Targets is null) throw file.Error("labels", "labels or targets to predict", "neither");
        try
        {
            return FusionExecution.Run(options, "FusionStrategy.Load", views.IsFloat64, hasKernel: false, Fitted, _ => $"{name}: {views.Rows} rows of {views.Count} views");
        }
        catch (ArgumentException wrong)
        {
            throw new DataFormatException(path, "the rows of the model", "rows that the strategy can be fitted to", wrong.Message, wrong);
        }

        FusionModel Fitted(ExecutionOptions? told)
        {
            if (!file.Has(State)) return strategy.Fit(views, told);
            long version = file.Integers(State, 1)[0];
            if (version != StateVersion) throw file.Error(State, $"version {StateVersion}", $"version {version}");
            return Read(name, views, new(file, $"{State}_"), told);
        }
    }

    private static FusionModel Read(string name, Views views, ModelStateReader file, ExecutionOptions? options)
    {
        if (Enum.GetValues<KernelWeighting>().Where(one => KernelFusionFit.NameOf(one) == name).ToArray() is [KernelWeighting weighting]) return KernelFusionModel.Read(file, views, KernelOptions(options, weighting));
        if (Enum.GetValues<LateRule>().Where(one => LateFusion.NameOf(one) == name).ToArray() is [LateRule rule]) return LateFusionModel.Read(file, views, LateOptions(options, rule));
        if (Enum.GetValues<GraphFusionMethod>().Where(one => GraphFusion.NameOf(one) == name).ToArray() is [GraphFusionMethod method]) return GraphFusionModel.Read(file, views, GraphOptions(options, method));
        if (Enum.GetValues<FusionRule>().Where(one => TrainedFusion.NameOf(one) == name).ToArray() is [FusionRule trained]) return TrainedFusionModel.Read(file, views, TrainedOptions(options, trained));
        foreach (bool warp in (ReadOnlySpan<bool>)[false, true])
        {
            if (name == CommonClock.NameOf(warp)) return CommonClockModel.Read(file, views, ClockOptions(options, warp));
        }

        return name switch
        {
            "concat" => ConcatenationModel.Read(file, views),
            _ => throw file.Error("", "a strategy that keeps what it has fitted", name),
        };
    }
}
