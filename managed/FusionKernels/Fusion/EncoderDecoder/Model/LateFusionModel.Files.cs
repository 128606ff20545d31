namespace FusionKernels;

/// <content>Decisions in files: the models of the views, what they said out of fold, and the stackers that were met.</content>
public sealed partial class LateFusionModel
{
    /// <inheritdoc/>
    internal override bool IsKept => _options.Base is null && Models.All(model => model.IsKept);

    /// <inheritdoc/>
    internal override void Write(ModelStateWriter file)
    {
        for (int m = 0; m < Models.Count; m++) Models[m].Write(file.In($"{m}"));
        file.Add("temperatures", _base.Temperatures);
        file.Add("accuracies", _base.Accuracies);
        if (_base.OutOfFold.Length > 0) file.Add("out_of_fold", [.. _base.OutOfFold.Select(value => double.IsNaN(value) ? 0 : value)], _base.OutOfFold.Length / Views.Count / ColumnCount, Views.Count, ColumnCount);
        foreach ((string present, Stacker? stacker) in _stackers.OrderBy(one => one.Key, StringComparer.Ordinal)) stacker?.Write(file.In(present));
    }

    private int ColumnCount => Math.Max(Classes.Count, _means.Length);

    /// <summary>The model of a file: nothing is fitted but stackers of sets of views that had not been met.</summary>
    internal static LateFusionModel Read(ModelStateReader file, Views views, LateFusionOptions options)
    {
        int[] classes = views.Labels is { } labels ? PriorOf(labels).Classes : [];
        KernelFusionOptions how = LateBase.BaseOptions(options);
        KernelFusionModel[] models = [.. views.Names.Select((name, m) => KernelFusionModel.Read(file.In($"{m}"), LateBase.Known(views, name), how))];
        double[] means = classes.Length == 0 ? MeansOf(views) : [];
        int columns = Math.Max(classes.Length, means.Length);
        double[] held = classes.Length == 0 && options.Rule != LateRule.Stacking ? [] : file.Numbers("out_of_fold", views.Rows, views.Count, columns);
        for (int cell = 0; cell * columns < held.Length; cell++)
        {
            if (!views.IsPresent(cell / views.Count, cell % views.Count)) held.AsSpan(cell * columns, columns).Fill(double.NaN);
        }

        double[] accuracies = file.Numbers("accuracies", views.Count);
        if (accuracies.Any(one => one is < 0 or > 1)) throw file.Error("accuracies", "shares from 0 to 1", string.Join(", ", accuracies.Take(6)));
        LateBase known = new(models, classes, held, file.Positive("temperatures", views.Count), accuracies);
        Dictionary<string, Stacker?> stackers = [];
        string all = new('1', views.Count);
        Stacker? whole = options.Rule != LateRule.Stacking ? null
            : classes.Length == 0 ? StackedValues.Read(file.In(all), all, means)
            : StackedRegression.Read(file.In(all), all, classes.Length);
        if (whole is not null) stackers[all] = whole;
        return new(views, options, known, stackers);
    }
}
