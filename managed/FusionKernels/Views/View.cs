using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>One modality of <see cref="Views"/>: a row for each thing that was observed.</summary>
/// <remarks>
/// Values are not looked at here: what is absent may hold anything. Vectors and images are copied; series and Gram matrices are read
/// where they are: leave them as they are while the view is in use. Immutable and thread-safe.
/// </remarks>
public sealed partial class View
{
    private readonly Array? _values;
    private readonly object? _source;
    private readonly int[]? _rows;

    /// <summary>By row of the source: the time of its first sample; null of series without times.</summary>
    private double[]? _starts;

    private double _step;

    private View(ViewKind kind, bool isFloat64, int rows, int features, Array? values, object? source, int[]? selected)
    {
        (Kind, IsFloat64, Rows, Features) = (kind, isFloat64, rows, features);
        (_values, _source, _rows) = (values, source, selected);
    }

    /// <summary>What the rows are.</summary>
    public ViewKind Kind { get; }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Features of a vector, pixels times channels of an image, channels of a series, columns of a Gram matrix.</summary>
    public int Features { get; }

    /// <summary>Whether the values are float64: one such view lets all of them be computed in float64.</summary>
    public bool IsFloat64 { get; }

    /// <summary>Of series with time stamps, the time between two samples; null of all others.</summary>
    public double? Step => _starts is null ? null : _step;

    /// <summary>The matrix or the series that this view was made from, whichever of its rows are selected.</summary>
    internal object? Source => _source;

