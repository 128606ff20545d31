namespace FusionKernels;

/// <summary>How weights of kernels are learned.</summary>
public sealed record class KernelWeightsOptions : ExecutionOptions
{
    /// <summary>EasyMKL's lambda, 0 to below 1: how far it looks at the centres of the classes rather than at their margin. 0.1 by default.</summary>
    public double Lambda { get; init; } = 0.1;

    /// <summary>SimpleMKL's C for labels. 10 by default.</summary>
    public double Cost { get; init; } = 10;

    /// <summary>SimpleMKL's ridge where it has targets instead of labels, above 0. 0.01 by default.</summary>
    public double Ridge { get; init; } = 1e-2;

    /// <summary>SimpleMKL's duality gap, relative to the objective, at which it ends. 0.01 by default, as in the paper.</summary>
    public double Gap { get; init; } = 0.01;

    /// <summary>SimpleMKL's most descents. 50 by default.</summary>
    public int MostDescents { get; init; } = 50;
}
