using System.Globalization;

namespace FusionKernels;

/// <summary>The class of each row, as text and as an index into the names of the classes. Immutable.</summary>
public sealed class ClassLabels
{
    private ClassLabels(string[] names, int[] indices)
    {
        Names = names;
        Indices = indices;
    }

    /// <summary>The names of the classes, each once.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>For each row the index of its class in <see cref="Names"/>.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>The number of rows.</summary>
    public int Count => Indices.Count;

    /// <summary>The class name of a row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public string this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
            return Names[Indices[row]];
        }
    }

    /// <summary>Takes the classes from the labels themselves, in numeric order when all are numbers, in ordinal order otherwise.</summary>
    /// <param name="labels">The label of each row.</param>
    /// <returns>The labels with their classes.</returns>
    public static ClassLabels From(IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        string[] rows = [.. labels];
        string[] names = [.. rows.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.All(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            names = [.. names.OrderBy(name => double.Parse(name, NumberStyles.Float, CultureInfo.InvariantCulture))];
        return From(rows, names);
    }

    /// <summary>Takes the classes as they are given, also those that no row has.</summary>
    /// <param name="labels">The label of each row.</param>
    /// <param name="names">The names of the classes, each once, in the order of their indices.</param>
    /// <returns>The labels with their classes.</returns>
    /// <exception cref="ArgumentException">A name occurs twice, or a label is none of the names.</exception>
    public static ClassLabels From(IEnumerable<string> labels, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(names);
        string[] classes = [.. names];
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < classes.Length; i++)
        {
            if (!index.TryAdd(classes[i], i))
                throw new ArgumentException($"the class {DataText.Quote(classes[i])} is named twice", nameof(names));
        }

        int[] indices = [.. labels.Select((label, row) => index.TryGetValue(label, out int i) ? i
            : throw new ArgumentException($"row {row} has the label {DataText.Quote(label)}, which is none of the {classes.Length} classes", nameof(labels)))];
        return new ClassLabels(classes, indices);
    }
}
