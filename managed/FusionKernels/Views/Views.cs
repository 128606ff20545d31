using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Named modalities whose rows belong together: row i of every view is the same thing. With labels or targets, groups, and what is absent.</summary>
/// <remarks>
/// <para>Present = true. What is stored where a view is absent, NaN included, changes no result, bit for bit.</para>
/// <para>Every method returns new views over the same values. Immutable and thread-safe.</para>
/// </remarks>
public sealed partial class Views
{
    private readonly string[] _names;
    private readonly View[] _views;
    private bool[]? _present;
    private int[]? _labels;
    private string[]? _classNames;
    private double[]? _targets;
    private int _outputs;
    private int[]? _groups;

    private Views(string[] names, View[] views, int rows) => (_names, _views, Rows) = (names, views, rows);

    /// <summary>The names of the views, in their order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Rows of every view.</summary>
    public int Rows { get; }

    /// <summary>Views.</summary>
    public int Count => _views.Length;

    /// <summary>By row: its label; null where there are none.</summary>
    public IReadOnlyList<int>? Labels => _labels;

    /// <summary>By label, from 0: its name; null where labels are numbers only.</summary>
    public IReadOnlyList<string>? ClassNames => _classNames;

    /// <summary>By row: its group, as a speaker or a recording; null where there are none.</summary>
    public IReadOnlyList<int>? Groups => _groups;

    /// <summary>A copy of the targets of regression, rows x outputs; null where there are none.</summary>
    public Tensor<double>? Targets => _targets is null ? null : Tensor.Create((double[])_targets.Clone(), [Rows, _outputs]);

    /// <summary>Whether every view is present in every row.</summary>
    public bool IsComplete => _present is null || !_present.Contains(false);

    /// <summary>Whether any view is of float64.</summary>
    public bool IsFloat64 => Array.Exists(_views, view => view.IsFloat64);

    /// <summary>A view by its name.</summary>
    /// <exception cref="ArgumentException">There is no such view; those that there are, are named.</exception>
    public View this[string name] => _views[IndexOf(name)];

    /// <summary>Puts views side by side.</summary>
    /// <param name="views">Names, each once, and views of as many rows.</param>
    /// <exception cref="ArgumentException">There is no view, a name is empty or comes twice, or rows differ.</exception>
    public static Views Of(params (string Name, View View)[] views)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (views.Length == 0) throw new ArgumentException("there are no views", nameof(views));
        HashSet<string> seen = [];
        foreach ((string name, View view) in views)
        {
            if (string.IsNullOrWhiteSpace(name)) throw new ArgumentException("a view has no name", nameof(views));
            ArgumentNullException.ThrowIfNull(view, name);
            if (!seen.Add(name)) throw new ArgumentException($"two views are named '{name}'", nameof(views));
            if (view.Rows != views[0].View.Rows)
            {
                throw new ArgumentException(
                    $"view '{views[0].Name}' has {views[0].View.Rows} rows, '{name}' has {view.Rows}: rows must be aligned; pass a presence mask if some are absent",
                    nameof(views));
            }
        }

