using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>One value on a tape, what it was made of, and its gradient; used again step after step.</summary>
internal sealed class Node<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _lengths = new int[4];

    /// <summary>The elements; those of <see cref="Root"/> for a view.</summary>
    public DeviceBuffer<T> Buffer { get; set; } = null!;

    /// <summary>The first element in <see cref="Buffer"/>.</summary>
    public long Offset { get; set; }

    /// <summary>The gradient's memory; null until something was brought to it.</summary>
    public DeviceBuffer<T>? Gradient { get; set; }

    /// <summary>The first element in <see cref="Gradient"/>.</summary>
    public long GradientOffset { get; set; }

    /// <summary>Whether something stands in the gradient, so that more is added.</summary>
    public bool HasGradient { get; set; }

    /// <summary>Whether anything that it depends on is trained.</summary>
    public bool NeedsGradient { get; set; }

    /// <summary>The node whose elements a view shows; the node itself otherwise.</summary>
    public Node<T> Root { get; private set; } = null!;

    /// <summary>How it came about; null for inputs, parameters and views.</summary>
    public Operation<T>? Operation { get; set; }

    /// <summary>The first operand.</summary>
    public Node<T>? A { get; set; }

    /// <summary>The second operand.</summary>
    public Node<T>? B { get; set; }

    /// <summary>The third operand.</summary>
    public Node<T>? C { get; set; }

    /// <summary>A number that the operation was given.</summary>
    public double Factor { get; set; }

    /// <summary>Another number.</summary>
    public double Other { get; set; }

    /// <summary>A whole number.</summary>
    public int Count { get; set; }

    /// <summary>Another whole number.</summary>
    public int Start { get; set; }

    /// <summary>Elements that the way back needs beside operands and value.</summary>
    public DeviceBuffer<T>? Saved { get; set; }

    /// <summary>Indices that the way back needs.</summary>
    public IndexPlan? Indices { get; set; }

    /// <summary>Anything else that the way back needs.</summary>
    public object? Extra { get; set; }

    /// <summary>Dimensions.</summary>
    public int Rank { get; private set; }

    /// <summary>Elements.</summary>
    public long Elements { get; private set; }

    /// <summary>The shape.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Rank);

    /// <summary>The last length; 1 for a number.</summary>
    public int Columns => Rank == 0 ? 1 : _lengths[Rank - 1];

    /// <summary>The product of all lengths but the last.</summary>
    public int Rows => Columns == 0 ? 0 : checked((int)(Elements / Columns));

    /// <summary>The elements as a dense matrix of rows and columns.</summary>
    public Operand<T> Value => Matrix(Rows, Columns);

    /// <summary>The elements as one dense row.</summary>
    public Operand<T> Flat => Matrix(1, checked((int)Elements));

    /// <summary>The elements as a dense matrix of another shape.</summary>
    public Operand<T> Matrix(int rows, int columns) => new MatrixRef<T>(Buffer, Offset, rows, columns, columns).InBuffer;

    /// <summary>The elements, with strides that may repeat or pass over some.</summary>
    public Operand<T> Strided(int rows, int columns, long rowStride, long columnStride, long from = 0) =>
        new MatrixRef<T>(Buffer, Offset + from, rows, columns, rowStride, columnStride).InBuffer;

    /// <summary>The gradient that was brought to it, as a dense matrix of its rows and columns.</summary>
    public Operand<T> GradientValue => GradientMatrix(Rows, Columns);

    /// <summary>The same as one dense row.</summary>
    public Operand<T> FlatGradient => GradientMatrix(1, checked((int)Elements));

    /// <summary>The same as a dense matrix of another shape.</summary>
    public Operand<T> GradientMatrix(int rows, int columns) => new MatrixRef<T>(Root.Gradient!, Root.GradientOffset, rows, columns, columns).InBuffer;

    /// <summary>Begins a new life.</summary>
    public void Open(ReadOnlySpan<int> lengths, Node<T>? viewOf)
    {
        Rank = lengths.Length;
        lengths.CopyTo(_lengths);
        Elements = 1;
        foreach (int length in lengths) Elements = checked(Elements * length);
        Root = viewOf?.Root ?? this;
        (Operation, A, B, C) = (null, null, null, null);
        (Gradient, HasGradient, Saved, Indices, Extra) = (null, false, null, null, null);
    }
}
