using System.Numerics;

namespace FusionKernels;

/// <summary>Layer normalisation with gain and offset (Ba, Kiros and Hinton 2016).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LayerNorm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _gain, _offset;

    /// <summary>Declares <c>gain</c> (ones) and <c>offset</c> (zeros).</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="features">Features, 1 or more.</param>
    public LayerNorm(ParameterSet<T> parameters, int features)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (_gain, _offset) = (parameters.Add("gain", Initializer.Ones, features), parameters.Add("offset", Initializer.Zeros, features));
    }

    /// <summary>Normalised rows.</summary>
    /// <param name="x">... x features.</param>
    /// <exception cref="ArgumentException">The features do not fit.</exception>
    public Var<T> Forward(Var<T> x) => x.LayerNorm(x.Tape.Of(_gain), x.Tape.Of(_offset));
}