    /// <summary>Rows of features.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="values">rows x features.</param>
    /// <exception cref="ArgumentException">The tensor is no matrix.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static View Vectors<T>(Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank != 2) throw new ArgumentException($"'{nameof(values)}' is {Shape.Of(values.Lengths)}; vectors are rows x features", nameof(values));
        return Flat(ViewKind.Vectors, values);
    }

    /// <summary>Images of one size.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="values">rows x height x width, or rows x height x width x channels.</param>
    /// <exception cref="ArgumentException">The tensor is of another rank.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static View Images<T>(Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank is not (3 or 4)) throw new ArgumentException($"'{nameof(values)}' is {Shape.Of(values.Lengths)}; images are rows x height x width [x channels]", nameof(values));
        return Flat(ViewKind.Images, values);
    }

    /// <summary>Series of any lengths.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">By row: time, or time x channels; any tensor where the row is absent.</param>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static View Sequences<T>(IReadOnlyList<Tensor<T>> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        HostExecution.RequireElement<T>("View.Sequences");
        int channels = series.Count == 0 ? 0 : Channels(series[0]);
        return new(ViewKind.Sequences, typeof(T) == typeof(double), series.Count, channels, null, series, null);
    }

    /// <summary>A ready Gram matrix.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="values">rows x rows, symmetric; of new rows against those of a fitted model, rows x the rows that the model's view had in all.</param>
    /// <exception cref="ArgumentException">The tensor is no matrix.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static View Gram<T>(Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        HostExecution.RequireElement<T>("View.Gram");
        if (values.Rank != 2) throw new ArgumentException($"'{nameof(values)}' is {Shape.Of(values.Lengths)}; a Gram matrix is rows x rows", nameof(values));
        return new(ViewKind.Gram, typeof(T) == typeof(double), (int)values.Lengths[0], (int)values.Lengths[1], null, values, null);
    }

    /// <summary>A matrix is vectors, a tensor of three or four dimensions is images.</summary>
    public static implicit operator View(Tensor<float> values) => FromTensor(values);

    /// <inheritdoc cref="op_Implicit(Tensor{float})"/>
    public static implicit operator View(Tensor<double> values) => FromTensor(values);

    /// <summary>Tensors one by one are series.</summary>
    public static implicit operator View(Tensor<float>[] series) => Sequences(series);

    /// <inheritdoc cref="op_Implicit(Tensor{float}[])"/>
    public static implicit operator View(Tensor<double>[] series) => Sequences(series);

    /// <summary>Vectors or images, by rank.</summary>
    /// <inheritdoc cref="Images{T}(Tensor{T})"/>
    public static View FromTensor<T>(Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Rank == 2 ? Vectors(values) : Images(values);
    }

    /// <summary>Some of the rows, in their order; a row may come more than once.</summary>
    internal View Take(int[] rows) => new(Kind, IsFloat64, rows.Length, Features, _values, _source, [.. rows.Select(Row)]) { _starts = _starts, _step = _step };

    /// <summary>Of series with time stamps, the time of a row's first sample.</summary>
    internal double StartOf(int row) => _starts![Row(row)];

    /// <summary>The number of a row in the source.</summary>
    internal int Row(int row) => _rows is null ? row : _rows[row];

    /// <summary>Copies one row of features.</summary>
    internal void CopyRow<T>(int row, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long first = (long)Row(row) * Features;
        for (int k = 0; k < Features; k++)
        {
            destination[k] = _values is float[] single ? T.CreateTruncating(single[first + k]) : T.CreateTruncating(((double[])_values!)[first + k]);
        }
    }

    /// <summary>One series.</summary>
    internal Tensor<T> Series<T>(int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => _source switch
        {
            IReadOnlyList<Tensor<T>> same => same[Row(row)],
            IReadOnlyList<Tensor<float>> single => Tensor.ConvertTruncating<float, T>(single[Row(row)]),
            IReadOnlyList<Tensor<double>> wide => Tensor.ConvertTruncating<double, T>(wide[Row(row)]),
            _ => throw new InvalidOperationException("the view has no series"),
        };

    /// <summary>The channels of one series.</summary>
    internal int ChannelsOf(int row) => _source is IReadOnlyList<Tensor<float>> single ? Channels(single[Row(row)]) : Channels(((IReadOnlyList<Tensor<double>>)_source!)[Row(row)]);

    /// <summary>One element of the Gram matrix, its column by the number in the source.</summary>
    internal T Similarity<T>(int row, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => _source switch
        {
            Tensor<T> same => same[Row(row), column],
            Tensor<float> single => T.CreateTruncating(single[Row(row), column]),
            Tensor<double> wide => T.CreateTruncating(wide[Row(row), column]),
            _ => throw new InvalidOperationException("the view has no Gram matrix"),
        };

    /// <summary>The same, checked.</summary>
    /// <exception cref="ArgumentException">The element is not finite.</exception>
    internal T FiniteSimilarity<T>(int row, int column, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Similarity<T>(row, column) is var value && T.IsFinite(value)
            ? value
            : throw new ArgumentException($"view '{name}', row {row}, column {column} of the Gram matrix is not a finite number");

    /// <summary>Refuses a Gram matrix that cannot be that of training rows.</summary>
    /// <exception cref="ArgumentException">It is not square.</exception>
    internal void RequireSquare(string name)
    {
        nint rows = _source is Tensor<float> single ? single.Lengths[0] : ((Tensor<double>)_source!).Lengths[0];
        if (rows != Features) throw new ArgumentException($"view '{name}' is a Gram matrix of {rows} x {Features}: that of training rows is square");
    }

    /// <summary>Refuses a Gram matrix against other rows than a model's.</summary>
    /// <exception cref="ArgumentException">It has other columns.</exception>
    internal void RequireColumns(string name, int columns)
    {
        if (Features != columns) throw new ArgumentException($"view '{name}' is a Gram matrix of {Features} columns; the model's view had {columns} rows in all, and needs the similarities to them");
    }

    private static int Channels<T>(Tensor<T> series) => series.Rank == 2 ? (int)series.Lengths[1] : 1;

    private static View Flat<T>(ViewKind kind, Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HostExecution.RequireElement<T>($"View.{kind}");
        T[] copy = new T[values.FlattenedLength];
        values.FlattenTo(copy);
        int rows = checked((int)values.Lengths[0]), features = 1;
        for (int d = 1; d < values.Rank; d++) features = checked(features * (int)values.Lengths[d]);
        return new(kind, typeof(T) == typeof(double), rows, features, copy, null, null);
    }
}
