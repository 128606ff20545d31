using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>How well factors keep what they promise, in float64 on the host.</summary>
internal static class FactorChecks
{
    /// <summary>The largest element of |QᵀQ - I|.</summary>
    public static double Orthogonality<T>(Tensor<T> q)
        where T : unmanaged
    {
        DenseMatrix overlaps = Algebra("Orthogonality").MultiplySelf(Dense(q));
        double largest = 0;
        for (int i = 0; i < overlaps.Rows; i++)
        {
            for (int j = 0; j < overlaps.Columns; j++) largest = Math.Max(largest, Math.Abs(overlaps[i, j] - (i == j ? 1 : 0)));
        }

        return largest;
    }

    /// <summary>|A V - U diag(values)| / |A| in the Frobenius norm; 0 for a matrix of zeros.</summary>
    /// <exception cref="ArgumentException">The matrix is not the one that was decomposed: its shape is another.</exception>
    public static double SpectralResidual<T>(Tensor<T> a, Tensor<T>? u, Tensor<T> values, Tensor<T>? v)
        where T : unmanaged
    {
        if (u is null || v is null) throw new InvalidOperationException("there are no vectors to check: they were not asked for");
        if (a.Rank != 2 || a.Lengths[0] != u.Lengths[0] || a.Lengths[1] != v.Lengths[0])
        {
            throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; {u.Lengths[0]} x {v.Lengths[0]} was decomposed", nameof(a));
        }

        DenseMatrix matrix = Dense(a), left = Dense(u), right = Dense(v), spectrum = Dense(values);
        double scale = 0, squares = 0, errors = 0;
        foreach (double element in matrix.Elements) scale = Math.Max(scale, Math.Abs(element));
        if (scale == 0) return 0;
        DenseMatrix product = Algebra("Residual").Multiply(matrix, right);
        foreach (double element in matrix.Elements) squares += element / scale * (element / scale);
        for (int i = 0; i < product.Rows; i++)
        {
            for (int j = 0; j < spectrum.Elements.Length; j++)
            {
                double error = (product[i, j] - (spectrum.Elements[j] * left[i, j])) / scale;
                errors += error * error;
            }
        }

        return Math.Sqrt(errors / squares);
    }

    /// <summary>Algebra for a check.</summary>
    public static DenseAlgebra Algebra(string operation) => new((HostEngine)HostExecution.Device.Engine, new(operation));

    /// <summary>A copy in float64.</summary>
    public static DenseMatrix Dense<T>(Tensor<T> tensor)
        where T : unmanaged => DenseMatrix.Of(tensor.AsReadOnlyTensorSpan().AsMatrix(nameof(tensor)));
}