        return new([.. views.Select(one => one.Name)], [.. views.Select(one => one.View)], views[0].View.Rows);
    }

    /// <summary>The same views with labels of classes.</summary>
    /// <param name="labels">By row: any integer.</param>
    /// <exception cref="ArgumentException">There are not as many labels as rows.</exception>
    public Views WithLabels(ReadOnlySpan<int> labels)
    {
        RequireRows(labels.Length, "labels");
        Views result = Copy();
        (result._labels, result._classNames) = (labels.ToArray(), null);
        return result;
    }

    /// <summary>The same views with labels of named classes.</summary>
    /// <param name="labels">The labels of the rows; <see cref="Labels"/> are their indices.</param>
    /// <exception cref="ArgumentException">There are not as many labels as rows.</exception>
    public Views WithLabels(ClassLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        RequireRows(labels.Count, "labels");
        Views result = Copy();
        (result._labels, result._classNames) = ([.. labels.Indices], [.. labels.Names]);
        return result;
    }

    /// <summary>The same views with targets of regression.</summary>
    /// <param name="targets">rows x outputs, or one value for each row.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or a target is not finite.</exception>
    public Views WithTargets(Tensor<double> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Rank is not (1 or 2)) throw new ArgumentException($"'{nameof(targets)}' is {Shape.Of(targets.Lengths)}; rows x outputs is needed", nameof(targets));
        RequireRows((int)targets.Lengths[0], "targets");
        double[] values = new double[targets.FlattenedLength];
        targets.FlattenTo(values);
        int wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        int outputs = targets.Rank == 2 ? (int)targets.Lengths[1] : 1;
        if (wrong >= 0) throw new ArgumentException($"the target of row {wrong / outputs} is not a finite number: leave the row out", nameof(targets));
        Views result = Copy();
        (result._targets, result._outputs) = (values, outputs);
        return result;
    }

    /// <summary>The same views with groups, which splits keep on one side.</summary>
    /// <param name="groups">By row: its group, any integer.</param>
    /// <exception cref="ArgumentException">There are not as many groups as rows.</exception>
    public Views WithGroups(ReadOnlySpan<int> groups)
    {
        RequireRows(groups.Length, "groups");
        Views result = Copy();
        result._groups = groups.ToArray();
        return result;
    }

    /// <summary>The same views with a mask of what is present.</summary>
    /// <param name="present">rows x views, in the order of <see cref="Names"/>: true where the view is present.</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Views WithPresence(Tensor<bool> present)
    {
        ArgumentNullException.ThrowIfNull(present);
        if (present.Rank != 2 || present.Lengths[0] != Rows || present.Lengths[1] != Count)
        {
            throw new ArgumentException($"the presence mask is {Shape.Of(present.Lengths)}; for {Rows} rows of {Count} views it must be {Rows} x {Count}", nameof(present));
        }

        Views result = Copy();
        result._present = new bool[Rows * Count];
        present.FlattenTo(result._present);
        return result;
    }

    /// <summary>Whether a view is present in a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="view">The view's number.</param>
    public bool IsPresent(int row, int view)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(view);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(view, Count);
        return _present is null || _present[(row * Count) + view];
    }

    /// <summary>Whether a view is present in every row.</summary>
    internal bool IsPresentEverywhere(int view)
    {
        for (int row = 0; row < Rows; row++)
        {
            if (!IsPresent(row, view)) return false;
        }

        return true;
    }

    /// <summary>The rows that have a view, ascending.</summary>
    internal int[] RowsWith(int view) => [.. Enumerable.Range(0, Rows).Where(row => IsPresent(row, view))];

    /// <summary>The views by number.</summary>
    internal View At(int view) => _views[view];

    /// <summary>The features of a view; of series the channels of the first that is present, null where none is: what is stored in absent rows says nothing.</summary>
    internal int? FeaturesOf(int view)
    {
        if (_views[view].Kind != ViewKind.Sequences) return _views[view].Features;
        int first = Enumerable.Range(0, Rows).FirstOrDefault(row => IsPresent(row, view), -1);
        return first < 0 ? null : _views[view].ChannelsOf(first);
    }

    /// <summary>The labels, which must be there.</summary>
    internal int[] RequireLabels() => _labels ?? throw new ArgumentException("the views have no labels: add them by WithLabels");

    /// <summary>The targets row by row, and their outputs; they must be there.</summary>
    internal (double[] Values, int Outputs) RequireTargets() => _targets is null ? throw new ArgumentException("the views have neither labels nor targets: add them by WithLabels or WithTargets") : (_targets, _outputs);

    private int IndexOf(string name)
    {
        int at = Array.IndexOf(_names, name);
        return at >= 0 ? at : throw new ArgumentException($"there is no view '{name}'; there are {string.Join(", ", _names)}", nameof(name));
    }

    private void RequireRows(int count, string what)
    {
        if (count != Rows) throw new ArgumentException($"there are {what} of {count} rows, '{_names[0]}' has {Rows}: rows must be aligned", what);
    }

    private Views Copy() => (Views)MemberwiseClone();
}
