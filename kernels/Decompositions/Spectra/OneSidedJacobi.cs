using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Rotates rows against each other until all are orthogonal (Hestenes 1958), with a second matrix of rows along: B = J A.</summary>
/// <remarks>
/// The order is a round-robin tournament, whose rounds are disjoint pairs: bits do not depend on threads. Two rows count as
/// orthogonal by the cosine between them, so that small rows are as orthogonal to large ones as those among each other.
/// </remarks>
internal static unsafe class OneSidedJacobi
{
    /// <summary>Sweeps after which the method has converged many times over; 6 to 10 are usual.</summary>
    private const int MostSweeps = 60;

    /// <summary>Rows of squared length below the range of float64 are nothing.</summary>
    private const double Nothing = 1e-300;

    /// <summary>Runs it.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="rows">The rows to be made orthogonal.</param>
    /// <param name="turned">As many rows that take part in every rotation.</param>
    /// <param name="settings">How to run; cancels between rounds.</param>
    /// <exception cref="NumericalException">It did not converge.</exception>
    public static void Run(HostEngine engine, DenseMatrix rows, DenseMatrix turned, in RunSettings settings)
    {
        if (rows.Rows < 2) return;
        WidthJob job = new() { Engine = engine, Rows = rows, Turned = turned, Settings = settings };
        VectorDispatch.Run<double, WidthJob>(engine.Width, ref job);
    }

    private struct WidthJob : IVectorJob<double>
    {
        public HostEngine Engine;
        public DenseMatrix Rows;
        public DenseMatrix Turned;
        public RunSettings Settings;

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, double>
        {
            int count = Rows.Rows, seats = count + (count & 1), pairs = seats / 2;
            int[] order = [.. Enumerable.Range(0, seats)], rotations = new int[pairs];
            fixed (double* rows = Rows.Elements, turned = Turned.Elements)
            {
                RoundJob<V> round = new()
                {
                    Rows = rows,
                    Turned = turned,
                    Length = Rows.Columns,
                    TurnedLength = Turned.Columns,
                    Order = order,
                    Count = count,
                    Rotations = rotations,
                    Tolerance = 1.2e-16 * Math.Sqrt(Math.Max(16, Rows.Columns)),
                };
                int threads = (double)pairs * (Rows.Columns + Turned.Columns) * 5 < HostBlocking.SerialBelow / 4 ? 1 : Settings.Threads;
                for (int sweep = 0; sweep < MostSweeps; sweep++)
                {
                    Array.Clear(rotations);
                    for (int turn = 0; turn < seats - 1; turn++)
                    {
                        Settings.Cancellation.ThrowIfCancellationRequested();
                        Engine.Run(ref round, pairs, threads);
                        int last = order[^1];
                        Array.Copy(order, 1, order, 2, seats - 2);
                        order[1] = last;
                    }

                    if (rotations.Sum() == 0) return;
                }
            }

            throw new NumericalException(Settings.Operation, "singular values", $"{MostSweeps} sweeps of Jacobi rotations did not make the columns orthogonal");
        }
    }

    private struct RoundJob<V> : IParallelJob
        where V : unmanaged, IHostVector<V, double>
    {
        public double* Rows;
        public double* Turned;
        public int Length;
        public int TurnedLength;
        public int[] Order;
        public int Count;
        public int[] Rotations;
        public double Tolerance;

        public readonly void Run(int pair)
        {
            int one = Order[pair], other = Order[Order.Length - 1 - pair];
            (int p, int q) = (Math.Min(one, other), Math.Max(one, other));
            if (q >= Count) return;
            double* x = Rows + ((long)p * Length), y = Rows + ((long)q * Length);
            double xx = RowProducts<V, double>.Dot(x, x, Length), yy = RowProducts<V, double>.Dot(y, y, Length);

            // The larger row goes first, so that the order of the values settles as the sweeps go.
            if (xx < yy)
            {
                Exchange(x, y, Length);
                Exchange(Turned + ((long)p * TurnedLength), Turned + ((long)q * TurnedLength), TurnedLength);
                (xx, yy) = (yy, xx);
            }

            if (yy < Nothing) return;
            double xy = RowProducts<V, double>.Dot(x, y, Length), lengths = Math.Sqrt(xx) * Math.Sqrt(yy);
            if (Math.Abs(xy) <= Tolerance * lengths) return;
            Rotations[pair]++;
            double cotangent = (xx - yy) / (2 * xy);
            double tangent = double.IsInfinity(cotangent) ? xy / (xx - yy) : Math.CopySign(1, cotangent) / (Math.Abs(cotangent) + Math.Sqrt(1 + (cotangent * cotangent)));
            double cosine = 1 / Math.Sqrt(1 + (tangent * tangent)), sine = cosine * tangent;
            RowOps<V>.Rotate(x, y, Length, cosine, sine);
            RowOps<V>.Rotate(Turned + ((long)p * TurnedLength), Turned + ((long)q * TurnedLength), TurnedLength, cosine, sine);
        }

        private static void Exchange(double* x, double* y, int count)
        {
            for (int i = 0; i < count; i++) (x[i], y[i]) = (y[i], x[i]);
        }
    }
}
