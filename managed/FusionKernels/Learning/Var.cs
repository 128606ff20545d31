using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A value on a tape: a tensor of 0 to 4 dimensions, dense and row-major, that knows what it was computed from.</summary>
/// <remarks>
/// It lives until its tape is cleared, and says so when it is used later. Operations check shapes first and name them in words.
/// Where two operands differ in shape, the smaller one repeats: a number everywhere, a tensor of the last dimensions for each of
/// the first, and a tensor whose last length is 1 along that dimension.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly partial struct Var<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape;
    private readonly Node<T> _node;
    private readonly int _generation;

    internal Var(Tape<T> tape, Node<T> node) => (_tape, _node, _generation) = (tape, node, tape.Generation);

    /// <summary>The tape.</summary>
    public Tape<T> Tape => _tape ?? throw new InvalidOperationException("this value is of no tape: it is the default of its type");

    /// <summary>The shape.</summary>
    /// <exception cref="InvalidOperationException">The tape was cleared.</exception>
    public ReadOnlySpan<nint> Lengths
    {
        get
        {
            nint[] lengths = new nint[Node.Rank];
            for (int i = 0; i < lengths.Length; i++) lengths[i] = Node.Lengths[i];
            return lengths;
        }
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank => Node.Rank;

    /// <summary>The node, of this step still.</summary>
    internal Node<T> Node => Tape.Generation == _generation
        ? _node
        : throw new InvalidOperationException("this value is of an earlier step: its tape was cleared");

    /// <summary>Copies the value to the host.</summary>
    /// <exception cref="InvalidOperationException">The tape was cleared.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    public Tensor<T> Read()
    {
        T[] values = new T[Node.Elements];
        Tape.Engine.Download(Node.Buffer, Node.Offset, values);
        return Tensor.Create(values, Lengths);
    }

    /// <summary>The value of one number.</summary>
    /// <exception cref="InvalidOperationException">There are more numbers than one, or the tape was cleared.</exception>
    public T ToScalar()
    {
        if (Node.Elements != 1) throw new InvalidOperationException($"the value is {Tape<T>.ShapeOf(Node)}, not one number");
        Span<T> value = [default];
        Tape.Engine.Download(Node.Buffer, Node.Offset, value);
        return value[0];
    }

    /// <summary>The node, if it is of a tape's step under way.</summary>
    internal Node<T> NodeOn(Tape<T> tape) => ReferenceEquals(Tape, tape) ? Node : throw new ArgumentException("the values are of two tapes; one tape records a step");

    /// <inheritdoc/>
    public override string ToString() => _tape is null ? "no value" : $"{Tape<T>.ShapeOf(Node)} on {_tape.Device.Description.Name}";
}
