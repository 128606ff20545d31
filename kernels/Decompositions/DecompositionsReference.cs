namespace FusionKernels.Kernels.Decompositions;

/// <summary>Decompositions by plain methods in float64, slow and obviously right: the oracle of tests.</summary>
internal static class DecompositionsReference
{
    /// <summary>Sweeps after which Jacobi's methods have converged many times over.</summary>
    private const int MostSweeps = 60;

    /// <summary>Householder's QR: Q rows x min, R min x columns with a diagonal of 0 or more (Golub and Van Loan 2013, algorithm 5.2.1).</summary>
    public static (DenseMatrix Q, DenseMatrix R) Qr(DenseMatrix a)
    {
        int rows = a.Rows, columns = a.Columns, steps = Math.Min(rows, columns);
        DenseMatrix r = a.Copy(), q = DenseMatrix.Identity(rows);
        for (int k = 0; k < steps; k++)
        {
            double[] reflector = new double[rows];
            for (int i = k; i < rows; i++) reflector[i] = r[i, k];
            double norm = Norm(reflector);
            if (norm == 0) continue;
            reflector[k] += reflector[k] >= 0 ? norm : -norm;
            double length = Norm(reflector);
            for (int i = k; i < rows; i++) reflector[i] /= length;
            ReflectRows(r, reflector);
            ReflectColumns(q, reflector);
        }

        for (int k = 0; k < steps; k++)
        {
            if (r[k, k] >= 0) continue;
            foreach (ref double value in r.Row(k)) value = -value;
            for (int i = 0; i < rows; i++) q[i, k] = -q[i, k];
        }

        for (int i = 0; i < steps; i++) r.Row(i)[..i].Clear();
        return (q.FirstColumns(steps), r.Part(0, steps, 0, columns));
    }

    /// <summary>Greedily pivoted Cholesky, column by column (Harbrecht, Peters and Schneider 2012, algorithm 1): L rows x rank and the pivots, of equals the first.</summary>
    public static (DenseMatrix Lower, int[] Pivots) IncompleteCholesky(DenseMatrix a, int rank)
    {
        int size = a.Rows;
        DenseMatrix lower = new(size, rank);
        int[] pivots = new int[rank];
        double[] residual = [.. Enumerable.Range(0, size).Select(i => a[i, i])];
        for (int k = 0; k < rank; k++)
        {
            int pivot = pivots[k] = Array.IndexOf(residual, residual.Max());
            double root = Math.Sqrt(residual[pivot]);
            for (int i = 0; i < size; i++)
            {
                if (Array.IndexOf(pivots, i, 0, k) >= 0) continue;
                double value = a[i, pivot];
                for (int j = 0; j < k; j++) value -= lower[i, j] * lower[pivot, j];
                lower[i, k] = i == pivot ? root : value / root;
                residual[i] -= lower[i, k] * lower[i, k];
            }

            residual[pivot] = double.NegativeInfinity;
        }

        return (lower, pivots);
    }

