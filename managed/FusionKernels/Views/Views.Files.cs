using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Views in files, alone or as what a strategy learns from.</content>
public sealed partial class Views
{
    private const string FileKind = "fusion_views";
    private const long FileVersion = 1;

    /// <summary>Writes the views with labels or targets, groups and what is absent to one .npz file; absent cells become 0.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Save(path, "");

    /// <summary>Reads views that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, or of another kind or version.</exception>
    public static Views Load(string path)
    {
        using ModelArchive file = Open(path);
        return Read(file, out _);
    }

    /// <summary>Opens the archive of views.</summary>
    internal static ModelArchive Open(string path) => ModelArchive.Open(path, FileKind, FileVersion);

    /// <summary>Writes the views beside the name of a strategy, and what was fitted to them.</summary>
    internal void Save(string path, string strategy, Action<NpzWriter>? fitted = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using NpzWriter file = ModelArchive.Create(path, FileKind, FileVersion);
        ModelArchive.AddText(file, "strategy", [strategy]);
        ModelArchive.AddText(file, "names", _names);
        file.Add("kinds", Tensor.Create([.. _views.SelectMany((view, m) => (long[])[(long)view.Kind, FeaturesOf(m) ?? view.Features, view.IsFloat64 ? 1 : 0])], [Count, 3]));
        file.Add("rows", Tensor.Create([(long)Rows], [1]));
        file.Add("present", Tensor.Create([.. Enumerable.Range(0, Rows * Count).Select(at => IsPresent(at / Count, at % Count) ? 1L : 0)], [Rows, Count]));
        if (_labels is not null) file.Add("labels", Tensor.Create([.. _labels.Select(label => (long)label)], [Rows]));
        if (_classNames is not null) ModelArchive.AddText(file, "class_names", _classNames);
        if (_groups is not null) file.Add("groups", Tensor.Create([.. _groups.Select(group => (long)group)], [Rows]));
        if (_targets is not null) file.Add("targets", Tensor.Create((double[])_targets.Clone(), [Rows, _outputs]));
        for (int m = 0; m < Count; m++) AddView(file, m);
        fitted?.Invoke(file);
        file.Complete();
    }

    /// <summary>Reads views and the name of a strategy; empty where there is none.</summary>
    internal static Views Read(ModelArchive file, out string strategy)
    {
        strategy = file.Text("strategy")[0];
        string[] names = file.Text("names");
        long rows = file.Integers("rows", 1)[0];
        if (rows is < 0 or > int.MaxValue) throw file.Error("rows", "a number of rows", $"{rows}");
        if (names.Any(string.IsNullOrWhiteSpace) || names.Distinct().Count() < names.Length) throw file.Error("names", "names of views, each once", string.Join(", ", names.Take(8)));
        long[] kinds = file.Integers("kinds", names.Length, 3);
        (string, View)[] views = new (string, View)[names.Length];
        for (int m = 0; m < names.Length; m++) views[m] = (names[m], ReadView(file, m, (int)rows, kinds.AsSpan(m * 3, 3)));
        Views result = Of(views);
        result._present = [.. file.Integers("present", rows, names.Length).Select(value => value != 0)];
        if (file.Has("labels")) result._labels = Whole(file, "labels", rows);
        if (file.Has("class_names")) result._classNames = NamesOfClasses(file, result._labels);
        if (file.Has("groups")) result._groups = Whole(file, "groups", rows);
        if (!file.Has("targets")) return result;
        long outputs = file.ShapeOf("targets", 2)[1];
        result._outputs = outputs is >= 1 and <= int.MaxValue ? (int)outputs : throw file.Error("targets", "rows x outputs", $"{outputs} outputs");
        result._targets = file.Numbers("targets", rows, result._outputs);
        return result;
    }

    private static string[] NamesOfClasses(ModelArchive file, int[]? labels)
    {
        string[] names = file.Text("class_names");
        int wrong = Array.FindIndex(labels ?? [], label => label < 0 || label >= names.Length);
        if (labels is null) throw file.Error("class_names", "labels beside them", "none");
        return wrong < 0 ? names : throw file.Error("labels", $"numbers of the {names.Length} classes", $"{labels[wrong]} at {wrong}");
    }

    private static int[] Whole(ModelArchive file, string name, long rows)
    {
        long[] values = file.Integers(name, rows);
        int wrong = Array.FindIndex(values, value => value is < int.MinValue or > int.MaxValue);
        return wrong < 0 ? [.. values.Select(value => (int)value)] : throw file.Error(name, "integers of 32 bits", $"{values[wrong]}");
    }

