using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>The pivoted incomplete Cholesky factor of a positive semi-definite matrix that is given column by column, in float64 on the host.</summary>
/// <remarks>
/// A few columns at a time: those of the largest residual diagonals are asked for together, cleared of the factor by one matrix
/// product, and taken one after the other, largest residual first, as long as it is at least half of the largest one at the
/// block's start. With one column at a time that is greedy pivoting (Harbrecht, Peters and Schneider 2012). size rank^2
/// operations and rank columns, plus those of candidates that a neighbour made superfluous; memory 8 size rank bytes.
/// </remarks>
internal sealed unsafe class IncompleteCholeskyHost
{
    /// <summary>The share of the largest residual that a pivot of a block keeps at least.</summary>
    private const double Threshold = 0.5;

    /// <summary>Units in the last place of the largest diagonal, below which a residual diagonal is noise: a kernel's own roundings.</summary>
    private const double NoiseUnits = 32;

    /// <summary>Rows of one piece: with a few columns of the factor and of A, a fraction of L2.</summary>
    private const int PieceRows = 512;

    private readonly HostEngine _engine;
    private readonly IColumnSource _source;
    private readonly RunSettings _settings;
    private readonly int _size;
    private readonly int _capacity;
    private readonly int _block;
    private readonly double _noise;
    private readonly double[] _residual;
    private readonly double[] _lower;
    private readonly double[] _columns;
    private readonly bool[] _taken;
    private readonly List<int> _pivots = [];

    private IncompleteCholeskyHost(HostEngine engine, IColumnSource source, int rank, int block, double? noise, in RunSettings settings)
    {
        _noise = noise ?? NoiseUnits * source.Epsilon;
        _engine = engine;
        _source = source;
        _settings = settings;
        _size = source.Size;
        _capacity = Math.Min(rank, _size);
        _block = Math.Max(1, Math.Min(block, _capacity));
        _residual = new double[_size];
        _lower = new double[checked(_size * _capacity)];
        _columns = new double[checked(_size * _block)];
        _taken = new bool[_size];
    }

    /// <summary>Factors the matrix.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="source">The matrix.</param>
    /// <param name="rank">The most columns that are taken.</param>
    /// <param name="tolerance">Stops where the remaining trace is at most this share of the trace.</param>
    /// <param name="block">Columns that are asked for at a time.</param>
    /// <param name="settings">How to run; cancels between blocks.</param>
    /// <param name="noise">The share of the largest diagonal below which a residual is noise and no pivot; null for the roundings of a kernel.</param>
    /// <exception cref="NumericalException">The matrix is not positive semi-definite; the row is named.</exception>
    public static IncompleteFactor Factor(
        HostEngine engine, IColumnSource source, int rank, double tolerance, int block, in RunSettings settings, double? noise = null) =>
        new IncompleteCholeskyHost(engine, source, rank, block, noise, settings).Run(tolerance);

    /// <summary>Factors a matrix that is given whole, in host memory.</summary>
    /// <inheritdoc cref="Factor(HostEngine, IColumnSource, int, double, int, in RunSettings, double?)"/>
    public static IncompleteFactor Factor<T>(
        HostEngine engine, MatrixRef<T> matrix, int rank, double tolerance, int block, in RunSettings settings, double? noise = null)
        where T : unmanaged
    {
        fixed (T* values = matrix) return Factor(engine, new GivenColumns<T>(matrix.At(values)), rank, tolerance, block, settings, noise);
    }

    /// <summary>The error of a residual diagonal that is too far below 0.</summary>
    public static NumericalException NotSemiDefinite(string operation, int row, double residual, int pivots) => new(
        operation,
        $"row {row}",
        FormattableString.Invariant($"{residual:g3} is left of its diagonal after {pivots} pivots: the matrix is not positive semi-definite; take another kernel"));

    private IncompleteFactor Run(double tolerance)
    {
        _source.Diagonal(_residual);
        double largest = 0;
        for (int i = 0; i < _size; i++) largest = Math.Max(largest, _residual[i]);
        double noise = _noise * largest;
        double trace = SettleDiagonal(-noise), remaining = trace;
        while (_pivots.Count < _capacity && remaining > tolerance * trace)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            int[] candidates = Candidates(noise);
            if (candidates.Length == 0) break;
            remaining = TakeBlock(candidates, noise, remaining, tolerance * trace, Math.Sqrt(_source.Epsilon) * largest);
            _settings.Progress?.Report(_pivots.Count / (double)_capacity);
        }