    /// <summary>Jacobi's cyclic method (Golub and Van Loan 2013, section 8.5): values in descending order, vectors in columns, the entry of largest magnitude positive.</summary>
    public static (double[] Values, DenseMatrix Vectors) SymmetricEigen(DenseMatrix a)
    {
        int size = a.Rows;
        DenseMatrix s = a.Copy(), vectors = DenseMatrix.Identity(size);
        for (int i = 0; i < size; i++)
        {
            for (int j = i + 1; j < size; j++) s[i, j] = s[j, i];
        }

        bool rotated = true;
        for (int sweep = 0; rotated && sweep < MostSweeps; sweep++)
        {
            rotated = false;
            for (int p = 0; p < size; p++)
            {
                for (int q = p + 1; q < size; q++)
                {
                    if (Math.Abs(s[p, q]) <= 1e-17 * Math.Sqrt(Math.Abs(s[p, p])) * Math.Sqrt(Math.Abs(s[q, q])) || s[p, q] == 0) continue;
                    rotated = true;
                    (double c, double t) = Rotation(s[p, p], s[q, q], s[p, q]);
                    RotateRows(s, p, q, c, t);
                    RotateColumns(s, p, q, c, t);
                    RotateColumns(vectors, p, q, c, t);
                    s[p, q] = s[q, p] = 0;
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => s[i, i])];
        DenseMatrix sorted = Columns(vectors, order);
        for (int j = 0; j < size; j++) MakePositive(sorted, j);
        return ([.. order.Select(i => s[i, i])], sorted);
    }

    /// <summary>Hestenes's one-sided Jacobi method: a = U diag(values) Vᵀ, thin, in descending order, the entry of largest magnitude in every column of U positive.</summary>
    public static (DenseMatrix U, double[] Values, DenseMatrix V) Svd(DenseMatrix a)
    {
        if (a.Rows < a.Columns)
        {
            (DenseMatrix left, double[] same, DenseMatrix right) = Svd(a.Transposed());
            for (int j = 0; j < same.Length; j++)
            {
                if (MakePositive(right, j)) Negate(left, j);
            }

            return (right, same, left);
        }

        DenseMatrix u = a.Copy(), v = DenseMatrix.Identity(a.Columns);
        bool rotated = true;
        for (int sweep = 0; rotated && sweep < MostSweeps; sweep++)
        {
            rotated = false;
            for (int p = 0; p < a.Columns; p++)
            {
                for (int q = p + 1; q < a.Columns; q++)
                {
                    (double pp, double qq, double pq) = (Dot(u, p, p), Dot(u, q, q), Dot(u, p, q));
                    if (Math.Abs(pq) <= 1e-16 * Math.Sqrt(pp) * Math.Sqrt(qq) || pq == 0) continue;
                    rotated = true;
                    (double c, double t) = Rotation(pp, qq, pq);
                    RotateColumns(u, p, q, c, t);
                    RotateColumns(v, p, q, c, t);
                }
            }
        }

        double[] norms = [.. Enumerable.Range(0, a.Columns).Select(j => Norm(u.Column(j)))];
        int[] order = [.. Enumerable.Range(0, a.Columns).OrderByDescending(j => norms[j])];
        double[] values = [.. order.Select(j => norms[j])];
        (u, v) = (Columns(u, order), Columns(v, order));
        Orthonormalise(u, values);
        for (int j = 0; j < values.Length; j++)
        {
            if (MakePositive(u, j)) Negate(v, j);
        }

        return (u, values, v);
    }

    /// <summary>Divides columns by their singular values; those of none become unit vectors orthogonal to the others.</summary>
    private static void Orthonormalise(DenseMatrix u, double[] values)
    {
        double tiny = values.Length == 0 ? 0 : values[0] * u.Rows * 1e-16;
        for (int j = 0; j < values.Length; j++)
        {
            if (values[j] > tiny)
            {
                for (int i = 0; i < u.Rows; i++) u[i, j] /= values[j];
                continue;
            }

            for (int axis = 0; axis < u.Rows; axis++)
            {
                for (int i = 0; i < u.Rows; i++) u[i, j] = i == axis ? 1 : 0;
                for (int pass = 0; pass < 2; pass++)
                {
                    for (int k = 0; k < j; k++)
                    {
                        double overlap = Dot(u, j, k);
                        for (int i = 0; i < u.Rows; i++) u[i, j] -= overlap * u[i, k];
                    }
                }

                double norm = Norm(u.Column(j));
                if (norm < 1e-3) continue;
                for (int i = 0; i < u.Rows; i++) u[i, j] /= norm;
                break;
            }
        }
    }

    /// <summary>Cosine and tangent of the rotation that makes the off-diagonal element of a symmetric 2 x 2 matrix vanish.</summary>
    private static (double Cosine, double Tangent) Rotation(double pp, double qq, double pq)
    {
        double theta = (qq - pp) / (2 * pq);
        double tangent = double.IsInfinity(theta) ? 0 : (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(1 + (theta * theta)));
        return (1 / Math.Sqrt(1 + (tangent * tangent)), tangent);
    }

    private static void RotateRows(DenseMatrix a, int p, int q, double c, double t)
    {
        for (int j = 0; j < a.Columns; j++) (a[p, j], a[q, j]) = (c * (a[p, j] - (t * a[q, j])), c * (a[q, j] + (t * a[p, j])));
    }

    private static void RotateColumns(DenseMatrix a, int p, int q, double c, double t)
    {
        for (int i = 0; i < a.Rows; i++) (a[i, p], a[i, q]) = (c * (a[i, p] - (t * a[i, q])), c * (a[i, q] + (t * a[i, p])));
    }

    private static void ReflectRows(DenseMatrix a, double[] reflector)
    {
        for (int j = 0; j < a.Columns; j++)
        {
            double sum = 0;
            for (int i = 0; i < a.Rows; i++) sum += reflector[i] * a[i, j];
            for (int i = 0; i < a.Rows; i++) a[i, j] -= 2 * sum * reflector[i];
        }
    }

    private static void ReflectColumns(DenseMatrix a, double[] reflector)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            double sum = 0;
            for (int j = 0; j < a.Columns; j++) sum += reflector[j] * a[i, j];
            for (int j = 0; j < a.Columns; j++) a[i, j] -= 2 * sum * reflector[j];
        }
    }

    private static DenseMatrix Columns(DenseMatrix a, int[] order)
    {
        DenseMatrix result = new(a.Rows, order.Length);
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < order.Length; j++) result[i, j] = a[i, order[j]];
        }

        return result;
    }

    /// <summary>Changes a column's sign where its entry of largest magnitude is negative; whether it did.</summary>
    private static bool MakePositive(DenseMatrix a, int column)
    {
        double largest = 0;
        for (int i = 0; i < a.Rows; i++)
        {
            if (Math.Abs(a[i, column]) > Math.Abs(largest)) largest = a[i, column];
        }

        if (largest < 0) Negate(a, column);
        return largest < 0;
    }

    private static void Negate(DenseMatrix a, int column)
    {
        for (int i = 0; i < a.Rows; i++) a[i, column] = -a[i, column];
    }

    private static double Dot(DenseMatrix a, int p, int q)
    {
        double sum = 0;
        for (int i = 0; i < a.Rows; i++) sum += a[i, p] * a[i, q];
        return sum;
    }

    private static double Norm(double[] values)
    {
        double scale = values.Length == 0 ? 0 : values.Max(Math.Abs), sum = 0;
        if (scale == 0) return 0;
        foreach (double value in values) sum += value / scale * (value / scale);
        return scale * Math.Sqrt(sum);
    }
}
