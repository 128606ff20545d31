using System.CommandLine;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>The options that name views and what is present of them.</summary>
internal sealed class ViewOptions
{
    private readonly Option<string[]> _views = new("--view")
    {
        Description = $"A view of vectors or images: {MatrixFile.Forms}. Once for each view.",
        HelpName = "NAME=FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _series = new("--series")
    {
        Description = $"A view of series: {SeriesFile.SetForms}.",
        HelpName = "NAME=FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _grams = new("--gram")
    {
        Description = "A view that is a ready Gram matrix, rows x rows; of new rows, rows x the rows that the model was fitted to.",
        HelpName = "NAME=FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _presence = new("--presence")
    {
        Description = "rows x views of 1 (present) and 0, in the order vectors, series, Gram matrices; absent cells may hold anything.",
        HelpName = "FILE",
    };

    /// <summary>Declares the options.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_views);
        verb.Add(_series);
        verb.Add(_grams);
        verb.Add(_presence);
    }

    /// <summary>Reads the views.</summary>
    /// <exception cref="UsageException">No view is named, or not as NAME=FILE.</exception>
    /// <exception cref="DataException">A file cannot be read, or rows differ.</exception>
    public Views Read<T>(ParseResult arguments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string? presence = arguments.GetValue(_presence);
        bool mayHaveGaps = presence is not null;
        List<(string Name, View View)> views = [];
        List<(string Name, string File, Func<string, View> Read)> named = [];
        foreach (string one in arguments.GetValue(_views) ?? []) named.Add(Named("--view", one, file => View.Vectors(MatrixFile.Read<T>(file, mayHaveGaps))));
        foreach (string one in arguments.GetValue(_series) ?? []) named.Add(Named("--series", one, file => View.Sequences(SeriesFile.ReadSet<T>(file).Series)));
        foreach (string one in arguments.GetValue(_grams) ?? []) named.Add(Named("--gram", one, file => View.Gram(MatrixFile.Read<T>(file, mayHaveGaps))));
        if (named.Count == 0) throw new UsageException("which views? name each as --view NAME=FILE");
        foreach ((string name, string file, Func<string, View> read) in named) views.Add((name, read(file)));
        Views result = Views.Of([.. views]);
        return presence is null ? result : result.WithPresence(Mask(presence, result));
    }

    private static (string Name, string File, Func<string, View> Read) Named(string option, string text, Func<string, View> read)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 1 || at == text.Length - 1) throw new UsageException($"{option} {text}: NAME=FILE is needed, as in {option} pixels=pix.npy");
        return (text[..at], text[(at + 1)..], read);
    }

    private static Tensor<bool> Mask(string path, Views views)
    {
        Tensor<double> values = MatrixFile.Read<double>(path);
        if (values.Lengths[0] != views.Rows || values.Lengths[1] != views.Count)
        {
            throw new DataException($"{path} is {values.Lengths[0]} x {values.Lengths[1]}; {views.Rows} rows of {views.Count} views ({string.Join(", ", views.Names)}) need {views.Rows} x {views.Count}");
        }

        bool[] mask = new bool[views.Rows * views.Count];
        for (int at = 0; at < mask.Length; at++)
        {
            double value = values[at / views.Count, at % views.Count];
            if (value is not (0 or 1)) throw new DataException($"{path}: row {at / views.Count}, view {at % views.Count} (from 0) is {value}; 1 is present, 0 absent");
            mask[at] = value == 1;
        }

        return Tensor.Create(mask, [views.Rows, views.Count]);
    }
}
