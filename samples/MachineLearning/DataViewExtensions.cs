using System.Numerics.Tensors;
using FusionKernels;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MachineLearning;

/// <summary>Columns of ML.NET as views, one modality per column; copy it into your program.</summary>
internal static class DataViewExtensions
{
    /// <summary>Columns of float, double or vectors of them as row-aligned views. A missing value (NaN) makes the view absent in its row.</summary>
    /// <param name="data">The data; read once.</param>
    /// <param name="columns">The columns that become views, by their names; vectors must be of known size.</param>
    /// <exception cref="ArgumentException">There is no such column, or it holds neither numbers nor vectors of known size.</exception>
    public static Views ToViews(this IDataView data, params string[] columns)
    {
        DataViewSchema.Column[] chosen = [.. columns.Select(name => data.Schema.GetColumnOrNull(name) ?? throw new ArgumentException($"there is no column '{name}'; there are {string.Join(", ", data.Schema.Select(column => column.Name))}", nameof(columns)))];
        using DataViewRowCursor cursor = data.GetRowCursor(chosen);
        RowReader[] readers = [.. chosen.Select(column => RowReader.Of(cursor, column))];
        while (cursor.MoveNext())
        {
            foreach (RowReader reader in readers) reader.Read();
        }

        Views views = Views.Of([.. readers.Select(reader => (reader.Name, View.Vectors(reader.Values())))]);
        if (readers.All(reader => reader.IsComplete)) return views;
        bool[] present = new bool[views.Rows * readers.Length];
        for (int i = 0; i < present.Length; i++) present[i] = readers[i % readers.Length].IsPresent(i / readers.Length);
        return views.WithPresence(Tensor.Create(present, [views.Rows, readers.Length]));
    }

    /// <summary>A column of class names or numbers as labels.</summary>
    public static ClassLabels ToLabels(this IDataView data, string column)
    {
        DataViewSchema.Column chosen = data.Schema[column];
        return ClassLabels.From(chosen.Type is TextDataViewType
            ? data.GetColumn<string>(chosen)
            : data.GetColumn<float>(chosen).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
