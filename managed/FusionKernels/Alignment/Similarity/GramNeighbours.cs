using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The most similar rows of every row, by similarity in descending order, equal ones by index.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Indices">rows x count: row j of y; -1 where a row has too few similarities that are numbers.</param>
/// <param name="Similarities">rows x count: the kernel's values; NaN where the index is -1.</param>
public sealed record GramNeighbours<T>(Tensor<int> Indices, Tensor<T> Similarities)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
