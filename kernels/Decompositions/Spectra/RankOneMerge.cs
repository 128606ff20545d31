using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>The eigenproblem of diag(d) + rho z zᵀ for poles that deflation has left: roots, and the z whose exact eigenvectors they have.</summary>
/// <remarks>
/// The eigenvectors of the recomputed z are orthogonal to rounding however close the roots are (Gu and Eisenstat 1994). A row of
/// the table is one root: its distances from all poles, then its vector.
/// </remarks>
internal readonly unsafe struct RankOneMerge<V>(HostEngine engine, int threads, double* poles, double* z, int count, double rho, double* table, long stride)
    where V : unmanaged, IHostVector<V, double>
{
    /// <summary>Roots, or poles, of one piece of work.</summary>
    private const int PieceSize = 32;

    private readonly HostEngine _engine = engine;
    private readonly int _threads = (long)count * count < 4096 ? 1 : threads;
    private readonly double* _poles = poles;
    private readonly double* _z = z;
    private readonly int _count = count;
    private readonly double _rho = rho;
    private readonly double* _table = table;
    private readonly long _stride = stride;

    /// <summary>Fills the table with the distances of all roots; <paramref name="squares"/> is working memory.</summary>
    public void FindRoots(double* squares, double* roots)
    {
        for (int j = 0; j < _count; j++) squares[j] = _z[j] * _z[j];
        RootJob job = new() { Merge = this, Squares = squares, Roots = roots };
        _engine.Run(ref job, (_count + PieceSize - 1) / PieceSize, _threads);
    }

    /// <summary>Replaces z by the one whose roots are exactly those of the table, its signs kept.</summary>
    public void Recompute(double* products)
    {
        RecomputeJob job = new() { Merge = this, Products = products };
        _engine.Run(ref job, (_count + PieceSize - 1) / PieceSize, _threads);
    }

    private double* Row(int root) => _table + (root * _stride);

    private void RecomputePiece(int first, int end, double* products)
    {
        new Span<double>(products + first, end - first).Fill(1);
        for (int k = 0; k < _count; k++)
        {
            double* row = Row(k);
            if (k < first || k >= end)
            {
                Ratios(row, k, first, end, products);
                continue;
            }

            Ratios(row, k, first, k, products);
            products[k] *= row[k];
            Ratios(row, k, k + 1, end, products);
        }

        for (int j = first; j < end; j++) _z[j] = Math.CopySign(Math.Sqrt(Math.Abs(products[j])), _z[j]);
    }

    private void Ratios(double* row, int k, int first, int end, double* products)
    {
        V pole = V.Broadcast(_poles[k]);
        int j = first;
        for (; j <= end - V.Count; j += V.Count) V.Store(V.Load(products + j) * (V.Load(row + j) / (V.Load(_poles + j) - pole)), products + j);
        for (; j < end; j++) products[j] *= row[j] / (_poles[j] - _poles[k]);
    }

    private struct RootJob : IParallelJob
    {
        public RankOneMerge<V> Merge;
        public double* Squares;
        public double* Roots;

        public readonly void Run(int piece)
        {
            for (int k = piece * PieceSize; k < Math.Min(Merge._count, (piece + 1) * PieceSize); k++)
            {
                Roots[k] = SecularEquation<V>.Solve(Merge._poles, Squares, Merge._count, Merge._rho, k, Merge.Row(k));
            }
        }
    }

    private struct RecomputeJob : IParallelJob
    {
        public RankOneMerge<V> Merge;
        public double* Products;

        public readonly void Run(int piece) => Merge.RecomputePiece(piece * PieceSize, Math.Min(Merge._count, (piece + 1) * PieceSize), Products);
    }
}
