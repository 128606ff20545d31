using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <content>Shapes, parts and indices.</content>
public readonly partial struct Var<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The same elements in another shape; nothing is copied.</summary>
    /// <param name="lengths">The shape; one length may be -1, and follows from the others.</param>
    /// <exception cref="ArgumentException">The elements are not as many.</exception>
    public Var<T> Reshape(params ReadOnlySpan<int> lengths)
    {
        Node<T> source = Node;
        int[] wanted = lengths.ToArray();
        int open = Array.IndexOf(wanted, -1);
        long others = wanted.Where(length => length != -1).Aggregate(1L, (product, length) => product * length);
        if (open >= 0 && others > 0 && source.Elements % others == 0) wanted[open] = (int)(source.Elements / others);
        if (wanted.Length > 4 || wanted.Contains(-1) || wanted.Aggregate(1L, (product, length) => product * length) != source.Elements)
        {
            throw new ArgumentException($"Reshape: {Tape<T>.ShapeOf(source)} has {source.Elements} elements, {string.Join(" x ", lengths.ToArray())} another number");
        }

        return new(Tape, Tape.View(source, wanted));
    }

    /// <summary>Rows and columns exchanged.</summary>
    /// <exception cref="ArgumentException">This is no matrix.</exception>
    public Var<T> Transpose()
    {
        Node<T> source = Node;
        if (source.Rank != 2) throw new ArgumentException($"Transpose: {Tape<T>.ShapeOf(source)} is no matrix");
        Node<T> node = Tape.New(TransposeOperation<T>.Instance, [source.Lengths[1], source.Lengths[0]], source);
        Tape.Copy(source.Value.Transposed, node.Value, adds: false, "Transpose");
        return new(Tape, node);
    }

    /// <summary>Some features: a range of the last dimension.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are outside the last dimension.</exception>
    public Var<T> Columns(int first, int count)
    {
        Node<T> source = Node;
        if (first < 0 || count < 0 || first > source.Columns - count) throw new ArgumentOutOfRangeException(nameof(first), first, $"{count} columns from {first} on are outside {Tape<T>.ShapeOf(source)}");
        int[] lengths = source.Lengths.ToArray();
        lengths[^1] = count;
        Node<T> node = Tape.New(ColumnsOperation<T>.Instance, lengths, source);
        node.Start = first;
        if (node.Elements > 0) Tape.Copy(source.Value.ColumnRange(first, count), node.Value, adds: false, "Columns");
        return new(Tape, node);
    }

    /// <summary>Values side by side along the last dimension.</summary>
    /// <param name="parts">At least one; all their other lengths are the same.</param>
    /// <exception cref="ArgumentException">There is none, or lengths differ.</exception>
    public static Var<T> Concat(params ReadOnlySpan<Var<T>> parts) => ConcatOperation<T>.Record(parts, alongRows: false);

    /// <summary>Values one below the other along the dimension before the last.</summary>
    /// <inheritdoc cref="Concat"/>
    public static Var<T> Stack(params ReadOnlySpan<Var<T>> parts) => ConcatOperation<T>.Record(parts, alongRows: true);

    /// <summary>Rows of a table by index; gradients of a row that comes again are added in the order in which it comes.</summary>
    /// <param name="rows">Indices of rows, in any order.</param>
    /// <returns>indices x columns.</returns>
    /// <exception cref="ArgumentException">This is no matrix.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the table.</exception>
    public Var<T> Gather(params ReadOnlySpan<int> rows)
    {
        Node<T> source = Node;
        if (source.Rank != 2) throw new ArgumentException($"Gather: {Tape<T>.ShapeOf(source)} is no table of rows");
        return GatherOperation<T>.Record(this, rows, source.Rows, source.Columns, [rows.Length, source.Columns]);
    }

    /// <summary>One element of each row of the last dimension, by index: logits of labels.</summary>
    /// <param name="columns">For each row, the column of its element.</param>
    /// <returns>A vector of as many elements as there are rows.</returns>
    /// <exception cref="ArgumentException">There are more or fewer indices than rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its row.</exception>
    public Var<T> Pick(params ReadOnlySpan<int> columns)
    {
        Node<T> source = Node;
        if (columns.Length != source.Rows) throw new ArgumentException($"Pick: {columns.Length} indices for {source.Rows} rows of {Tape<T>.ShapeOf(source)}");
        int[] flat = new int[columns.Length];
        for (int i = 0; i < flat.Length; i++)
        {
            if ((uint)columns[i] >= (uint)source.Columns) throw new ArgumentOutOfRangeException(nameof(columns), columns[i], $"index {i} is outside a row of {source.Columns}");
            flat[i] = checked((i * source.Columns) + columns[i]);
        }

        return GatherOperation<T>.Record(this, flat, checked((int)source.Elements), 1, [flat.Length]);
    }

    /// <summary>Drops each element with a probability and divides the others by one less it, while the tape is training; else nothing.</summary>
    /// <param name="probability">0 to below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    /// <remarks>What is dropped follows from the tape's seed and step and the number of the call within the step: the same on every engine. (Srivastava et al. 2014.)</remarks>
    public Var<T> Dropout(double probability)
    {
        if (probability is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "a probability of 0 to below 1 is needed");
        if (!Tape.IsTraining || probability == 0) return this;
        return DropoutOperation<T>.Record(this, probability);
    }

    /// <summary>The same value, whose gradient is multiplied by -lambda on its way back (Ganin and Lempitsky 2015).</summary>
    /// <param name="lambda">A finite number.</param>
    public Var<T> ReverseGradient(double lambda)
    {
        if (!double.IsFinite(lambda)) throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "a finite number is needed");
        Var<T> result = UnaryOperation<T>.Record(this, new Linear1Function<T>(T.One, T.Zero), ReversalOperation<T>.Instance);
        result.Node.Factor = lambda;
        return result;
    }

    /// <summary>The same value as a constant: no gradient goes back through it.</summary>
    public Var<T> Detach()
    {
        Node<T> source = Node, node = Tape.View(source, source.Lengths);
        node.NeedsGradient = false;
        return new(Tape, node);
    }
}
