using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;

namespace FusionKernels;

/// <summary>The safetensors file of a fitted learned alignment: parameters, means and deviations of views; beside them its kind, version, choices and curves.</summary>
internal sealed class LearnedModelFile : IDisposable
{
    private const string Kind = "model", Version = "version", Mean = ".mean", Deviation = ".deviation";

    /// <summary>The note of the names of views.</summary>
    public const string Views = "views";

    /// <summary>Far more layers than any network has.</summary>
    private const int MostLayers = 1000;

    private readonly SafetensorsFile _file;
    private Action? _closing;

    private LearnedModelFile(SafetensorsFile file) => _file = file;

    /// <summary>Writes a file, which appears when it is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(
        string path,
        string kind,
        int version,
        ParameterSet<T> parameters,
        TrainingResult training,
        IReadOnlyDictionary<string, Standardization<T>> views,
        IReadOnlyDictionary<string, string> choices,
        IReadOnlyDictionary<string, SafetensorsEntry>? more = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dictionary<string, SafetensorsEntry> tensors = parameters.All.ToDictionary(parameter => parameter.Name, parameter => SafetensorsEntry.Of(parameter.Read()));
        foreach ((string name, Standardization<T> scale) in views)
        {
            tensors.Add(name + Mean, SafetensorsEntry.Of(scale.Means));
            tensors.Add(name + Deviation, SafetensorsEntry.Of(scale.Deviations));
        }

        foreach ((string name, SafetensorsEntry tensor) in more ?? new Dictionary<string, SafetensorsEntry>()) tensors.Add(name, tensor);
        Dictionary<string, string> notes = new(choices) { [Kind] = kind, [Version] = version.ToString(CultureInfo.InvariantCulture) };
        TrainingCheckpoint.NoteCurves(notes, training.TrainingLosses, training.ValidationLosses, training.BestEpoch, training.Steps);
        Safetensors.Write(path, tensors, notes);
    }

    /// <summary>Opens a file and checks its kind and version.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, or of another kind or version.</exception>
    public static LearnedModelFile Open(string path, string kind, int version)
    {
        LearnedModelFile result = new(SafetensorsFile.Open(path));
        try
        {
            string found = result._file.Note(Kind);
            if (found != kind) throw result._file.Error($"note '{Kind}'", kind, found);
            int foundVersion = result._file.IntegerNote(Version);
            if (foundVersion != version) throw result._file.Error($"note '{Version}'", $"version {version}", $"version {foundVersion}");
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The kind of the model of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, or holds no model.</exception>
    public static string KindOf(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Note(Kind);
    }

    /// <summary>Choices and their words.</summary>
    public SafetensorsFile Notes => _file;

    /// <summary>How training went.</summary>
    public TrainingResult Training()
    {
        (double[] training, double[] validation, int best, int steps) = TrainingCheckpoint.ReadCurves(_file);
        return new(training, validation, best, steps);
    }

    /// <summary>The widths of a stack of linear layers, by the shapes of its weights: of what the file holds, so that no more memory is taken than it is long.</summary>
    /// <exception cref="DataFormatException">There is no such stack, or its layers do not fit each other.</exception>
    public int[] Widths(string stack)
    {
        List<int> widths = [];
        for (int layer = 0; layer < MostLayers && _file.ShapeOf($"{stack}.{layer}.weight") is { } shape; layer++)
        {
            string where = $"tensor '{stack}.{layer}.weight'";
            if (shape.Count != 2 || shape.Any(length => length is < 1 or > int.MaxValue)) throw _file.Error(where, "outputs x inputs", string.Join(" x ", shape));
            if (layer > 0 && widths[^1] != shape[1]) throw _file.Error(where, $"{widths[^1]} inputs, as many as the layer before it puts out", $"{shape[1]}");
            if (layer == 0) widths.Add((int)shape[1]);
            widths.Add((int)shape[0]);
        }

        return widths.Count > 0 ? [.. widths] : throw _file.Error($"tensor '{stack}.0.weight'", "such a tensor", "none");
    }

    /// <summary>Means and deviations of a view of so many features.</summary>
    /// <exception cref="DataFormatException">They are absent, of another shape or element, or a deviation is not above 0.</exception>
    public Standardization<T> Scale<T>(string view, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] means = _file.ReadFinite<T>(view + Mean, [features]), deviations = _file.ReadFinite<T>(view + Deviation, [features]);
        int wrong = Array.FindIndex(deviations, deviation => deviation <= T.Zero);
        return wrong < 0 ? new(means, deviations) : throw _file.Error($"tensor '{view}{Deviation}', element {wrong}", "a number above 0", $"{deviations[wrong]}");
    }

    /// <summary>A matrix of a shape.</summary>
    /// <exception cref="DataFormatException">It is absent, of another shape or element, or not finite.</exception>
    public Tensor<T> Matrix<T>(string name, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Tensor.Create(_file.ReadFinite<T>(name, [rows, columns]), [rows, columns]);

    /// <summary>A vector of a length.</summary>
    /// <exception cref="DataFormatException">It is absent, of another shape or element, or not finite.</exception>
    public Tensor<T> Vector<T>(string name, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Tensor.Create(_file.ReadFinite<T>(name, [length]), [length]);

    /// <summary>A set whose parameters have the values of the file from where they are declared: one that the file does not hold in its shape is refused before memory is taken for it.</summary>
    /// <exception cref="DataFormatException">At a declaration: it is absent, of another shape or element, or not finite.</exception>
    public ParameterSet<T> Parameters<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ParameterSet<T> parameters = new();
        parameters.Store.Source = _file;
        _closing += () => parameters.Store.Source = null;
        return parameters;
    }

    /// <summary>The words of that note.</summary>
    public static string NamesOf(IEnumerable<string> views) => JsonSerializer.Serialize([.. views], NotesJson.Default.StringArray);

    /// <summary>The names of two views or more.</summary>
    /// <exception cref="DataFormatException">They are absent, malformed, fewer, or one is there twice.</exception>
    public string[] Names()
    {
        try
        {
            string[] names = JsonSerializer.Deserialize(_file.Note(Views), NotesJson.Default.StringArray) ?? [];
            if (names.Length >= 2 && !names.Any(string.IsNullOrWhiteSpace) && names.Distinct().Count() == names.Length) return names;
        }
        catch (JsonException)
        {
        }

        throw _file.Error($"note '{Views}'", "two or more names in JSON, each once", _file.Note(Views));
    }

    /// <summary>Makes a model of what the file says.</summary>
    /// <exception cref="DataFormatException">What it says does not fit together.</exception>
    public TModel Make<TModel>(Func<TModel> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or FormatException)
        {
            throw _file.Error("notes and tensors", "a model whose parts fit together", exception is OverflowException ? "widths whose product exceeds 2147483647 elements" : exception.Message, exception);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _closing?.Invoke();
        _file.Dispose();
    }
}
