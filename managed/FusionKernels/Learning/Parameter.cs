using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A tensor that is trained, in the memory of its <see cref="ParameterSet{T}"/>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Parameter(ParameterStore<T> store, string name, int[] shape, T[] values) => (Store, Name, Shape, Initial) = (store, name, shape, values);

    /// <summary>Its name in the set, e.g. <c>encoder.0.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The shape.</summary>
    public IReadOnlyList<int> Lengths => Shape;

    /// <summary>The set's memory.</summary>
    internal ParameterStore<T> Store { get; }

    /// <summary>The shape.</summary>
    internal int[] Shape { get; }

    /// <summary>Values before the set has a device; null after.</summary>
    internal T[]? Initial { get; set; }

    /// <summary>The first element in the set's memory.</summary>
    internal long Offset { get; set; }

    /// <summary>Elements.</summary>
    internal int Count => Shape.Aggregate(1, (product, length) => checked(product * length));

    /// <summary>The node of the step under way.</summary>
    internal Node<T>? Node { get; set; }

    /// <summary>Copies the values to the host.</summary>
    public Tensor<T> Read() => Tensor.Create(Initial is { } values ? (T[])values.Clone() : Store.Download(Store.Values, this), Shape.Select(length => (nint)length).ToArray());

    /// <summary>Copies the gradient of the last <see cref="Tape{T}.Backward"/> to the host; zeros before the first.</summary>
    public Tensor<T> ReadGradient() =>
        Tensor.Create(Initial is null ? Store.Download(Store.Gradients, this) : new T[Count], Shape.Select(length => (nint)length).ToArray());

    /// <summary>Takes other values.</summary>
    /// <param name="values">Of the parameter's shape.</param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public void Write(Tensor<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!values.Lengths.SequenceEqual(Shape.Select(length => (nint)length).ToArray()))
        {
            throw new ArgumentException($"parameter '{Name}' is {string.Join(" x ", Shape)}, the values are {FusionKernels.Shape.Of(values.Lengths)}", nameof(values));
        }

        T[] flat = new T[Count];
        values.FlattenTo(flat);
        Write(flat);
    }

    /// <summary>Takes other values, row-major.</summary>
    internal void Write(T[] values)
    {
        if (Initial is not null) Initial = values;
        else Store.Upload(Store.Values, this, values);
    }
}
