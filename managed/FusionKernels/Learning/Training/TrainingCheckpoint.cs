using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The state of a run between two epochs, in a safetensors file: weights under their names, and beside them best weights, the optimizer's state and the curves.</summary>
internal static class TrainingCheckpoint
{
    private const string Best = "best.", State = "optimizer.", Curves = "curves.";

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
        Dictionary<string, string> notes = new()
        {
            ["run"] = fingerprint,
            ["steps"] = run.Optimizer.Steps.ToString(CultureInfo.InvariantCulture),
            ["best_epoch"] = run.BestEpoch.ToString(CultureInfo.InvariantCulture),
            [$"{Curves}training"] = Words(run.TrainingLosses),
            [$"{Curves}validation"] = Words(run.ValidationLosses),
        };
        Safetensors.Write(path, tensors, notes);
    }

    /// <summary>Goes on from the file.</summary>
    /// <exception cref="DataFormatException">It is malformed, or of another model or run.</exception>
    public static void Read<T>(string path, ParameterSet<T> parameters, TrainingRun<T> run, string fingerprint)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string found = Note(file, path, "run");
        if (found != fingerprint) throw new DataFormatException(path, "note 'run'", fingerprint, found);
        int steps = Number(file, path, "steps"), best = Number(file, path, "best_epoch");
        double[] training = Numbers(file, path, $"{Curves}training"), validation = Numbers(file, path, $"{Curves}validation");
        if (best < 1 || best > training.Length || (validation.Length > 0 && validation.Length != training.Length))
        {
            throw new DataFormatException(path, "note 'best_epoch'", $"an epoch of 1 to {training.Length}", $"{best}");
        }

        int states = run.Optimizer.Rule.HasSecond ? 2 : 1;
        T[] state = file.ReadFinite<T>($"{State}state", [checked(states * parameters.Store.Length)]);
        T[] weights = new T[parameters.Store.Length];
        foreach (Parameter<T> parameter in parameters.All) file.ReadFinite<T>(Best + parameter.Name, parameter.Shape).CopyTo(weights.AsSpan((int)parameter.Offset));
        parameters.Load(file, "");
        run.Optimizer.Resume(state, steps);
        run.TrainingLosses.AddRange(training);
        run.ValidationLosses.AddRange(validation);
        (run.BestEpoch, run.BestWeights) = (best, weights);
    }

    private static string Words(IEnumerable<double> numbers) => string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));

    private static string Note(SafetensorsFile file, string path, string name) =>
        file.Notes.TryGetValue(name, out string? words) ? words : throw new DataFormatException(path, "the notes", $"a note '{name}'", "none");

    private static int Number(SafetensorsFile file, string path, string name) =>
        int.TryParse(Note(file, path, name), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new DataFormatException(path, $"note '{name}'", "a whole number", Note(file, path, name));

    private static double[] Numbers(SafetensorsFile file, string path, string name)
    {
        List<double> numbers = [];
        foreach (string word in Note(file, path, name).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            {
                throw new DataFormatException(path, $"note '{name}'", "finite numbers", word);
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
