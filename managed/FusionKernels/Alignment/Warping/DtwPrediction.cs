using System.Numerics;

namespace FusionKernels;

/// <summary>Predicted classes, and the training series that they come from.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Labels">The class of each series; the names are those of the training set.</param>
/// <param name="Neighbours">The training series that voted.</param>
public sealed record DtwPrediction<T>(ClassLabels Labels, DtwNeighbours<T> Neighbours)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
