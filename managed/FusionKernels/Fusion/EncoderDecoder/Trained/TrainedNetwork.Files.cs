namespace FusionKernels;

/// <content>What was trained, in files.</content>
internal sealed partial class TrainedNetwork<T>
{
    /// <inheritdoc/>
    public bool IsDefault => _options == new TrainedFusionOptions
    {
        Rule = _options.Rule,
        Device = _options.Device,
        Threads = _options.Threads,
        Cancellation = _options.Cancellation,
        Progress = _options.Progress,
        Report = _options.Report,
    };

    /// <inheritdoc/>
    public void Write(ModelStateWriter file)
    {
        foreach (Parameter<T> parameter in _parameters.All) file.Add(parameter.Name, parameter.Read());
        (_rule as IRebuildingRule<T>)?.Write(file);
        file.Add("training_losses", [.. Training.TrainingLosses]);
        file.Add("validation_losses", [.. Training.ValidationLosses]);
        file.Add("best_epoch", Training.BestEpoch);
        file.Add("steps", Training.Steps);
    }

    /// <summary>The network of a file, its shapes by the rows and the options.</summary>
    public static TrainedNetwork<T> Read(ModelStateReader file, Views views, TrainedFusionOptions options)
    {
        TrainedNetwork<T> network = Untrained(views, ViewInputEncoder.Fit(views, options.Patch), options);
        foreach (Parameter<T> parameter in network._parameters.All) parameter.Write(file.Elements<T>(parameter.Name, parameter.Shape));
        (network._rule as IRebuildingRule<T>)?.Read(file);
        double[] training = file.Numbers("training_losses", file.LengthOf("training_losses")), validation = file.Numbers("validation_losses", file.LengthOf("validation_losses"));
        long best = file.Integers("best_epoch", 1)[0], steps = file.Integers("steps", 1)[0];
        if (training.Length > options.Epochs) throw file.Error("training_losses", $"at most {options.Epochs}", $"{training.Length}");
        if (best < 1 || best > training.Length) throw file.Error("best_epoch", $"an epoch of 1 to {training.Length}", $"{best}");
        if (validation.Length > 0 && validation.Length != training.Length) throw file.Error("validation_losses", $"none, or {training.Length}", $"{validation.Length}");
        if (steps is < 0 or > int.MaxValue) throw file.Error("steps", "a number of steps", $"{steps}");
        network.Training = new(training, validation, (int)best, (int)steps);
        return network;
    }
}
