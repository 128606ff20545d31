using System.Buffers;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>How well factors keep what they promise, in float64 on the host.</summary>
internal static class FactorChecks
{
    /// <summary>The largest element of |QᵀQ - I|, over all items of a batch.</summary>
    public static double Orthogonality<T>(Tensor<T> q)
        where T : unmanaged => q.Rank == 3
            ? Largest(q, item => Orthogonality(Item(q, item)))
            : DistanceFromIdentity(Algebra("Orthogonality").MultiplySelf(Dense(q)));

    /// <summary>The largest element of |XᵀBX - I|, over all items of a batch.</summary>
    /// <exception cref="ArgumentException">The matrix is not of the vectors' size.</exception>
    public static double Orthogonality<T>(Tensor<T> vectors, Tensor<T> b)
        where T : unmanaged
    {
        if (vectors.Rank == 3)
        {
            RequireBatch(b, vectors, nameof(b));
            return Largest(vectors, item => Orthogonality(Item(vectors, item), Item(b, item)));
        }

        RequireSize(b, vectors, nameof(b));
        DenseMatrix x = Dense(vectors);
        DenseAlgebra algebra = Algebra("Orthogonality");
        return DistanceFromIdentity(algebra.TransposedMultiply(x, algebra.Multiply(Dense(b), x)));
    }

    /// <summary>|A - Q R| / |A| in the Frobenius norm, the largest over the items of a batch.</summary>
    /// <exception cref="ArgumentException">The matrix is not of the factors' shape.</exception>
    public static double FactorResidual<T>(Tensor<T> a, Tensor<T> q, Tensor<T> r)
        where T : unmanaged
    {
        if (a.Rank != q.Rank || a.Lengths[^2] != q.Lengths[^2] || a.Lengths[^1] != r.Lengths[^1] || a.Lengths[0] != q.Lengths[0])
        {
            string items = q.Rank == 3 ? $"{q.Lengths[0]} x " : "";
            throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; {items}{q.Lengths[^2]} x {r.Lengths[^1]} was factored", nameof(a));
        }

        return q.Rank == 3
            ? Largest(q, item => FactorResidual(Item(a, item), Item(q, item), Item(r, item)))
            : DecompositionInput.RelativeDifference(Dense(a), Algebra("Residual").Multiply(Dense(q), Dense(r)));
    }

    /// <summary>|A X - B X diag(values)| / (|A| |X|) in the Frobenius norm, the largest over the items of a batch; 0 for a matrix of zeros.</summary>
    /// <exception cref="ArgumentException">A matrix is not one of the pair: its shape is another.</exception>
    public static double PairResidual<T>(Tensor<T> a, Tensor<T> b, Tensor<T> values, Tensor<T>? vectors)
        where T : unmanaged
    {
        if (vectors is null) throw new InvalidOperationException("there are no vectors to check: they were not asked for");
        if (vectors.Rank == 3)
        {
            RequireBatch(a, vectors, nameof(a));
            RequireBatch(b, vectors, nameof(b));
            return Largest(vectors, item => PairResidual(Item(a, item), Item(b, item), Row(values, item), Item(vectors, item)));
        }

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

    /// <summary>|A V - U diag(values)| / |A| in the Frobenius norm, the largest over the items of a batch; 0 for a matrix of zeros.</summary>
    /// <exception cref="ArgumentException">The matrix is not the one that was decomposed: its shape is another.</exception>
    public static double SpectralResidual<T>(Tensor<T> a, Tensor<T>? u, Tensor<T> values, Tensor<T>? v)
        where T : unmanaged
    {
        if (u is null || v is null) throw new InvalidOperationException("there are no vectors to check: they were not asked for");
        if (u.Rank == 3)
        {
            RequireBatch(a, u, nameof(a));
            return Largest(u, item => SpectralResidual(Item(a, item), Item(u, item), Row(values, item), Item(v, item)));
        }

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

    private static void RequireBatch<T>(Tensor<T> matrices, Tensor<T> vectors, string name)
        where T : unmanaged
    {
        if (matrices.Rank != 3 || matrices.Lengths[0] != vectors.Lengths[0]) throw new ArgumentException($"'{name}' is {Shape.Of(matrices.Lengths)}; a batch of {vectors.Lengths[0]} was decomposed", name);
    }

    private static double Largest<T>(Tensor<T> batch, Func<int, double> measure)
        where T : unmanaged => Enumerable.Range(0, (int)batch.Lengths[0]).Select(measure).DefaultIfEmpty().Max();

    private static Tensor<T> Item<T>(Tensor<T> batch, int item)
        where T : unmanaged => batch.Slice([new NRange(item, item + 1), NRange.All, NRange.All]).SqueezeDimension(0);

    private static Tensor<T> Row<T>(Tensor<T> values, int item)
        where T : unmanaged => values.Slice([new NRange(item, item + 1), NRange.All]).SqueezeDimension(0);

    /// <summary>Algebra for a check.</summary>
    public static DenseAlgebra Algebra(string operation) => new((HostEngine)HostExecution.Device.Engine, new(operation));

    /// <summary>A copy in float64.</summary>
    public static DenseMatrix Dense<T>(Tensor<T> tensor)
        where T : unmanaged => DenseMatrix.Of(tensor.AsReadOnlyTensorSpan().AsMatrix(nameof(tensor)));
}
