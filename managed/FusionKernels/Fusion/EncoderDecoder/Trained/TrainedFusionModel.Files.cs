namespace FusionKernels;

/// <content>Trained networks in files: parameters, what rules keep of the training rows, weights and curves; scalers follow from the rows.</content>
public sealed partial class TrainedFusionModel
{
    /// <inheritdoc/>
    internal override bool IsKept => _network.IsDefault;

    /// <inheritdoc/>
    internal override void Write(ModelStateWriter file)
    {
        file.Add("weights", _weights);
        _network.Write(file);
    }

    /// <summary>The model of a file: nothing is trained.</summary>
    internal static TrainedFusionModel Read(ModelStateReader file, Views views, TrainedFusionOptions options)
    {
        GramFeatures grams = GramFeatures.Fit(views);
        Views known = grams.Of(views);
        ITrainedNetwork network = views.IsFloat64 ? TrainedNetwork<double>.Read(file, known, options) : TrainedNetwork<float>.Read(file, known, options);
        return new(views, options.Rule, grams, network, file.Weights("weights", views.Count));
    }
}
