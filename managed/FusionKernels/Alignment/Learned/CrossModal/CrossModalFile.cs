using System.Globalization;
using System.Numerics;

namespace FusionKernels;

/// <summary>The file of a fitted cross-modal alignment: parameters and the scalers of views, beside them the network's numbers, views and classes.</summary>
internal static class CrossModalFile
{
    /// <summary>What files of fitted models are called.</summary>
    public const string Kind = "cross-modal-alignment";

    private const string Classes = "classes";
    private const int Version = 1;

    /// <summary>Writes it.</summary>
    public static void Write<T>(string path, CrossModalModel<T> model, TrainedNetwork<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TrainedFusionOptions made = network.Made;
        Dictionary<string, string> notes = new()
        {
            [LearnedModelFile.Views] = LearnedModelFile.NamesOf(model.Views),
            [Classes] = SafetensorsFile.Words(model.Classes.Select(one => (double)one)),
        };
        foreach ((string name, int number) in new[]
            { ("width", made.Width), ("hidden", made.Hidden), ("heads", made.Heads), ("layers", made.Layers), ("tokens", made.Tokens), ("latents", made.Rule == FusionRule.Latent ? made.Latents : 0) })
        {
            notes.Add(name, number.ToString(CultureInfo.InvariantCulture));
        }

        Dictionary<string, SafetensorsEntry> tensors = [];
        ViewInputFile.Write(network.Inputs, notes, tensors);
        LearnedModelFile.Write(path, Kind, Version, model.Parameters, model.Training, new Dictionary<string, Standardization<T>>(), notes, tensors);
    }

    /// <summary>Reads it.</summary>
    public static CrossModalModel<T> Read<T>(string path, ExecutionOptions execution)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HostExecution.RequireElement<T>("CrossModalAlignment.Load");
        using LearnedModelFile file = LearnedModelFile.Open(path, Kind, Version);
        return file.Make(() =>
        {
            SafetensorsFile notes = file.Notes;
            string[] names = file.Names();
            CrossModalOptions options = new()
            {
                Width = notes.IntegerNote("width"),
                Hidden = notes.IntegerNote("hidden"),
                Heads = notes.IntegerNote("heads"),
                Layers = notes.IntegerNote("layers"),
                Tokens = notes.IntegerNote("tokens"),
                Latents = notes.IntegerNote("latents"),
                Dropout = 0,
                ViewDropout = 0,
                Device = execution.Device,
                Threads = execution.Threads,
            };
            options.CheckNetwork();
            ParameterSet<T> parameters = file.Parameters<T>();
            int[] classes = ClassesOf(notes);
            TrainedNetwork<T> network = TrainedNetwork<T>.Aligned(parameters, ViewInputFile.Read(notes, names.Length), names.Length, Math.Max(1, classes.Length), options.Shape, file.Training());
            return new CrossModalModel<T>(names, classes, network, parameters);
        });
    }

    /// <summary>No classes, or two and more in ascending order.</summary>
    private static int[] ClassesOf(SafetensorsFile notes)
    {
        double[] classes = notes.NumbersNote(Classes);
        return classes.Length != 1 && classes.All(one => one == (int)one) && classes.Zip(classes.Skip(1), (one, next) => one < next).All(ascends => ascends)
            ? Array.ConvertAll(classes, one => (int)one)
            : throw notes.Error($"note '{Classes}'", "none, or two and more whole numbers in ascending order", notes.Note(Classes));
    }
}
