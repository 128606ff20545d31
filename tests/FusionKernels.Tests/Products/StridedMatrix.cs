using System.Numerics;
using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Products;

/// <summary>How a test matrix lies in memory.</summary>
public enum OperandLayout
{
    /// <summary>Rows follow each other.</summary>
    RowMajor,

    /// <summary>Rows follow each other, with a few elements between them that belong to nobody.</summary>
    PaddedRows,

    /// <summary>Columns follow each other, with a few elements between them that belong to nobody.</summary>
    PaddedColumns,

    /// <summary>Neither rows nor columns are consecutive.</summary>
    Scattered,
}

/// <summary>A matrix in host memory with guard elements before, between and after its own.</summary>
internal sealed class StridedMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Margin = 5;
    private const double Guard = -987654;

    public StridedMatrix(double[,] values, OperandLayout layout = OperandLayout.RowMajor)
    {
        (Rows, Columns) = (values.GetLength(0), values.GetLength(1));
        (RowStride, ColumnStride) = layout switch
        {
            OperandLayout.RowMajor => (Columns, 1),
            OperandLayout.PaddedRows => (Columns + 3, 1),
            OperandLayout.PaddedColumns => (1, Rows + 3),
            _ => ((3 * Columns) + 1, 3),
        };
        Elements = new T[(2 * Margin) + (Math.Max(Rows, 1) * Math.Max(RowStride, 1)) + (Math.Max(Columns, 1) * Math.Max(ColumnStride, 1))];
        Array.Fill(Elements, T.CreateChecked(Guard));
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++) this[i, j] = T.CreateSaturating(values[i, j]);
        }
    }

    public T[] Elements { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int RowStride { get; }

    public int ColumnStride { get; }

    public MatrixRef<T> Ref => new(ref Elements[Margin], Rows, Columns, RowStride, ColumnStride);

    public T this[int i, int j]
    {
        get => Elements[Margin + (i * RowStride) + (j * ColumnStride)];
        set => Elements[Margin + (i * RowStride) + (j * ColumnStride)] = value;
    }

    /// <summary>The values as they are stored.</summary>
    public double[,] ToArray()
    {
        double[,] values = new double[Rows, Columns];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++) values[i, j] = double.CreateChecked(this[i, j]);
        }

        return values;
    }

    /// <summary>Fails if anything outside the matrix was written.</summary>
    public void AssertGuardsIntact(string what)
    {
        bool[] owned = new bool[Elements.Length];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++) owned[Margin + (i * RowStride) + (j * ColumnStride)] = true;
        }

        for (int at = 0; at < owned.Length; at++)
        {
            if (!owned[at] && Elements[at] != T.CreateChecked(Guard)) Assert.Fail($"{what}: element {at} beside the result was overwritten with {Elements[at]}");
        }
    }
}
