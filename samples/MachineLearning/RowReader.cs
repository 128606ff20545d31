using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MachineLearning;

/// <summary>Reads one column of a cursor, row by row, into consecutive memory.</summary>
internal abstract class RowReader(string name, int width)
{
    private readonly List<bool> _present = [];

    /// <summary>The column.</summary>
    public string Name { get; } = name;

    /// <summary>Whether no row lacked a value.</summary>
    public bool IsComplete => !_present.Contains(false);

    /// <summary>Numbers of one row.</summary>
    protected int Width { get; } = width;

    /// <summary>What was read, row by row.</summary>
    protected List<float> Numbers { get; } = [];

    /// <summary>A reader of a column.</summary>
    /// <exception cref="ArgumentException">The column holds neither numbers nor vectors of known size.</exception>
    public static RowReader Of(DataViewRowCursor cursor, DataViewSchema.Column column) => column.Type switch
    {
        NumberDataViewType { RawType: var raw } when raw == typeof(float) => new Scalars<float>(cursor, column),
        NumberDataViewType { RawType: var raw } when raw == typeof(double) => new Scalars<double>(cursor, column),
        VectorDataViewType { IsKnownSize: true, ItemType.RawType: var raw } vector when raw == typeof(float) => new Vectors<float>(cursor, column, vector.Size),
        VectorDataViewType { IsKnownSize: true, ItemType.RawType: var raw } vector when raw == typeof(double) => new Vectors<double>(cursor, column, vector.Size),
        _ => throw new ArgumentException($"column '{column.Name}' is of {column.Type}; float, double and vectors of them, of known size, become views"),
    };

    /// <summary>Reads the cursor's row.</summary>
    public void Read()
    {
        int first = Numbers.Count;
        Append();
        _present.Add(!TensorPrimitives.IsNaNAny<float>(CollectionsMarshal.AsSpan(Numbers)[first..]));
    }

    /// <summary>Whether a row had all its values.</summary>
    public bool IsPresent(int row) => _present[row];

    /// <summary>Rows x width.</summary>
    public Tensor<float> Values() => Tensor.Create(Numbers.ToArray(), [_present.Count, Width]);

    /// <summary>Appends the numbers of the cursor's row.</summary>
    protected abstract void Append();

    private sealed class Scalars<T>(DataViewRowCursor cursor, DataViewSchema.Column column) : RowReader(column.Name, 1)
        where T : struct, System.Numerics.INumber<T>
    {
        private readonly ValueGetter<T> _get = cursor.GetGetter<T>(column);

        protected override void Append()
        {
            T value = default;
            _get(ref value);
            Numbers.Add(float.CreateSaturating(value));
        }
    }

    private sealed class Vectors<T>(DataViewRowCursor cursor, DataViewSchema.Column column, int width) : RowReader(column.Name, width)
        where T : struct, System.Numerics.INumber<T>
    {
        private readonly ValueGetter<VBuffer<T>> _get = cursor.GetGetter<VBuffer<T>>(column);
        private VBuffer<T> _buffer;

        protected override void Append()
        {
            _get(ref _buffer);
            foreach (T value in _buffer.DenseValues()) Numbers.Add(float.CreateSaturating(value));
        }
    }
}
