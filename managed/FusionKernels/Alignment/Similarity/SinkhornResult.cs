using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A transport plan with its potentials.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Plan">rows x columns: the mass that goes from row to column.</param>
/// <param name="Cost">The sum of plan times cost, without the entropy, in float64.</param>
/// <param name="Potentials">What the plan is made of.</param>
public sealed record SinkhornResult<T>(Tensor<T> Plan, double Cost, SinkhornPotentials Potentials)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