        _settings.Progress?.Report(1);
        return new(Trimmed(), [.. _pivots], trace, remaining);
    }

    /// <summary>Makes what rounding left below 0 to 0, and gives the sum.</summary>
    /// <exception cref="NumericalException">A residual lies below the floor.</exception>
    private double SettleDiagonal(double floor)
    {
        double sum = 0;
        for (int i = 0; i < _size; i++)
        {
            if (!(_residual[i] >= floor && double.IsFinite(_residual[i]))) throw NotSemiDefinite(_settings.Operation, i, _residual[i], _pivots.Count);
            _residual[i] = _taken[i] ? 0 : Math.Max(0, _residual[i]);
            sum += _residual[i];
        }

        return sum;
    }

    /// <summary>The rows of the largest residuals above the noise, largest first; of equals, the first.</summary>
    private int[] Candidates(double noise)
    {
        int wanted = Math.Min(_block, _capacity - _pivots.Count), found = 0;
        int[] rows = new int[wanted];
        for (int i = 0; i < _size; i++)
        {
            double value = _residual[i];
            if (value <= noise || (found == wanted && value <= _residual[rows[found - 1]])) continue;
            int place = found < wanted ? found++ : found - 1;
            for (; place > 0 && value > _residual[rows[place - 1]]; place--) rows[place] = rows[place - 1];
            rows[place] = i;
        }

        return rows[..found];
    }

    /// <summary>Takes the pivots of a block; gives the trace that remains.</summary>
    private double TakeBlock(int[] candidates, double noise, double remaining, double wanted, double allowedDefect)
    {
        int known = _pivots.Count, width = candidates.Length;
        Span<double> columns = _columns.AsSpan(0, _size * width);
        _source.Columns(candidates, columns);
        if (known > 0) ClearOfFactor(columns, candidates, known);
        List<int> accepted = Accept(candidates, Math.Max(noise / 2, Threshold * _residual[candidates[0]]), known);
        if (accepted.Count == 0)
        {
            // The column's own diagonal says that less is left than the diagonals of all rows did: each time one row fewer.
            _residual[candidates[0]] = _columns[candidates[0] * width];
            return SettleDiagonal(-allowedDefect);
        }

        // One sum per piece of rows and pivot, added up in order.
        int pieces = (_size + PieceRows - 1) / PieceRows, taken = accepted.Count;
        double[] sums = new double[pieces * taken];
        fixed (double* values = _columns, lower = _lower, residual = _residual, partial = sums)
        {
            UpdateJob job = new()
            {
                Size = _size,
                Capacity = _capacity,
                Known = known,
                Width = width,
                Accepted = [.. accepted],
                Pivots = [.. accepted.Select(place => candidates[place])],
                Columns = values,
                Lower = lower,
                Residual = residual,
                Sums = partial,
            };
            job.TakeCorners();
            _engine.Run(ref job, pieces, _settings.Threads);
        }

        int kept = Kept(sums, pieces, taken, remaining, wanted);
        for (int j = taken; j > kept; j--) GiveBack(known + j - 1);
        for (int j = 0; j < kept; j++)
        {
            int pivot = candidates[accepted[j]];
            _taken[pivot] = true;
            _pivots.Add(pivot);
        }

        ClearTaken(known);
        return SettleDiagonal(-allowedDefect);
    }

    /// <summary>columns -= L L(candidates, :)ᵀ.</summary>
    private void ClearOfFactor(Span<double> columns, int[] candidates, int known)
    {
        double[] rows = new double[candidates.Length * known];
        for (int c = 0; c < candidates.Length; c++) _lower.AsSpan(candidates[c] * _capacity, known).CopyTo(rows.AsSpan(c * known));
        MatrixRef<double> lower = new(ref _lower[0], _size, known, _capacity);
        Products.Products.Multiply(
            _engine,
            lower,
            MatrixRef<double>.Of(rows, candidates.Length, known).Transposed,
            MatrixRef<double>.Of(columns, _size, candidates.Length),
            -1,
            1,
            _settings with { Progress = null, Trace = null });
    }

    /// <summary>Which candidates become pivots, in order: by a Cholesky factorisation of their own rows that leaves out what falls below the bound.</summary>
    private List<int> Accept(int[] candidates, double bound, int known)
    {
        int width = candidates.Length;
        double[] rows = new double[width * width];
        double[] left = new double[width];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++) rows[(i * width) + j] = _columns[(candidates[i] * width) + j];
            left[i] = rows[(i * width) + i];
        }

        List<int> accepted = [];
        while (accepted.Count < Math.Min(width, _capacity - known))
        {
            int best = -1;
            for (int i = 0; i < width; i++)
            {
                if (!accepted.Contains(i) && left[i] >= bound && (best < 0 || left[i] > left[best])) best = i;
            }

            if (best < 0) break;
            double pivot = left[best];
            for (int i = 0; i < width; i++)
            {
                if (i == best || accepted.Contains(i)) continue;
                double factor = rows[(i * width) + best] / pivot;
                for (int j = 0; j < width; j++) rows[(i * width) + j] -= factor * rows[(best * width) + j];
                left[i] = rows[(i * width) + i];
            }

            accepted.Add(best);
        }

        return accepted;
    }

    /// <summary>The first pivots of a block that bring the trace to what is wanted.</summary>
    private static int Kept(double[] sums, int pieces, int taken, double remaining, double wanted)
    {
        for (int j = 0; j < taken; j++)
        {
            for (int piece = 0; piece < pieces; piece++) remaining -= sums[(piece * taken) + j];
            if (remaining <= wanted) return j + 1;
        }

        return taken;
    }

    /// <summary>Undoes the last column.</summary>
    private void GiveBack(int column)
    {
        for (int i = 0; i < _size; i++)
        {
            ref double value = ref _lower[(i * _capacity) + column];
            _residual[i] += value * value;
            value = 0;
        }
    }

    /// <summary>Rows of pivots are exactly 0 beyond their own column: makes them so in the columns of the last block.</summary>
    private void ClearTaken(int known)
    {
        for (int j = 0; j < _pivots.Count; j++)
        {
            int first = Math.Max(known, j + 1);
            if (first < _pivots.Count) _lower.AsSpan((_pivots[j] * _capacity) + first, _pivots.Count - first).Clear();
        }
    }

    private double[] Trimmed()
    {
        int rank = _pivots.Count;
        if (rank == _capacity) return _lower;
        double[] lower = new double[_size * rank];
        for (int i = 0; i < _size; i++) _lower.AsSpan(i * _capacity, rank).CopyTo(lower.AsSpan(i * rank));
        return lower;
    }

    /// <summary>Rows of the new columns of the factor: each row is solved with the corner that the pivots' own rows make.</summary>
    private struct UpdateJob : IParallelJob
    {
        public int Size;
        public int Capacity;
        public int Known;
        public int Width;
        public int[] Accepted;
        public int[] Pivots;
        public double* Columns;
        public double* Lower;
        public double* Residual;
        public double* Sums;

        /// <summary>Computes the rows of the pivots themselves, which the others are solved with.</summary>
        public readonly void TakeCorners()
        {
            for (int j = 0; j < Pivots.Length; j++) Solve(Pivots[j], j + 1);
        }

        public readonly void Run(int piece)
        {
            int taken = Pivots.Length;
            double* sums = Sums + (piece * taken);
            int end = Math.Min(Size, (piece + 1) * PieceRows);
            for (int i = piece * PieceRows; i < end; i++)
            {
                if (Array.IndexOf(Pivots, i) < 0) Solve(i, taken);
                double* row = Lower + ((long)i * Capacity) + Known;
                for (int j = 0; j < taken; j++)
                {
                    sums[j] += row[j] * row[j];
                    Residual[i] -= row[j] * row[j];
                }
            }
        }

        /// <summary>The first columns of a row; a pivot's own is the root of what its diagonal has left.</summary>
        private readonly void Solve(int i, int columns)
        {
            double* row = Lower + ((long)i * Capacity) + Known;
            for (int j = 0; j < columns; j++)
            {
                double* corner = Lower + ((long)Pivots[j] * Capacity) + Known;
                double value = Columns[((long)i * Width) + Accepted[j]];
                for (int k = 0; k < j; k++) value -= row[k] * corner[k];
                row[j] = i == Pivots[j] ? Math.Sqrt(Math.Max(0, value)) : value / corner[j];
            }
        }
    }
}