    private void AddView(NpzWriter file, int m)
    {
        View view = _views[m];
        if (view.Kind == ViewKind.Sequences)
        {
            int channels = FeaturesOf(m) ?? view.Features;
            Tensor<double>[] series = [.. Enumerable.Range(0, Rows).Select(row => IsPresent(row, m) ? view.Series<double>(row) : Tensor.Create(new double[channels], [1, channels]))];
            file.Add($"lengths_{m}", Tensor.Create([.. series.Select(one => (long)one.Lengths[0])], [Rows]));
            if (view.Step is { } step)
            {
                file.Add($"starts_{m}", Tensor.Create([.. Enumerable.Range(0, Rows).Select(row => IsPresent(row, m) ? view.StartOf(row) : 0)], [Rows]));
                file.Add($"step_{m}", Tensor.Create([step], [1]));
            }

            double[] all = [.. series.SelectMany(one =>
            {
                double[] values = new double[one.FlattenedLength];
                one.FlattenTo(values);
                return values;
            })];
            file.Add($"values_{m}", Tensor.Create(all, [all.Length]));
            return;
        }

        // A Gram view of some rows keeps its columns among them: what a model of these rows reads.
        int columns = view.Kind == ViewKind.Gram ? Rows : view.Features;
        double[] cells = new double[checked(Rows * columns)];
        for (int row = 0; row < Rows; row++)
        {
            if (!IsPresent(row, m)) continue;
            if (view.Kind != ViewKind.Gram) view.CopyRow(row, cells.AsSpan(row * columns, columns));
            else
            {
                for (int column = 0; column < columns; column++) cells[(row * columns) + column] = IsPresent(column, m) ? view.Similarity<double>(row, view.Row(column)) : 0;
            }
        }

        file.Add($"values_{m}", Tensor.Create(cells, [Rows, columns]));
    }

    private static View ReadView(ModelArchive file, int m, int rows, ReadOnlySpan<long> kind)
    {
        if (kind[0] is < 0 or > (long)ViewKind.Gram || kind[1] is < 0 or > int.MaxValue) throw file.Error("kinds", "kinds and widths of views", $"{kind[0]}, {kind[1]}");
        return kind[2] != 0 ? Read<double>(file, m, rows, (ViewKind)kind[0], (int)kind[1]) : Read<float>(file, m, rows, (ViewKind)kind[0], (int)kind[1]);
    }

    private static View Read<T>(ModelArchive file, int m, int rows, ViewKind kind, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string name = $"values_{m}";
        if (kind != ViewKind.Sequences)
        {
            int columns = kind == ViewKind.Gram ? rows : features;
            Tensor<T> values = Tensor.Create(Elements<T>(file, name, rows, columns), [rows, columns]);
            return kind == ViewKind.Gram ? View.Gram(values) : kind == ViewKind.Images ? View.Images(values.Reshape([rows, 1, columns])) : View.Vectors(values);
        }

        long[] lengths = file.Integers($"lengths_{m}", rows);
        int wrong = Array.FindIndex(lengths, length => length is < 1 or > int.MaxValue);
        if (wrong >= 0) throw file.Error($"lengths_{m}", $"lengths of 1 to {int.MaxValue}", $"{lengths[wrong]}");
        Int128 wanted = (Int128)lengths.Sum() * features;
        if (wanted > Array.MaxLength) throw file.Error($"lengths_{m}", $"at most {Array.MaxLength} numbers in all", $"{wanted}");
        T[] all = Elements<T>(file, name, (long)wanted);
        Tensor<T>[] series = new Tensor<T>[rows];
        int at = 0;
        for (int row = 0; row < rows; row++)
        {
            int count = (int)lengths[row] * features;
            series[row] = Tensor.Create(all[at..(at + count)], [(int)lengths[row], features]);
            at += count;
        }

        if (!file.Has($"step_{m}")) return View.Sequences<T>(series);
        double step = file.Numbers($"step_{m}", 1)[0];
        return step > 0 ? View.AtSteps(series, file.Numbers($"starts_{m}", rows), step) : throw file.Error($"step_{m}", "a time above 0", $"{step}");
    }

    /// <summary>Numbers that are finite as elements, too.</summary>
    private static T[] Elements<T>(ModelArchive file, string name, params long[] shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] numbers = file.Numbers(name, shape);
        T[] elements = [.. numbers.Select(T.CreateTruncating)];
        int wrong = Array.FindIndex(elements, element => !T.IsFinite(element));
        return wrong < 0 ? elements : throw file.Error(name, "numbers in the range of float32", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{numbers[wrong]} at {wrong}"));
    }
}
