namespace FusionKernels;

/// <summary>Fuses views by a network trained end to end: an encoder for each view, a rule that combines their codes, and layers that answer.</summary>
/// <remarks>
/// <para>A vector or an image goes through dense layers; a series is cut into patches that look at each other, with the places that are
/// not there left out; a Gram matrix is a vector of similarities to up to 128 training rows, evenly spaced. Features are standardized by the training rows in which the view is present.</para>
/// <para>An absent view is left out of every sum, product and attention: what is stored there, NaN included, changes no bit. Present
/// values must be finite. A row without any view does not train, and is predicted as the classes' frequencies or the targets' mean.
/// Views of float32 train in float32. The same seed gives the same bits from run to run on one device and for any number of threads.
/// Cost of an epoch: about 6 rows parameters operations, times tokens where tokens look at each other. Models are thread-safe.</para>
/// </remarks>
public static class TrainedFusion
{
    /// <summary>Fits a network.</summary>
    /// <param name="views">Views of any kind with labels of two classes at least, or with targets.</param>
    /// <param name="options">Rule, widths and training; null for gated units.</param>
    /// <exception cref="ArgumentException">There are neither labels nor targets, there is one class only, a view is present nowhere, a Gram matrix is not square, or a present value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NumericalException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static TrainedFusionModel Fit(Views views, TrainedFusionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        options.Check();
        options.Cancellation.ThrowIfCancellationRequested();
        if (views.Labels is { } labels) _ = new ClassPairs([.. labels]);
        else _ = views.RequireTargets();
        return FusionExecution.Run(
            options,
            "TrainedFusion.Fit",
            views.IsFloat64,
            hasKernel: true,
            told => Of(views, told!),
            model => $"{model.Strategy}: {model.Training.Steps} steps of {options.BatchSize} of {views.Rows} rows");
    }

    private static TrainedFusionModel Of(Views views, TrainedFusionOptions options)
    {
        GramFeatures grams = GramFeatures.Fit(views);
        Views known = grams.Of(views);
        ITrainedNetwork network = views.IsFloat64 ? TrainedNetwork<double>.Fit(known, options) : TrainedNetwork<float>.Fit(known, options);
        return new(views, options.Rule, grams, network);
    }

    /// <summary>The rule's name among strategies.</summary>
    internal static string NameOf(FusionRule rule) => rule switch
    {
        FusionRule.LowRank => "lowrank",
        FusionRule.AttentionPool => "attention-pool",
        FusionRule.WeightedSum => "weighted-sum",
        _ => rule.ToString().ToLowerInvariant(),
    };
}
