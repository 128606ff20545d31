namespace FusionKernels;

/// <summary>What becomes of the sums of a layer.</summary>
public enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x above 0, x / 100 below.</summary>
    LeakyRelu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>x times the standard normal distribution function at x, exactly (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>The same in its tanh form, x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))): up to 5e-4 away, and faster.</summary>
    GeluTanh,
}
