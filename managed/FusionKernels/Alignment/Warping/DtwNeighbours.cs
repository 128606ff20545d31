using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The nearest series of every series, the nearest first, equally near ones in their order.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Indices">series x count: numbers of the neighbours; -1 where there are too few at a finite distance.</param>
/// <param name="Distances">series x count: their distances; infinity where the index is -1.</param>
public sealed record DtwNeighbours<T>(Tensor<int> Indices, Tensor<T> Distances)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
