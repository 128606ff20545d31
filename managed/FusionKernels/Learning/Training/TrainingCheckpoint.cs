using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The state of a run between two epochs, in a safetensors file: weights under their names, and beside them best weights, the optimizer's state and the curves.</summary>
internal static class TrainingCheckpoint
{
    private const string Best = "best.", State = "optimizer.", Curves = "curves.", Running = "running.";

    /// <summary>Writes the file, which appears when it is complete.</summary>
    public static void Write<T>(string path, ParameterSet<T> parameters, TrainingRun<T> run, string fingerprint)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dictionary<string, Tensor<T>> tensors = parameters.All.ToDictionary(parameter => parameter.Name, parameter => parameter.Read());
        foreach (Parameter<T> parameter in parameters.All)
        {
            T[] best = run.BestWeights!.AsSpan((int)parameter.Offset, parameter.Count).ToArray();
            tensors.Add(Best + parameter.Name, Tensor.Create(best, tensors[parameter.Name].Lengths));
        }

        T[] state = run.Optimizer.State();
        tensors.Add($"{State}state", Tensor.Create(state, [state.Length]));
        Dictionary<string, string> notes = new() { ["run"] = fingerprint };
        NoteCurves(notes, run.TrainingLosses, run.ValidationLosses, run.BestEpoch, run.Optimizer.Steps);
        for (int i = 0; i < run.Running.Count; i++) notes.Add($"{Running}{i}", SafetensorsFile.Words(run.Running[i].State()));
        Safetensors.Write(path, tensors, notes);
    }

    /// <summary>Goes on from the file.</summary>
    /// <exception cref="DataFormatException">It is malformed, or of another model or run; nothing was taken.</exception>
    public static void Read<T>(string path, ParameterSet<T> parameters, TrainingRun<T> run, string fingerprint)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string found = file.Note("run");
        if (found != fingerprint) throw new DataFormatException(path, "note 'run'", fingerprint, found);
        (double[] training, double[] validation, int best, int steps) = ReadCurves(file);

        int states = run.Optimizer.Rule.HasSecond ? 2 : 1;
        T[] state = file.ReadFinite<T>($"{State}state", [checked(states * parameters.Store.Length)]);
        T[] weights = new T[parameters.Store.Length];
        foreach (Parameter<T> parameter in parameters.All) file.ReadFinite<T>(Best + parameter.Name, parameter.Shape).CopyTo(weights.AsSpan((int)parameter.Offset));
        double[][] running = new double[run.Running.Count][];
        for (int i = 0; i < running.Length; i++)
        {
            running[i] = file.NumbersNote($"{Running}{i}");
            if (!new RunningCovariance(run.Running[i].Keep).TryResume(running[i])) throw file.Error($"note '{Running}{i}'", "the state of a running covariance", "other numbers");
        }

        // This takes all or nothing, and what follows refuses nothing: a file that is refused leaves everything as it was.
        parameters.Load(file, "");
        for (int i = 0; i < running.Length; i++) run.Running[i].TryResume(running[i]);
        run.Optimizer.Resume(state, steps);
        run.TrainingLosses.AddRange(training);
        run.ValidationLosses.AddRange(validation);
        (run.BestEpoch, run.BestWeights) = (best, weights);
    }

    /// <summary>Adds the notes of how training went.</summary>
    public static void NoteCurves(Dictionary<string, string> notes, IEnumerable<double> training, IEnumerable<double> validation, int bestEpoch, int steps)
    {
        notes.Add("steps", steps.ToString(CultureInfo.InvariantCulture));
        notes.Add("best_epoch", bestEpoch.ToString(CultureInfo.InvariantCulture));
        notes.Add($"{Curves}training", SafetensorsFile.Words(training));
        notes.Add($"{Curves}validation", SafetensorsFile.Words(validation));
    }

    /// <summary>How training went, by the notes of a file.</summary>
    /// <exception cref="DataFormatException">The notes are absent, malformed, or do not fit each other.</exception>
    public static (double[] Training, double[] Validation, int BestEpoch, int Steps) ReadCurves(SafetensorsFile file)
    {
        int steps = file.IntegerNote("steps"), best = file.IntegerNote("best_epoch");
        double[] training = file.NumbersNote($"{Curves}training"), validation = file.NumbersNote($"{Curves}validation");
        return best >= 1 && best <= training.Length && (validation.Length == 0 || validation.Length == training.Length)
            ? (training, validation, best, steps)
            : throw file.Error("note 'best_epoch'", $"an epoch of 1 to {training.Length}", $"{best}");
    }
}
