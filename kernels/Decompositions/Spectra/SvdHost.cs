using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Singular value decompositions on the host, in float64.</summary>
internal static unsafe class SvdHost
{
    /// <summary>Vectors beyond the wanted ones that the subspace of the largest holds, so that the last wanted one converges as well.</summary>
    private const int Guard = 8;

    /// <summary>Rayleigh-Ritz steps until the residual is rounding: one is usual; where more do not do, the whole matrix is decomposed.</summary>
    private const int MostSteps = 6;

    /// <summary>Runs the whole call.</summary>
    public static void Run<T>(HostEngine engine, in SvdCall<T> call)
        where T : unmanaged
    {
        SvdPlan plan = call.Plan;
        RunSettings settings = call.Settings with { Progress = null, Trace = null };
        bool isWide = plan.Rows < plan.Columns;
        DenseMatrix a = new(plan.Larger, plan.Smaller);
        double scale;
        fixed (double* elements = a.Elements)
        {
            scale = SpectrumInput.Fill(engine, isWide ? call.Matrix.Transposed : call.Matrix, elements, a.Columns, settings);
        }

        Rows found = Solve(engine, a, plan, call.Outcome, settings);
        T* values = engine.Resolve(call.Values, settings.Operation);
        for (int i = 0; i < plan.Kept; i++) values[i * call.Values.ColumnStride] = Simd.Element.Of<T>(found.Values[i] * scale);
        call.Settings.Progress?.Report(1);
        if (!plan.WantsVectors) return;
        (DenseMatrix u, DenseMatrix v) = isWide ? (found.V, found.U) : (found.U, found.V);
        if (plan.Full) (u, v) = (OrthonormalRows.Complete(engine, u, settings), OrthonormalRows.Complete(engine, v, settings));
        double[] signs = Store(engine, u, call.U, plan.Full ? plan.Rows : plan.Kept, null, settings);
        Store(engine, v, call.V, plan.Full ? plan.Columns : plan.Kept, signs, settings);
    }

    private static Rows Solve(HostEngine engine, DenseMatrix a, in SvdPlan plan, SpectraOutcome outcome, in RunSettings settings)
    {
        outcome.Route = plan.Reason;
        if (plan.Route != SvdRoute.GramTop) return Thin(engine, a, plan.WantsVectors, settings);
        if (Top(engine, a, plan.Kept, settings) is { } top) return top;
        outcome.Route = $"{plan.Reason}; it did not converge, then {plan.Describe(SvdRoute.PreparedJacobi)}";
        return Thin(engine, a, plan.WantsVectors, settings);
    }

    /// <summary>All singular values of a matrix that is not wide; where no vectors are wanted U and V are undefined.</summary>
    private static Rows Thin(HostEngine engine, DenseMatrix a, bool wantsVectors, in RunSettings settings)
    {
        DenseAlgebra algebra = new(engine, settings);
        DenseMatrix? q = null;
        if (a.Rows > a.Columns && wantsVectors) (q, a) = algebra.Qr(a);
        else if (a.Rows > a.Columns) a = algebra.Triangle(a);
        int size = a.Columns;
        DenseMatrix? directions = size > SvdPlan.MostForJacobi ? algebra.SymmetricEigen(algebra.MultiplySelf(a)).Vectors : null;
        Rows found = Orthogonalise(
            engine,
            directions is null ? a.Transposed() : Product(algebra, directions, a),
            !wantsVectors ? new(size, 0) : directions?.Transposed() ?? DenseMatrix.Identity(size),
            settings);

        return q is null ? found : found with { U = algebra.MultiplyTransposed(found.U, q) };
    }

    /// <summary>(a directions)ᵀ.</summary>
    private static DenseMatrix Product(DenseAlgebra algebra, DenseMatrix directions, DenseMatrix a) => algebra.MultiplyTransposed(directions.Transposed(), a);

    /// <summary>From rows (a J)ᵀ and Jᵀ to those of U, the values and those of V; from (a J)ᵀ and rows of no elements to the values alone.</summary>
    private static Rows Orthogonalise(HostEngine engine, DenseMatrix rows, DenseMatrix turned, in RunSettings settings)
    {
        OneSidedJacobi.Run(engine, rows, turned, settings);
        int count = rows.Rows;
        double[] lengths = [.. Enumerable.Range(0, count).Select(i => Length(rows.Row(i)))];
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => lengths[i])];
        double[] values = [.. order.Select(i => lengths[i])];
        if (turned.Columns == 0) return new(rows, values, turned);
        DenseMatrix u = new(count, rows.Columns), v = new(count, turned.Columns);
        for (int i = 0; i < count; i++)
        {
            rows.Row(order[i]).CopyTo(u.Row(i));
            turned.Row(order[i]).CopyTo(v.Row(i));
        }

        OrthonormalRows.Normalise(u, values);
        return new(u, values, v);
    }

    /// <summary>The largest singular values of a matrix that is not wide; null where the residual does not come down to rounding.</summary>
    private static Rows? Top(HostEngine engine, DenseMatrix a, int kept, in RunSettings settings)
    {
        DenseAlgebra algebra = new(engine, settings);
        int width = Math.Min(a.Columns, kept + Guard);
        double tolerance = 1.8e-15 * Math.Sqrt(a.Columns);
        DenseMatrix directions = algebra.SymmetricEigen(algebra.MultiplySelf(a), width).Vectors;
        for (int step = 0; step < MostSteps; step++)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            Rows ritz = Orthogonalise(engine, Product(algebra, directions, a), DenseMatrix.Identity(width), settings);
            DenseMatrix v = algebra.MultiplyTransposed(ritz.V, directions), back = algebra.Multiply(ritz.U, a);
            double residual = 0;
            for (int i = 0; i < kept; i++)
            {
                Span<double> row = back.Row(i), vector = v.Row(i);
                double sum = 0;
                for (int j = 0; j < row.Length; j++) sum += Math.Pow(row[j] - (ritz.Values[i] * vector[j]), 2);
                residual = Math.Max(residual, Math.Sqrt(sum));
            }

            if (residual <= tolerance * ritz.Values[0]) return ritz with { V = v };
            directions = Orthogonalise(engine, back, DenseMatrix.Identity(width), settings).U.Transposed();
        }

        return null;
    }

    /// <summary>The length of a row; 0 where its square leaves the range of float64, as the rotations take it.</summary>
    private static double Length(ReadOnlySpan<double> row)
    {
        double square = OrthonormalRows.Dot(row, row);
        return square < 1e-300 ? 0 : Math.Sqrt(square);
    }

    private static double[] Store<T>(HostEngine engine, DenseMatrix rows, in Operand<T> target, int count, double[]? signs, in RunSettings settings)
        where T : unmanaged
    {
        fixed (double* elements = rows.Elements)
        {
            double[] own = VectorRows.Signs(elements, rows.Columns, count, rows.Columns);

            // Beyond the smaller extent there are columns of one side only, whose signs are their own.
            for (int i = 0; signs is not null && i < Math.Min(own.Length, signs.Length); i++) own[i] = signs[i];
            VectorRows.Store(engine, elements, rows.Columns, target, own, settings);
            return own;
        }
    }

    /// <summary>A decomposition with its vectors in rows.</summary>
    private readonly record struct Rows(DenseMatrix U, double[] Values, DenseMatrix V);
}
