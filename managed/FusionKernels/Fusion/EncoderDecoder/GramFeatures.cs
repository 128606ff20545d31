using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Gram views as vectors, for what learns from features: similarities to up to 128 training rows, evenly spaced over those in which the view is present (Balcan, Blum and Srebro 2008).</summary>
internal sealed class GramFeatures
{
    private const int MostLandmarks = 128;

    /// <summary>By view: the columns of its landmarks and those of the whole matrix; null of views that are no Gram matrices.</summary>
    private readonly (int[] Landmarks, int Columns)?[] _views;
    private readonly string[] _names;

    private GramFeatures(string[] names, (int[], int)?[] views) => (_names, _views) = (names, views);

    /// <summary>Chooses the landmarks.</summary>
    /// <exception cref="ArgumentException">A Gram view is not square, or present nowhere.</exception>
    public static GramFeatures Fit(Views views)
    {
        (int[], int)?[] chosen = new (int[], int)?[views.Count];
        for (int m = 0; m < views.Count; m++)
        {
            View view = views.At(m);
            if (view.Kind != ViewKind.Gram) continue;
            view.RequireSquare(views.Names[m]);
            int[] present = views.RowsWith(m);
            if (present.Length == 0) throw new ArgumentException($"view '{views.Names[m]}' is present in none of the {views.Rows} rows");
            int count = Math.Min(MostLandmarks, present.Length);
            chosen[m] = ([.. Enumerable.Range(0, count).Select(at => view.Row(present[(int)((long)at * present.Length / count)]))], view.Features);
        }

        return new([.. views.Names], chosen);
    }

    /// <summary>Rows with vectors in place of Gram matrices.</summary>
    /// <exception cref="ArgumentException">A view that was a Gram matrix is none, or of other columns, or a present similarity is not finite.</exception>
    public Views Of(Views rows)
    {
        if (Array.TrueForAll(_views, one => one is null)) return rows;
        return rows.Replaced((name, view, at) => Array.IndexOf(_names, name) is >= 0 and int m && _views[m] is { } gram ? Vectors(rows, view, at, name, gram.Landmarks, gram.Columns) : view);
    }

    private static View Vectors(Views rows, View view, int at, string name, int[] landmarks, int columns)
    {
        if (view.Kind != ViewKind.Gram) throw new ArgumentException($"view '{name}' is of {view.Kind}; the model was fitted to {ViewKind.Gram}");
        view.RequireColumns(name, columns);
        return view.IsFloat64 ? View.Vectors(Similarities<double>()) : View.Vectors(Similarities<float>());

        Tensor<T> Similarities<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] values = new T[checked(rows.Rows * landmarks.Length)];
            for (int i = 0; i < rows.Rows; i++)
            {
                if (!rows.IsPresent(i, at)) continue;
                for (int k = 0; k < landmarks.Length; k++) values[(i * landmarks.Length) + k] = view.FiniteSimilarity<T>(i, landmarks[k], name);
            }

            return Tensor.Create(values, [rows.Rows, landmarks.Length]);
        }
    }
}
