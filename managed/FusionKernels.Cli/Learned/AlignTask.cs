using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>What <c>align</c> asks of a method.</summary>
/// <param name="A">rows x features of the first view.</param>
/// <param name="B">rows x features of the second view.</param>
/// <param name="Labels">The class of each row, from 0; null where there are none.</param>
/// <param name="Settings">How to fit.</param>
internal sealed record AlignTask<T>(Tensor<T> A, Tensor<T> B, int[]? Labels, AlignSettings Settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
