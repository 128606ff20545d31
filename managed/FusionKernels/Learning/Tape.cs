using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Records what is computed from parameters and inputs, and goes the way back to their gradients (reverse-mode differentiation).</summary>
/// <remarks>
/// <para>A step is: <see cref="Clear"/>, inputs, operations of <see cref="Var{T}"/>, <see cref="Backward"/>. Values live until the
/// tape is cleared; their memory is the tape's, which uses it again, so that steps of the same shapes allocate nothing on the device.</para>
/// <para>Every sum has an order that depends on shapes alone: the same bits for any number of threads, and from run to run on one
/// device. NaN goes through operations as IEEE 754 has it. Memory: all values of a step, and gradients while they are needed.
/// One thread at a time may use a tape. (Griewank and Walther 2008, chapter 3.)</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Tape<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Node<T>> _nodes = [];
    private readonly List<ParameterStore<T>> _stores = [];
    private readonly TapeMemory<T> _memory;
    private readonly TapeMemory<int> _indices;
    private int _count;
    private uint _dropouts;
    private bool _disposed;

    /// <summary>An empty tape.</summary>
    /// <param name="device">Where it computes; null for <see cref="ComputeDevice.Default"/>.</param>
    /// <param name="threads">At most this many threads of the host; 0 for one per core. Results do not depend on it.</param>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or the device lacks it.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    public Tape(ComputeDevice? device = null, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Device = device ?? ComputeDevice.Default;
        DeviceTensor<T>.RequireSupportedElement();
        if (typeof(T) == typeof(double) && !Device.Description.SupportsFloat64)
        {
            throw new NotSupportedException($"{Device.Description.Name} has no float64; use float32 or another device");
        }

        Threads = threads;
        _memory = new(Device.Engine);
        _indices = new(Device.Engine);
    }

    /// <summary>Where it computes.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Whether dropout drops; off by default.</summary>
    public bool IsTraining { get; set; }

    /// <summary>The seed of dropout; 0 by default.</summary>
    public ulong Seed { get; set; }

    /// <summary>The number of the step, which dropout draws by; 0 by default.</summary>
    public int Step { get; set; }

    /// <summary>Cancels operations at the next tile boundary; never by default.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>At most this many threads of the host.</summary>
    internal int Threads { get; }

    /// <summary>The public operation whose work the tape is, by which errors of the device go; null where the caller's own operations of the tape do.</summary>
    internal string? Operation { get; init; }

    /// <summary>What runs the kernels.</summary>
    internal Engine Engine => Device.Engine;

    /// <summary>What tells apart the values of one step from those of another.</summary>
    internal int Generation { get; private set; }

    /// <summary>Forgets all values, and takes their memory back.</summary>
    public void Clear()
    {
        for (int i = 0; i < _count; i++)
        {
            Node<T> node = _nodes[i];
            (node.Operation, node.A, node.B, node.C, node.Saved, node.Indices, node.Extra, node.Gradient) = (null, null, null, null, null, null, null, null);
        }

        _count = 0;
        _dropouts = 0;
        Generation++;
        _stores.Clear();
        _memory.TakeBack();
        _indices.TakeBack();
        ForgetGraphs(all: false);
    }

    /// <summary>A value that is not trained.</summary>
    /// <param name="tensor">Of 0 to 4 dimensions; copied.</param>
    /// <exception cref="ArgumentException">There are more dimensions, or too many elements.</exception>
    public Var<T> Constant(Tensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Constant(tensor.AsReadOnlyTensorSpan());
    }

    /// <inheritdoc cref="Constant(Tensor{T})"/>
    public Var<T> Constant(ReadOnlyTensorSpan<T> tensor)
    {
        Node<T> node = New(LengthsOf(tensor.Lengths));
        TensorTransfer.Upload(tensor, Engine, node.Buffer);
        return new(this, node);
    }

    /// <summary>A number that is not trained.</summary>
    public Var<T> Constant(T value)
    {
        Node<T> node = New([]);
        Engine.Upload([value], node.Buffer, 0);
        return new(this, node);
    }

    /// <summary>Some slices of a tensor along its first dimension, in the order of their indices: a mini-batch.</summary>
    /// <param name="tensor">Of 1 to 4 dimensions.</param>
    /// <param name="rows">Indices; any may come again.</param>
    /// <exception cref="ArgumentException">The tensor has another number of dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the tensor.</exception>
    public Var<T> Rows(Tensor<T> tensor, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        int[] lengths = LengthsOf(tensor.Lengths);
        if (lengths.Length == 0) throw new ArgumentException("a number has no rows", nameof(tensor));
        int available = lengths[0];
        lengths[0] = rows.Length;
        Node<T> node = New(lengths);
        if (node.Elements == 0) return new(this, node);
        int length = checked((int)(node.Elements / rows.Length));
        ReadOnlySpan<T> all = tensor.IsDense ? tensor.AsReadOnlyTensorSpan().GetSpan(new nint[tensor.Rank], checked((int)tensor.FlattenedLength)) : Dense(tensor);
        Span<T> batch = _memory.Staging(checked((int)node.Elements));
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)available) throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"rows[{i}] is outside the tensor of {available} rows");
            all.Slice(rows[i] * length, length).CopyTo(batch[(i * length)..]);
        }

        Engine.Upload<T>(batch, node.Buffer, 0);
        return new(this, node);
    }

    /// <summary>A parameter as it stands; its gradient is taken.</summary>
    /// <exception cref="DeviceMismatchException">The parameter lives on another device.</exception>
    public Var<T> Of(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ParameterStore<T> store = parameter.Store;
        store.Place(Device);
        if (store.Tape == this && store.Generation == Generation && parameter.Node is { } known) return new(this, known);
        if (store.Tape != this || store.Generation != Generation)
        {
            store.Begin(this, Generation);
            _stores.Add(store);
        }

        Node<T> node = Open(parameter.Shape, null);
        (node.Buffer, node.Offset) = (store.Values, parameter.Offset);
        (node.Gradient, node.GradientOffset) = (store.Gradients, parameter.Offset);
        node.NeedsGradient = true;
        parameter.Node = node;
        return new(this, node);
    }

    /// <summary>Takes the gradients of a loss with respect to all parameters it depends on; they stay with the parameters until the next time.</summary>
    /// <param name="loss">One number of this tape.</param>
    /// <exception cref="ArgumentException">It is more than one number, or of another tape or step.</exception>
    public void Backward(Var<T> loss)
    {
        Node<T> last = loss.NodeOn(this);
        if (last.Elements != 1) throw new ArgumentException($"a loss of {Shape.Of(loss.Lengths)} has no gradient; it must be one number", nameof(loss));
        foreach (ParameterStore<T> store in _stores) store.ForgetGradients();
        if (last.NeedsGradient)
        {
            GradientOf(last, out _);
            Engine.Upload([T.One], last.Root.Gradient!, last.Root.GradientOffset);
            for (int i = _count - 1; i >= 0; i--)
            {
                Node<T> node = _nodes[i];
                if (node.Operation is null || !node.Root.HasGradient) continue;
                node.Operation.Backward(this, node);
                if (node.Gradient is not { } used) continue;
                _memory.Return(used);
                node.Gradient = null;
            }
        }

        foreach (ParameterStore<T> store in _stores) store.ClearUnreached(this);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        Clear();
        ForgetGraphs(all: true);
        _memory.Dispose();
        _indices.Dispose();
    }

    private static int[] LengthsOf(ReadOnlySpan<nint> lengths)
    {
        if (lengths.Length > 4) throw new ArgumentException($"the tensor is {Shape.Of(lengths)}; up to four dimensions are supported");
        int[] result = new int[lengths.Length];
        for (int i = 0; i < result.Length; i++) result[i] = checked((int)lengths[i]);
        return result;
    }

    private static T[] Dense(Tensor<T> tensor)
    {
        T[] flat = new T[tensor.FlattenedLength];
        tensor.FlattenTo(flat);
        return flat;
    }
}
