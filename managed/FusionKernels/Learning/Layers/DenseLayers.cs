using System.Numerics;

namespace FusionKernels;

/// <summary>Linear layers one after the other, with an activation and dropout between them: a multi-layer perceptron.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DenseLayers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _dropout;

    /// <summary>Declares the layers' parameters: <c>0.weight</c>, <c>0.bias</c>, <c>1.weight</c> and so on.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="widths">Features that come in, between layers, and that go out: at least two numbers.</param>
    /// <param name="activation">What becomes of the sums of every layer but the last.</param>
    /// <param name="dropout">The probability with which elements between layers are dropped in training, 0 to below 1.</param>
    /// <exception cref="ArgumentException">There are fewer than two widths.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A width is less than 1, or dropout no such probability.</exception>
    public DenseLayers(ParameterSet<T> parameters, IReadOnlyList<int> widths, Activation activation = Activation.Relu, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(widths);
        if (widths.Count < 2) throw new ArgumentException($"{widths.Count} widths make no layer; inputs and outputs are needed", nameof(widths));
        if (dropout is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "a probability of 0 to below 1 is needed");
        _dropout = dropout;
        Layers = [.. Enumerable.Range(0, widths.Count - 1).Select(i =>
            new Dense<T>(parameters.In($"{i}"), widths[i], widths[i + 1], i + 2 < widths.Count ? activation : Activation.None))];
    }

    /// <summary>The layers.</summary>
    public IReadOnlyList<Dense<T>> Layers { get; }

    /// <summary>The stack's value.</summary>
    /// <param name="x">... x inputs.</param>
    /// <returns>... x outputs.</returns>
    /// <exception cref="ArgumentException">The features do not fit.</exception>
    public Var<T> Forward(Var<T> x)
    {
        for (int i = 0; i < Layers.Count; i++)
        {
            if (i > 0) x = x.Dropout(_dropout);
            x = Layers[i].Forward(x);
        }

        return x;
    }
}
