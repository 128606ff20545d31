using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Several views of rows, standardized by the rows that have them, 0 where they are absent; the pixels of images have one unit, and one deviation.</summary>
internal sealed class ViewRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool[][] _present;

    private ViewRows(int rows, Standardization<T>[] scales, Tensor<T>[] values, bool[][] present) => (Rows, Scales, Values, _present) = (rows, scales, values, present);

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Means and deviations by view.</summary>
    public Standardization<T>[] Scales { get; }

    /// <summary>By view: rows x features.</summary>
    public Tensor<T>[] Values { get; }

    /// <summary>Whether a row has a view.</summary>
    public bool IsPresent(int row, int view) => _present[view][row];

    /// <summary>The rows of a fit that have a view at all, and the scale of every view.</summary>
    /// <exception cref="ArgumentException">There are fewer than two views, a view is none of features or in fewer than two rows, or an element is not finite.</exception>
    public static ViewRows<T> Fit(Views views, string operation)
    {
        ArgumentNullException.ThrowIfNull(views);
        HostExecution.RequireElement<T>(operation);
        if (views.Count < 2) throw new ArgumentException($"{operation}: there is one view, '{views.Names[0]}': two at least are needed");
        int[] kept = [.. Enumerable.Range(0, views.Rows).Where(row => Enumerable.Range(0, views.Count).Any(view => views.IsPresent(row, view)))];
        Views given = kept.Length == views.Rows ? views : views.Take(kept);
        T[][] values = new T[views.Count][];
        bool[][] present = new bool[views.Count][];
        Standardization<T>[] scales = new Standardization<T>[views.Count];
        for (int view = 0; view < views.Count; view++)
        {
            (values[view], present[view]) = Read(given, view, kept, operation);
            int having = present[view].Count(true);
            if (having < 2) throw new ArgumentException($"{operation}: view '{views.Names[view]}' is in {having} of {views.Rows} rows: at least two are needed");
            scales[view] = Standardization<T>.Of(values[view], given.At(view).Features, present[view]);
            if (given.At(view).Kind == ViewKind.Images) scales[view] = scales[view].WithOneDeviation();
        }

        return new(kept.Length, scales, Standardized(values, present, scales), present);
    }

    /// <summary>New rows of some of the views of a model.</summary>
    /// <param name="views">The views; each is one of the model's.</param>
    /// <param name="names">The names of the model's views.</param>
    /// <param name="scales">Their means and deviations.</param>
    /// <param name="operation">Who asks.</param>
    /// <exception cref="ArgumentException">A view is none of the model's or of other features, or an element is not finite.</exception>
    public static ViewRows<T> New(Views views, string[] names, Standardization<T>[] scales, string operation)
    {
        ArgumentNullException.ThrowIfNull(views);
        T[][] values = [.. scales.Select(scale => HostArray.Create<T>(operation, views.Rows, scale.Features))];
        bool[][] present = [.. scales.Select(_ => new bool[views.Rows])];
        int[] rows = [.. Enumerable.Range(0, views.Rows)];
        for (int at = 0; at < views.Count; at++)
        {
            int view = Array.IndexOf(names, views.Names[at]);
            if (view < 0) throw new ArgumentException($"{operation}: the model has no view '{views.Names[at]}'; it has {string.Join(", ", names)}", nameof(views));
            int features = views.At(at).Features;
            (values[view], present[view]) = Read(views, at, rows, operation);
            if (features != scales[view].Features) throw new ArgumentException($"{operation}: view '{names[view]}' has {features} features; {scales[view].Features} are needed", nameof(views));
        }

        return new(views.Rows, scales, Standardized(values, present, scales), present);
    }

    private static Tensor<T>[] Standardized(T[][] values, bool[][] present, Standardization<T>[] scales)
    {
        Tensor<T>[] result = new Tensor<T>[values.Length];
        for (int view = 0; view < result.Length; view++)
        {
            int width = scales[view].Features;
            for (int row = 0; row < present[view].Length; row++)
            {
                Span<T> features = values[view].AsSpan(row * width, width);
                if (present[view][row]) scales[view].Apply(features);
                else features.Clear();
            }

            result[view] = Tensor.Create(values[view], [present[view].Length, width]);
        }

        return result;
    }

    /// <summary>The features of the rows that have a view; what stands in the others is not looked at.</summary>
    private static (T[] Values, bool[] Present) Read(Views views, int at, int[] original, string operation)
    {
        View view = views.At(at);
        string name = views.Names[at];
        if (view.Kind is not (ViewKind.Vectors or ViewKind.Images)) throw new ArgumentException($"{operation}: view '{name}' is {view.Kind}: vectors or images are needed", nameof(views));
        if (view.Features == 0) throw new ArgumentException($"{operation}: view '{name}' has no features", nameof(views));
        T[] values = HostArray.Create<T>(operation, views.Rows, view.Features);
        bool[] present = new bool[views.Rows];
        for (int row = 0; row < views.Rows; row++)
        {
            present[row] = views.IsPresent(row, at);
            if (!present[row]) continue;
            Span<T> features = values.AsSpan(row * view.Features, view.Features);
            view.CopyRow(row, features);
            for (int j = 0; j < features.Length; j++)
            {
                if (!T.IsFinite(features[j])) throw new ArgumentException($"{operation}: {name}[{original[row]}, {j}] is {features[j]}; take the row's view out by the presence mask, or fill it", nameof(views));
            }
        }

        return (values, present);
    }
}
