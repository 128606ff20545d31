using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Makes sets of orthogonal rows orthonormal and complete.</summary>
internal static unsafe class OrthonormalRows
{
    /// <summary>Divides orthogonal rows by their lengths; those of no length become unit vectors orthogonal to the others.</summary>
    public static void Normalise(DenseMatrix rows, double[] lengths)
    {
        double[] shares = new double[rows.Columns];
        List<int> missing = [];
        for (int i = 0; i < rows.Rows; i++)
        {
            if (lengths[i] == 0) missing.Add(i);
            else Divide(rows.Row(i), lengths[i], shares);
        }

        foreach (int i in missing)
        {
            Span<double> row = rows.Row(i);
            row.Clear();
            int axis = 0;

            // Of all axes the one that the others span the least: at least 1 - rows / columns of it is left.
            for (int j = 1; j < shares.Length; j++)
            {
                if (shares[j] < shares[axis]) axis = j;
            }

            row[axis] = 1;
            for (int pass = 0; pass < 3; pass++)
            {
                for (int k = 0; k < rows.Rows; k++)
                {
                    if (k == i || (k > i && lengths[k] == 0)) continue;
                    Subtract(rows.Row(k), row);
                }

                Divide(row, Math.Sqrt(Dot(row, row)), null);
            }

            Divide(row, 1, shares);
        }
    }

    /// <summary>Orthonormal rows, and as many more below them as make the matrix square.</summary>
    public static DenseMatrix Complete(HostEngine engine, DenseMatrix rows, in RunSettings settings)
    {
        if (rows.Rows == rows.Columns) return rows;
        CompleteJob job = new() { Engine = engine, Rows = rows, Settings = settings };
        VectorDispatch.Run<double, CompleteJob>(engine.Width, ref job);
        return job.Result;
    }

    /// <summary>The dot product of two rows.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    private static void Subtract(ReadOnlySpan<double> direction, Span<double> row)
    {
        double along = Dot(direction, row);
        for (int j = 0; j < row.Length; j++) row[j] -= along * direction[j];
    }

    private static void Divide(Span<double> row, double length, double[]? shares)
    {
        for (int j = 0; j < row.Length; j++)
        {
            row[j] /= length;
            if (shares is not null) shares[j] += row[j] * row[j];
        }
    }

    /// <summary>Householder's reflections of the given rows turn the other axes into what is missing.</summary>
    private struct CompleteJob : IVectorJob<double>
    {
        public HostEngine Engine;
        public DenseMatrix Rows;
        public RunSettings Settings;
        public DenseMatrix Result;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, double>
        {
            int count = Rows.Rows, width = Rows.Columns;
            DenseMatrix reflectors = Rows.Copy();
            Result = new(width, width);
            Rows.Elements.CopyTo(Result.Elements, 0);
            for (int i = count; i < width; i++) Result[i, i] = 1;
            double[] factors = new double[count];
            fixed (double* v = reflectors.Elements, tau = factors, result = Result.Elements)
            {
                for (int k = 0; k < count; k++)
                {
                    double* row = v + ((long)k * width);
                    tau[k] = Reflector.Make<V>(row + k, width - k).Tau;
                    new Span<double>(row, k).Clear();
                    for (int i = k + 1; i < count; i++)
                    {
                        double* other = v + ((long)i * width) + k;
                        RowProducts<V, double>.Add(-tau[k] * RowProducts<V, double>.Dot(row + k, other, width - k), row + k, other, width - k);
                    }
                }

                new ReflectorBlocks(Engine, v, width, tau, 0, width, Settings).Apply(result + ((long)count * width), width - count, width, count);
            }
        }
    }
}
