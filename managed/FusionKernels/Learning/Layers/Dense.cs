using System.Numerics;

namespace FusionKernels;

/// <summary>A linear layer with an activation: activation(x weightᵀ + bias).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dense<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Activation _activation;

    /// <summary>Declares the layer's parameters.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="inputs">Features that come in.</param>
    /// <param name="outputs">Features that go out.</param>
    /// <param name="activation">What becomes of the sums.</param>
    /// <param name="hasBias">Whether there is a bias, which begins at 0.</param>
    /// <param name="initializer">Initial weights; null for <see cref="Initializer.He"/> before ReLU and its kin, else <see cref="Initializer.Glorot"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of features is less than 1.</exception>
    public Dense(ParameterSet<T> parameters, int inputs, int outputs, Activation activation = Activation.None, bool hasBias = true, Initializer? initializer = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _activation = activation;
        initializer ??= activation is Activation.Relu or Activation.LeakyRelu or Activation.Gelu or Activation.GeluTanh ? Initializer.He : Initializer.Glorot;
        Weight = parameters.Add("weight", initializer, outputs, inputs);
        if (hasBias) Bias = parameters.Add("bias", Initializer.Zeros, outputs);
    }

    /// <summary>outputs x inputs.</summary>
    public Parameter<T> Weight { get; }

    /// <summary>One for each output; null where there is none.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>The layer's value.</summary>
    /// <param name="x">... x inputs.</param>
    /// <returns>... x outputs.</returns>
    /// <exception cref="ArgumentException">The features do not fit.</exception>
    public Var<T> Forward(Var<T> x) => x.Linear(x.Tape.Of(Weight), Bias is null ? null : x.Tape.Of(Bias), _activation);
}
