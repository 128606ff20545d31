using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>
/// Where views stand side by side: features of vectors and images, scaled; then one column for each view that says whether it is present;
/// then one of the row's scale. Absent cells are 0.
/// </summary>
internal sealed class ViewEncoder
{
    private readonly double[][] _means;
    private readonly double[][] _scales;

    private ViewEncoder(ViewKind[] kinds, int[] widths, double[][] means, double[][] scales)
    {
        (Kinds, Widths, _means, _scales) = (kinds, widths, means, scales);
        Offsets = new int[kinds.Length];
        for (int m = 0; m < kinds.Length; m++)
        {
            Offsets[m] = Features;
            if (IsFlat(m)) Features += widths[m];
        }
    }

    /// <summary>By view: what it is.</summary>
    public ViewKind[] Kinds { get; }

    /// <summary>By view: its features.</summary>
    public int[] Widths { get; }

    /// <summary>By view: the first column of its features.</summary>
    public int[] Offsets { get; }

    /// <summary>Features of all vectors and images.</summary>
    public int Features { get; }

    /// <summary>Columns: features, presence of every view, scale.</summary>
    public int Columns => Features + Kinds.Length + 1;

    /// <summary>Whether a view's features stand in the matrix.</summary>
    public bool IsFlat(int view) => Kinds[view] is ViewKind.Vectors or ViewKind.Images;

    /// <summary>1 of two rows that both have a view, else 0.</summary>
    public Kernel Presence(int view) => Kernel.Linear().On((Features + view)..(Features + view + 1));

    /// <summary>The features of one view.</summary>
    public Range RangeOf(int view) => Offsets[view]..(Offsets[view] + Widths[view]);

    /// <summary>Fits scalers to the rows in which each view is present.</summary>
    /// <exception cref="ArgumentException">A view is present nowhere, has no features, or a present value is not finite.</exception>
    public static ViewEncoder Fit(Views views, ViewScaling scaling)
    {
        double[][] means = new double[views.Count][], scales = new double[views.Count][];
        for (int m = 0; m < views.Count; m++)
        {
            View view = views.At(m);
            (means[m], scales[m]) = ([], []);
            if (!Enumerable.Range(0, views.Rows).Any(row => views.IsPresent(row, m))) throw new ArgumentException($"view '{views.Names[m]}' is present in none of the {views.Rows} rows");
            if (view.Kind is not (ViewKind.Vectors or ViewKind.Images)) continue;
            if (view.Features == 0) throw new ArgumentException($"view '{views.Names[m]}' has no features");
            (means[m], scales[m]) = Moments(views, m, scaling);
        }

        return new([.. Enumerable.Range(0, views.Count).Select(m => views.At(m).Kind)], [.. Enumerable.Range(0, views.Count).Select(m => views.FeaturesOf(m)!.Value)], means, scales);
    }

    /// <summary>The matrix of rows.</summary>
    /// <param name="views">The rows.</param>
    /// <param name="map">By view of the encoder: its number among the rows' views; -1 where they lack it.</param>
    /// <param name="names">The names, for errors.</param>
    /// <param name="weights">By view: its weight; a row's scale is 1 over the weights that are present, or over their root among training rows.</param>
    /// <param name="isNew">Whether the rows are no training rows.</param>
    /// <exception cref="ArgumentException">A view is of another kind or width, or a present value is not finite.</exception>
    public Tensor<T> Encode<T>(Views views, int[] map, IReadOnlyList<string> names, IReadOnlyList<double> weights, bool isNew)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = ResultTensor.Create<T>("Views", views.Rows, Columns);
        TensorSpan<T> cells = result.AsTensorSpan();
        for (int m = 0; m < map.Length; m++)
        {
            if (map[m] >= 0) RequireFit(views, map[m], m, names[m]);
        }

        T[] row = new T[Columns];
        for (int i = 0; i < views.Rows; i++)
        {
            Array.Clear(row);
            double weight = 0;
            for (int m = 0; m < map.Length; m++)
            {
                if (map[m] < 0 || !views.IsPresent(i, map[m])) continue;
                row[Features + m] = T.One;
                weight += weights[m];
                if (IsFlat(m)) Scale(views.At(map[m]), m, i, names[m], row.AsSpan(Offsets[m], Widths[m]));
            }

            row[^1] = weight > 0 ? T.CreateTruncating(1 / (isNew ? weight : Math.Sqrt(weight))) : T.Zero;
            for (int k = 0; k < row.Length; k++) cells[i, k] = row[k];
        }

        return result;
    }

    /// <summary>The scaler of one view: means and factors.</summary>
    public (double[] Means, double[] Scales) ScalerOf(int view) => (_means[view], _scales[view]);

    /// <summary>The encoder of a file.</summary>
    public static ViewEncoder Of(ViewKind[] kinds, int[] widths, double[][] means, double[][] scales) => new(kinds, widths, means, scales);

    private void Scale<T>(View view, int m, int row, string name, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        view.CopyRow(row, values);
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = T.CreateTruncating((double.CreateTruncating(values[k]) - _means[m][k]) * _scales[m][k]);
            if (!T.IsFinite(values[k])) throw new ArgumentException($"view '{name}', row {row}, feature {k} is not a finite number, or too large: mark the view absent there, or mend it");
        }
    }

    private void RequireFit(Views views, int at, int m, string name)
    {
        View view = views.At(at);
        if ((view.Kind is ViewKind.Vectors or ViewKind.Images) != IsFlat(m) || (!IsFlat(m) && view.Kind != Kinds[m]))
        {
            throw new ArgumentException($"view '{name}' is of {view.Kind}; the model was fitted to {Kinds[m]}");
        }

        int features = views.FeaturesOf(at) ?? Widths[m];
        if (features != Widths[m] && Kinds[m] != ViewKind.Gram) throw new ArgumentException($"view '{name}' has {features} features; the model was fitted to {Widths[m]}");
    }

    private static (double[] Means, double[] Scales) Moments(Views views, int m, ViewScaling scaling)
    {
        View view = views.At(m);
        double[] means = new double[view.Features], scales = new double[view.Features], row = new double[view.Features];
        if (scaling == ViewScaling.None)
        {
            Array.Fill(scales, 1);
            return (means, scales);
        }

        int[] rows = [.. Enumerable.Range(0, views.Rows).Where(i => views.IsPresent(i, m))];
        foreach (int i in rows)
        {
            view.CopyRow(i, row);
            for (int k = 0; k < row.Length; k++)
            {
                if (!double.IsFinite(row[k])) throw new ArgumentException($"view '{views.Names[m]}', row {i}, feature {k} is not a finite number: mark the view absent there, or mend it");
                means[k] += row[k] / rows.Length;
            }
        }

        foreach (int i in rows)
        {
            view.CopyRow(i, row);
            for (int k = 0; k < row.Length; k++) scales[k] += (row[k] - means[k]) * (row[k] - means[k]) / rows.Length;
        }

        for (int k = 0; k < scales.Length; k++)
        {
            // A feature that varies by less than its own rounding does not vary.
            double deviation = Math.Sqrt(scales[k]);
            scales[k] = deviation > 1e-12 * Math.Abs(means[k]) && deviation > 0 ? 1 / deviation : 0;
        }

        return (means, scales);
    }
}
