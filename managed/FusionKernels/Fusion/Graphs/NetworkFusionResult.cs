using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Networks fused to one.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Network">nodes x nodes, symmetric, 0 or more; by pair the mean over the views that have both, 0 where none has.</param>
/// <param name="Changes">By iteration: |new - old| / |new| of the sum of all networks.</param>
public sealed record NetworkFusionResult<T>(Tensor<T> Network, IReadOnlyList<double> Changes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
