using System.Globalization;
using System.Numerics;

namespace FusionKernels;

/// <summary>The file of a fitted graph alignment: parameters, the scalers of views, nodes and edges, beside them the network's numbers, views and kernels.</summary>
internal static class GraphAlignmentFile
{
    /// <summary>What files of fitted models are called.</summary>
    public const string Kind = "graph-alignment";

    private const string Encoder = "encoder", Layers = "layers", Heads = "heads";
    private const int Version = 1;

    /// <summary>Writes it.</summary>
    /// <exception cref="NotSupportedException">A kernel is of a matrix that was given.</exception>
    public static void Write<T>(string path, GraphAlignmentModel<T> model, ViewInputEncoder inputs, ModalityGraph<T> graph, GraphAlignmentOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dictionary<string, string> notes = new()
        {
            [LearnedModelFile.Views] = LearnedModelFile.NamesOf(model.Views),
            [Encoder] = $"{options.Encoder}",
            [Layers] = options.Layers.ToString(CultureInfo.InvariantCulture),
            [Heads] = options.Heads.ToString(CultureInfo.InvariantCulture),
        };
        Dictionary<string, SafetensorsEntry> tensors = [];
        ViewInputFile.Write(inputs, notes, tensors);
        graph.Write(notes, tensors);
        LearnedModelFile.Write(path, Kind, Version, model.Parameters, model.Training, new Dictionary<string, Standardization<T>>(), notes, tensors);
    }

    /// <summary>Reads it.</summary>
    public static GraphAlignmentModel<T> Read<T>(string path, ExecutionOptions execution)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HostExecution.RequireElement<T>("GraphAlignment.Load");
        using LearnedModelFile file = LearnedModelFile.Open(path, Kind, Version);
        return file.Make(() =>
        {
            SafetensorsFile notes = file.Notes;
            string[] names = file.Names();
            (int components, int width) = notes.ShapeOf("output.weight") is [>= 1 and <= int.MaxValue and var outputs, >= 1 and <= int.MaxValue and var hidden] ? ((int)outputs, (int)hidden) : (1, 1);
            int layers = notes.IntegerNote(Layers);
            if (layers > notes.Names.Count) throw notes.Error($"note '{Layers}'", $"no more layers than the file has tensors, {notes.Names.Count}", $"{layers}");
            GraphAlignmentOptions options = new()
            {
                Encoder = notes.ChoiceNote<GraphEncoder>(Encoder),
                Layers = layers,
                Heads = notes.IntegerNote(Heads),
                Width = width,
                Components = components,
                Dropout = 0,
                Device = execution.Device,
                Threads = execution.Threads,
            };
            options.CheckNetwork();
            ViewInputEncoder inputs = ViewInputFile.Read(notes, names.Length);
            int series = Array.IndexOf(inputs.Flat.Kinds, ViewKind.Sequences);
            if (series >= 0) throw notes.Error($"note 'kind.{series}'", "vectors or images", $"{ViewKind.Sequences}");
            ParameterSet<T> parameters = file.Parameters<T>();
            GraphNetwork<T> network = new(parameters, inputs, names, options);
            _ = Loss.LogScale(parameters);
            return new GraphAlignmentModel<T>(network, inputs, ModalityGraph<T>.Read(file, inputs.Flat.Widths), names, parameters, file.Training(), options);
        });
    }
}
