using System.Numerics;

namespace FusionKernels;

/// <summary>The loss of some rows, one number on the tape.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="tape">Where to compute it; <see cref="Tape{T}.IsTraining"/> tells a step from a validation.</param>
/// <param name="rows">The rows of the batch.</param>
public delegate Var<T> BatchLoss<T>(Tape<T> tape, ReadOnlySpan<int> rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
