using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Two views whose rows belong together, standardized by the rows that have both.</summary>
internal sealed class PairedRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _kept;
    private readonly int _given;

    private PairedRows(Standardization<T> x, Standardization<T> y, Tensor<T> rowsX, Tensor<T> rowsY, int[] kept, int given) =>
        (XScale, YScale, X, Y, _kept, _given) = (x, y, rowsX, rowsY, kept, given);

    /// <summary>Means and deviations of the first view.</summary>
    public Standardization<T> XScale { get; }

    /// <summary>Means and deviations of the second view.</summary>
    public Standardization<T> YScale { get; }

    /// <summary>The first view's rows that have a partner.</summary>
    public Tensor<T> X { get; }

    /// <summary>Their partners.</summary>
    public Tensor<T> Y { get; }

    /// <summary>Rows.</summary>
    public int Rows => (int)X.Lengths[0];

    /// <summary>Takes the rows that have both views.</summary>
    /// <exception cref="ArgumentException">The views are no matrices of as many rows, or fewer than two rows have both, or an element of those is not finite.</exception>
    public static PairedRows<T> Of(Tensor<T> x, Tensor<T> y, Tensor<bool>? presence, string operation)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        HostExecution.RequireElement<T>(operation);
        if (x.Rank != 2 || y.Rank != 2 || x.Lengths[1] == 0 || y.Lengths[1] == 0)
        {
            throw new ArgumentException($"{operation}: view 'x' is {Shape.Of(x.Lengths)}, 'y' is {Shape.Of(y.Lengths)}: rows x features are needed");
        }

        if (x.Lengths[0] != y.Lengths[0]) throw new ArgumentException($"{operation}: view 'x' has {x.Lengths[0]} rows, 'y' has {y.Lengths[0]}: row i of one belongs to row i of the other");
        int rows = checked((int)x.Lengths[0]);
        bool[][] present = ViewPresence.Split(presence, rows, [true, true]);
        int[] kept = [.. Enumerable.Range(0, rows).Where(row => Array.TrueForAll(present, view => view.Length == 0 || view[row]))];
        if (kept.Length < 2) throw new ArgumentException($"{operation}: {kept.Length} of {rows} rows have both views: at least two are needed");
        (T[] rowsX, T[] rowsY) = (Finite(x, kept, "x", operation), Finite(y, kept, "y", operation));
        (int widthX, int widthY) = ((int)x.Lengths[1], (int)y.Lengths[1]);
        (Standardization<T> scaleX, Standardization<T> scaleY) = (Standardization<T>.Of(rowsX, widthX), Standardization<T>.Of(rowsY, widthY));
        scaleX.Apply(rowsX);
        scaleY.Apply(rowsY);
        return new(scaleX, scaleY, Tensor.Create(rowsX, [kept.Length, widthX]), Tensor.Create(rowsY, [kept.Length, widthY]), kept, rows);
    }

    /// <summary>The labels of the rows that have a partner.</summary>
    /// <exception cref="ArgumentException">There are more or fewer labels than rows.</exception>
    public int[] Select(IReadOnlyList<int> labels, string operation) => labels.Count == _given
        ? [.. _kept.Select(row => labels[row])]
        : throw new ArgumentException($"{operation}: {labels.Count} labels for {_given} rows: one for each is needed");

    /// <summary>Standardized rows that are new.</summary>
    /// <exception cref="ArgumentException">They have another number of features, or an element is not finite.</exception>
    public static Tensor<T> New(Tensor<T> view, Standardization<T> scale, string name, string operation)
    {
        ArgumentNullException.ThrowIfNull(view, name);
        if (view.Rank != 2 || view.Lengths[1] != scale.Features) throw new ArgumentException($"{operation}: view '{name}' is {Shape.Of(view.Lengths)}; rows x {scale.Features} are needed", name);
        T[] rows = Finite(view, [.. Enumerable.Range(0, checked((int)view.Lengths[0]))], name, operation);
        scale.Apply(rows);
        return Tensor.Create(rows, view.Lengths);
    }

    private static T[] Finite(Tensor<T> view, int[] kept, string name, string operation)
    {
        T[] all = new T[view.FlattenedLength];
        view.FlattenTo(all);
        int width = (int)view.Lengths[1];
        T[] rows = new T[kept.Length * width];
        for (int i = 0; i < kept.Length; i++)
        {
            Span<T> row = all.AsSpan(kept[i] * width, width);
            for (int j = 0; j < width; j++)
            {
                if (!T.IsFinite(row[j])) throw new ArgumentException($"{operation}: {name}[{kept[i]}, {j}] is {row[j]}; take the row's view out by the presence mask, or fill it", name);
            }

            row.CopyTo(rows.AsSpan(i * width));
        }

        return rows;
    }
}
