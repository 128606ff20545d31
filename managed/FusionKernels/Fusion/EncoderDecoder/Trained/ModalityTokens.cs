using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What encoders make of the views of a batch: tokens, codes, and which of them are there.</summary>
/// <param name="tape">The tape.</param>
/// <param name="rows">Rows of the batch.</param>
/// <param name="tokens">By view: rows x places x width.</param>
/// <param name="keep">By view: which places are there, rows x places.</param>
/// <param name="present">rows x views.</param>
/// <param name="explains">Whether attention is asked for.</param>
internal sealed class ModalityTokens<T>(Tape<T> tape, int rows, Var<T>[] tokens, bool[][] keep, bool[] present, bool explains)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Var<T>?[] _codes = new Var<T>?[tokens.Length];
    private readonly Var<T>?[] _masks = new Var<T>?[tokens.Length];

    /// <summary>The tape.</summary>
    public Tape<T> Tape => tape;

    /// <summary>Rows.</summary>
    public int Rows => rows;

    /// <summary>Views.</summary>
    public int Count => tokens.Length;

    /// <summary>Whether attention is asked for.</summary>
    public bool Explains => explains;

    /// <summary>Features of tokens and codes.</summary>
    public int Width => tokens[0].Node.Columns;

    /// <summary>What a rule made of the batch, where it needs it twice.</summary>
    public object? Made { get; set; }

    /// <summary>The tokens of a view, rows x places x width; of absent rows, anything finite.</summary>
    public Var<T> Tokens(int view) => tokens[view];

    /// <summary>Which places of a view are there, rows x places.</summary>
    public bool[] Keep(int view) => keep[view];

    /// <summary>Places of a view.</summary>
    public int Places(int view) => tokens[view].Node.Lengths[1];

    /// <summary>By place of all views, side by side: its view.</summary>
    public int[] ViewOfPlaces() => [.. Enumerable.Range(0, Count).SelectMany(view => Enumerable.Repeat(view, Places(view)))];

    /// <summary>Whether a view is there.</summary>
    public bool IsPresent(int row, int view) => present[(row * tokens.Length) + view];

    /// <summary>The code of a view: the mean of its tokens, rows x width, 0 where it is absent.</summary>
    public Var<T> Code(int view) => _codes[view] ??= Mean(tokens[view], view);

    /// <summary>The codes of all views.</summary>
    public Var<T>[] Codes() => [.. Enumerable.Range(0, Count).Select(Code)];

    /// <summary>1 where a view is there, rows x 1.</summary>
    public Var<T> Mask(int view) => _masks[view] ??= PerRow(row => IsPresent(row, view) ? 1 : 0);

    /// <summary>1 over the views that are there besides a view; 0 where there is none: rows x 1.</summary>
    public Var<T> ShareOfOthers(int view) => PerRow(row => Others(row, view) is > 0 and int others ? 1.0 / others : 0);

    /// <summary>The part of one other view among those that are there; 0 where it is absent: rows x 1.</summary>
    public Var<T> ShareAmongOthers(int view, int other) => PerRow(row => IsPresent(row, other) ? 1.0 / Others(row, view) : 0);

    /// <summary>1 where another view is there: rows x 1.</summary>
    public Var<T> HasOthers(int view) => PerRow(row => Others(row, view) > 0 ? 1 : 0);

    /// <summary>1 over the views that are there, where a view is one of them; else 0: rows x 1.</summary>
    public Var<T> Share(int view) => PerRow(row => IsPresent(row, view) ? 1.0 / (Others(row, view) + 1) : 0);

    /// <summary>One number for each row, rows x 1.</summary>
    public Var<T> PerRow(Func<int, double> value)
    {
        T[] values = new T[rows];
        for (int row = 0; row < rows; row++) values[row] = T.CreateChecked(value(row));
        return tape.Constant(Tensor.Create(values, [rows, 1]));
    }

    /// <summary>The mean of values at the places of a view that are there, rows x features; 0 of none.</summary>
    /// <param name="values">rows x places x features.</param>
    /// <param name="view">The view.</param>
    public Var<T> Mean(Var<T> values, int view)
    {
        int places = Places(view), features = values.Node.Columns;
        if (places == 1) return values.Reshape(rows, features) * Mask(view);
        T[] weights = new T[rows * places];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<bool> there = keep[view].AsSpan(row * places, places);
            int count = there.Count(true);
            for (int place = 0; place < places; place++) weights[(row * places) + place] = there[place] ? T.One / T.CreateChecked(count) : T.Zero;
        }

        return tape.Constant(Tensor.Create(weights, [rows, 1, places])).MatMul(values).Reshape(rows, features);
    }

    /// <summary>0 where a view is there and -infinity where it is not, for a softmax over views: (rows times) x views.</summary>
    public Var<T> Penalty(int times = 1)
    {
        T[] values = new T[rows * times * Count];
        for (int at = 0; at < values.Length; at++) values[at] = IsPresent(at / (times * Count), at % Count) ? T.Zero : T.NegativeInfinity;
        return tape.Constant(Tensor.Create(values, [rows * times, Count]));
    }

    /// <summary>The sum of parts by weights.</summary>
    /// <param name="weights">rows x views.</param>
    /// <param name="parts">By view: rows x features, finite.</param>
    public static Var<T> Weighted(Var<T> weights, IReadOnlyList<Var<T>> parts)
    {
        Var<T> sum = parts[0] * weights.Columns(0, 1);
        for (int m = 1; m < parts.Count; m++) sum += parts[m] * weights.Columns(m, 1);
        return sum;
    }

    /// <summary>The same batch, one view's rows moved by one: what does not belong together.</summary>
    public ModalityTokens<T> Shifted(int view)
    {
        int places = Places(view), views = Count;
        int[] from = [.. Enumerable.Range(0, rows).Select(row => (row + 1) % rows)];
        Var<T>[] shifted = [.. tokens];
        bool[][] kept = [.. keep];
        shifted[view] = tokens[view].Reshape(rows, places * Width).Gather(from).Reshape(rows, places, Width);
        kept[view] = [.. from.SelectMany(row => keep[view].AsSpan(row * places, places).ToArray())];
        bool[] there = [.. Enumerable.Range(0, rows * views).Select(at => IsPresent(at % views == view ? from[at / views] : at / views, at % views))];
        return new(tape, rows, shifted, kept, there, explains);
    }

    private int Others(int row, int view)
    {
        int others = 0;
        for (int m = 0; m < Count; m++)
        {
            if (m != view && IsPresent(row, m)) others++;
        }

        return others;
    }
}
