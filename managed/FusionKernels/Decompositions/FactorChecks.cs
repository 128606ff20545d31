using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>How well factors keep what they promise, in float64 on the host.</summary>
internal static class FactorChecks
{
    /// <summary>The largest element of |QᵀQ - I|.</summary>
    public static double Orthogonality<T>(Tensor<T> q)
        where T : unmanaged => DistanceFromIdentity(Algebra("Orthogonality").MultiplySelf(Dense(q)));

    /// <summary>The largest element of |XᵀBX - I|.</summary>
    /// <exception cref="ArgumentException">The matrix is not of the vectors' size.</exception>
    public static double Orthogonality<T>(Tensor<T> vectors, Tensor<T> b)
        where T : unmanaged
    {
        RequireSize(b, vectors, nameof(b));
        DenseMatrix x = Dense(vectors);
        DenseAlgebra algebra = Algebra("Orthogonality");
        return DistanceFromIdentity(algebra.TransposedMultiply(x, algebra.Multiply(Dense(b), x)));
    }

    /// <summary>|A X - B X diag(values)| / (|A| |X|) in the Frobenius norm; 0 for a matrix of zeros.</summary>
    /// <exception cref="ArgumentException">A matrix is not one of the pair: its shape is another.</exception>
    public static double PairResidual<T>(Tensor<T> a, Tensor<T> b, Tensor<T> values, Tensor<T>? vectors)
        where T : unmanaged
    {
        if (vectors is null) throw new InvalidOperationException("there are no vectors to check: they were not asked for");
        RequireSize(a, vectors, nameof(a));
        RequireSize(b, vectors, nameof(b));
        DenseMatrix left = Dense(a), x = Dense(vectors), spectrum = Dense(values);
        DenseAlgebra algebra = Algebra("Residual");
        DenseMatrix error = algebra.Multiply(left, x), image = algebra.Multiply(Dense(b), x);
        for (int i = 0; i < error.Rows; i++)
        {
            for (int j = 0; j < error.Columns; j++) error[i, j] -= spectrum.Elements[j] * image[i, j];
        }

        double scale = DecompositionInput.Norm(left.Ref) * DecompositionInput.Norm(x.Ref);
        return scale == 0 ? 0 : DecompositionInput.Norm(error.Ref) / scale;
    }

    private static double DistanceFromIdentity(DenseMatrix overlaps)
    {
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
        double scale = DecompositionInput.Norm(matrix.Ref);
        if (scale == 0) return 0;
        DenseMatrix error = Algebra("Residual").Multiply(matrix, right);
        for (int i = 0; i < error.Rows; i++)
        {
            for (int j = 0; j < spectrum.Elements.Length; j++) error[i, j] -= spectrum.Elements[j] * left[i, j];
        }

        return DecompositionInput.Norm(error.Ref) / scale;
    }

    private static void RequireSize<T>(Tensor<T> matrix, Tensor<T> vectors, string name)
        where T : unmanaged
    {
        nint size = vectors.Lengths[0];
        if (matrix.Rank != 2 || matrix.Lengths[0] != size || matrix.Lengths[1] != size) throw new ArgumentException($"'{name}' is {Shape.Of(matrix.Lengths)}; {size} x {size} was decomposed", name);
    }

    /// <summary>Algebra for a check.</summary>
    public static DenseAlgebra Algebra(string operation) => new((HostEngine)HostExecution.Device.Engine, new(operation));

    /// <summary>A copy in float64.</summary>
    public static DenseMatrix Dense<T>(Tensor<T> tensor)
        where T : unmanaged => DenseMatrix.Of(tensor.AsReadOnlyTensorSpan().AsMatrix(nameof(tensor)));
}
