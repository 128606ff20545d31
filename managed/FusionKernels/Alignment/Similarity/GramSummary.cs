using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A Gram matrix with what centring, alignment and normalising need of it, accumulated in the same pass.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Matrix">The matrix: rows x columns.</param>
/// <param name="RowMeans">The mean of every row, summed in float64.</param>
/// <param name="Mean">The mean of all values.</param>
/// <param name="Trace">The sum of the diagonal; NaN for a rectangular matrix.</param>
public sealed record GramSummary<T>(Tensor<T> Matrix, double[] RowMeans, double Mean, double Trace)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
