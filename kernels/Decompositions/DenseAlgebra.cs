using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Algebra of <see cref="DenseMatrix"/> on the host: each member returns a new matrix and leaves its operands as they are.</summary>
/// <remarks>Bits depend on the shapes alone, not on threads. Spectra are in descending order.</remarks>
/// <param name="engine">The host.</param>
/// <param name="settings">How to run; progress is not reported.</param>
internal readonly struct DenseAlgebra(HostEngine engine, RunSettings settings)
{
    private readonly RunSettings _settings = settings with { Progress = null, Trace = null };

    /// <summary>a b.</summary>
    public DenseMatrix Multiply(DenseMatrix a, DenseMatrix b) => Product(a.Ref, b.Ref);

    /// <summary>aᵀ b.</summary>
    public DenseMatrix TransposedMultiply(DenseMatrix a, DenseMatrix b) => Product(a.Ref.Transposed, b.Ref);

    /// <summary>a bᵀ.</summary>
    public DenseMatrix MultiplyTransposed(DenseMatrix a, DenseMatrix b) => Product(a.Ref, b.Ref.Transposed);

    /// <summary>aᵀ a, symmetric to the last bit.</summary>
    public DenseMatrix MultiplySelf(DenseMatrix a)
    {
        DenseMatrix result = new(a.Columns, a.Columns);
        Products.Products.MultiplySelf(engine, a.Ref.Transposed, result.Ref, 1, 0, _settings);
        return result;
    }

    /// <summary>The lower triangle L of a = L Lᵀ; zeros above it.</summary>
    /// <exception cref="NumericalException">The matrix is not positive definite; the pivot is named.</exception>
    public unsafe DenseMatrix Cholesky(DenseMatrix a)
    {
        DenseMatrix factor = a.Copy();
        fixed (double* values = factor.Elements) CholeskyHost.Factor(engine, values, a.Rows, a.Columns, _settings);
        for (int i = 0; i < factor.Rows; i++) factor.Row(i)[(i + 1)..].Clear();
        return factor;
    }

    /// <summary>X of L X = b.</summary>
    public unsafe DenseMatrix SolveLower(DenseMatrix lower, DenseMatrix b)
    {
        DenseMatrix result = b.Copy();
        if (b.Columns == 0) return result;
        fixed (double* triangle = lower.Elements, right = result.Elements)
        {
            new TriangularSolve<double>(engine, triangle, lower.Columns, 1, right, b.Columns, b.Columns, 1, _settings).Lower(0, lower.Rows);
        }

        return result;
    }

    /// <summary>X of Lᵀ X = b.</summary>
    public unsafe DenseMatrix SolveLowerTransposed(DenseMatrix lower, DenseMatrix b)
    {
        DenseMatrix result = b.Copy();
        if (b.Columns == 0) return result;
        fixed (double* triangle = lower.Elements, right = result.Elements)
        {
            new TriangularSolve<double>(engine, triangle, lower.Columns, 1, right, b.Columns, b.Columns, 1, _settings).LowerTransposed(0, lower.Rows);
        }

        return result;
    }

    /// <summary>a = Q R with orthonormal columns of Q (rows x min) and upper triangular R (min x columns), its diagonal 0 or more.</summary>
    public unsafe (DenseMatrix Q, DenseMatrix R) Qr(DenseMatrix a)
    {
        int steps = Math.Min(a.Rows, a.Columns);
        fixed (double* values = a.Elements)
        {
            (double[] q, double[] r) = QrHost.Factor(engine, a.Ref.At(values), _settings);
            return (new(a.Rows, steps, q), new(steps, a.Columns, r));
        }
    }

    /// <summary>The R alone of a = Q R, of at least as many rows as columns, its diagonal of either sign.</summary>
    public DenseMatrix Triangle(DenseMatrix a)
    {
        DenseMatrix r = new(a.Columns, a.Columns);
        TallSkinnyQr.Factor<double>(engine, (double[])a.Elements.Clone(), a.Rows, a.Columns, r.Elements, _settings, wantsQ: false);
        return r;
    }

    /// <summary>The eigenvalues of a symmetric matrix in descending order, and unit eigenvectors in columns, the entry of largest magnitude of each positive.</summary>
    /// <param name="a">Symmetric; the lower half is read.</param>
    /// <param name="count">The largest eigenvalues that are wanted; null for all.</param>
    public (double[] Values, DenseMatrix Vectors) SymmetricEigen(DenseMatrix a, int? count = null)
    {
        int kept = Math.Min(count ?? a.Rows, a.Rows);
        double[] values = new double[kept];
        DenseMatrix vectors = new(a.Rows, kept);
        SymmetricEigenPlan plan = new(a.Rows, 1, kept, WantsVectors: true, sizeof(double), LowerOnly: true);
        Spectra.Spectra.SymmetricEigen(engine, plan, a.Ref, 0, MatrixRef<double>.Of(values, 1, kept), vectors.Ref, 0, _settings);
        return (values, vectors);
    }

    /// <summary>The eigenvalues of a symmetric matrix in descending order.</summary>
    /// <param name="a">Symmetric; the lower half is read.</param>
    public double[] SymmetricEigenvalues(DenseMatrix a)
    {
        double[] values = new double[a.Rows];
        SymmetricEigenPlan plan = new(a.Rows, 1, a.Rows, WantsVectors: false, sizeof(double), LowerOnly: true);
        Spectra.Spectra.SymmetricEigen(engine, plan, a.Ref, 0, MatrixRef<double>.Of(values, 1, a.Rows), default, 0, _settings);
        return values;
    }

    /// <summary>a = U diag(Values) Vᵀ, thin: values in descending order, the entry of largest magnitude in every column of U positive.</summary>
    /// <param name="a">rows x columns.</param>
    /// <param name="count">The largest singular values that are wanted; null for all min(rows, columns).</param>
    public (DenseMatrix U, double[] Values, DenseMatrix V) Svd(DenseMatrix a, int? count = null)
    {
        int kept = Math.Min(count ?? int.MaxValue, Math.Min(a.Rows, a.Columns));
        double[] values = new double[kept];
        DenseMatrix u = new(a.Rows, kept), v = new(a.Columns, kept);
        SvdPlan plan = new(a.Rows, a.Columns, kept, WantsVectors: true, Full: false, sizeof(double));
        Spectra.Spectra.Svd(engine, plan, a.Ref, u.Ref, MatrixRef<double>.Of(values, 1, kept), v.Ref, _settings);
        return (u, values, v);
    }

    private DenseMatrix Product(MatrixRef<double> a, MatrixRef<double> b)
    {
        DenseMatrix result = new(a.Rows, b.Columns);
        Products.Products.Multiply(engine, a, b, result.Ref, 1, 0, _settings);
        return result;
    }
}
