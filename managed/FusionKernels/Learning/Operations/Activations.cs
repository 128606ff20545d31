using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>The one table from activations to their kernels, alone and behind a product.</summary>
internal static class Activations<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly LeakyReluActivation<T> s_leaky = new(T.CreateChecked(0.01));
    private static readonly ActivationOperation<T, ReluActivation<T>> s_relu = new(default);
    private static readonly ActivationOperation<T, LeakyReluActivation<T>> s_leakyRelu = new(s_leaky);
    private static readonly ActivationOperation<T, TanhActivation<T>> s_tanh = new(default);
    private static readonly ActivationOperation<T, SigmoidActivation<T>> s_sigmoid = new(default);

    /// <summary>Whether the value tells the derivative, so that bias and activation go with the product.</summary>
    public static bool IsFused(Activation activation) => activation is not (Activation.Gelu or Activation.GeluTanh);

    /// <summary>Computes the activation of each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such activation.</exception>
    public static Var<T> Record(Var<T> a, Activation activation) => activation switch
    {
        Activation.None => a,
        Activation.Relu => UnaryOperation<T>.Record(a, new ActivationFunction<T, ReluActivation<T>>(default), s_relu),
        Activation.LeakyRelu => UnaryOperation<T>.Record(a, new ActivationFunction<T, LeakyReluActivation<T>>(s_leaky), s_leakyRelu),
        Activation.Tanh => UnaryOperation<T>.Record(a, new ActivationFunction<T, TanhActivation<T>>(default), s_tanh),
        Activation.Sigmoid => UnaryOperation<T>.Record(a, new ActivationFunction<T, SigmoidActivation<T>>(default), s_sigmoid),
        Activation.Gelu => UnaryOperation<T>.Record(a, default(GeluFunction<T>), ArgumentActivationOperation<T, GeluSlopeFunction<T>>.Instance),
        Activation.GeluTanh => UnaryOperation<T>.Record(a, default(GeluTanhFunction<T>), ArgumentActivationOperation<T, GeluTanhSlopeFunction<T>>.Instance),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "an activation is needed"),
    };

    /// <summary>result = activation(x wᵀ + bias).</summary>
    public static void Linear(Tape<T> tape, Activation activation, in Operand<T> x, in Operand<T> w, in Operand<T> bias, in Operand<T> result)
    {
        switch (activation)
        {
            case Activation.Relu: Linear(tape, default(ReluActivation<T>), x, w, bias, result); break;
            case Activation.LeakyRelu: Linear(tape, s_leaky, x, w, bias, result); break;
            case Activation.Tanh: Linear(tape, default(TanhActivation<T>), x, w, bias, result); break;
            case Activation.Sigmoid: Linear(tape, default(SigmoidActivation<T>), x, w, bias, result); break;
            default: Linear(tape, default(IdentityActivation<T>), x, w, bias, result); break;
        }
    }

    /// <summary>gradient = gradient activation', from the activation's value.</summary>
    public static void Slope(Tape<T> tape, Activation activation, in Operand<T> gradient, in Operand<T> value)
    {
        switch (activation)
        {
            case Activation.Relu: Slope(tape, default(ReluActivation<T>), gradient, value); break;
            case Activation.LeakyRelu: Slope(tape, s_leaky, gradient, value); break;
            case Activation.Tanh: Slope(tape, default(TanhActivation<T>), gradient, value); break;
            case Activation.Sigmoid: Slope(tape, default(SigmoidActivation<T>), gradient, value); break;
            default: break;
        }
    }

    private static void Linear<TActivation>(
        Tape<T> tape, TActivation activation, in Operand<T> x, in Operand<T> w, in Operand<T> bias, in Operand<T> result)
        where TActivation : unmanaged, IActivation<T>
    {
        LinearCall<T, TActivation> call = new() { X = x, W = w, Bias = bias, Result = result, Activation = activation, Settings = tape.Settings("Linear") };
        tape.Engine.Execute(ref call);
    }

    private static void Slope<TActivation>(Tape<T> tape, TActivation activation, in Operand<T> gradient, in Operand<T> value)
        where TActivation : unmanaged, IActivation<T> =>
        tape.Map(new ActivationSlopeFunction<T, TActivation>(activation), gradient, gradient, value, default, adds: false, "Linear");
}
