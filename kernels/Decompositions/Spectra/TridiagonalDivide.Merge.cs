using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <content>One merge: two solved halves and the rank-one matrix between them.</content>
internal sealed unsafe partial class TridiagonalDivide<V>
    where V : unmanaged, IHostVector<V, double>
{
    private const double Epsilon = 1.1102230246251565e-16;

    /// <summary>Where an eigenvector's elements are: in the first half, in both after a rotation, in the second half.</summary>
    private const byte FirstHalf = 0, BothHalves = 1, SecondHalf = 2;

    private double* List(int index, int first) => _lists + (index * _stride) + first;

    private void Merge(int first, int middle, int end, int kept)
    {
        double coupling = _e[middle - 1], rho = 2 * Math.Abs(coupling);
        double* z = List(0, first), poles = List(1, first), roots = List(2, first), work = List(3, first);
        double sign = Math.CopySign(Math.Sqrt(0.5), coupling);
        for (int i = first; i < end; i++)
        {
            z[i - first] = i < middle ? Math.Sqrt(0.5) * Vector(i)[middle - 1] : sign * Vector(i)[middle];
            _side[i] = i < middle ? FirstHalf : SecondHalf;
        }

        int[] sorted = Sorted(first, middle, end);
        int active = Deflate(sorted, first, end, z, rho), size = end - first;
        for (int i = 0; i < active; i++)
        {
            int row = _active[first + i];
            (poles[i], work[i]) = (_d[row], z[row - first]);
        }

        for (int i = 0; i < active; i++) z[i] = work[i];
        double* table = _table + (first * _stride) + first;
        RankOneMerge<V> merge = new(_engine, _settings.Threads, poles, z, active, rho, table, _stride);
        if (active == 1)
        {
            (table[0], roots[0]) = (1, poles[0] + (rho * z[0] * z[0]));
            z[0] = 1;
        }
        else if (active > 1)
        {
            merge.FindRoots(work, roots);
            merge.Recompute(work);
        }

        (int inFirst, int inBoth) = Group(first, end, active);
        for (int i = 0; i < size; i++) work[i] = i < active ? roots[i] : _d[_deflated[first + i - active]];
        for (int i = 0; i < size; i++) _d[first + i] = work[i];
        Sort(first, end);
        Multiply(first, middle, end, active, inFirst, inBoth, z, FirstWanted(first, end, active, kept));
    }

    /// <summary>The rows of both halves in ascending order of their values.</summary>
    private int[] Sorted(int first, int middle, int end)
    {
        int[] sorted = new int[end - first];
        int left = first, right = middle;
        for (int i = 0; i < sorted.Length; i++)
        {
            bool takesLeft = right == end || (left < middle && _d[_order[left]] <= _d[_order[right]]);
            sorted[i] = takesLeft ? _order[left++] : _order[right++];
        }

        return sorted;
    }

    /// <summary>Sets aside what the rank-one matrix does not reach, and one of each two poles that a rotation makes one (LAPACK's dlaed2 has the criterion).</summary>
    private int Deflate(int[] sorted, int first, int end, double* z, double rho)
    {
        double largest = 0;
        for (int i = first; i < end; i++) largest = Math.Max(largest, Math.Max(Math.Abs(_d[i]), Math.Abs(z[i - first])));
        double tolerance = 8 * Epsilon * largest;
        int active = 0, deflated = 0, waiting = -1;
        foreach (int row in sorted)
        {
            if (rho * Math.Abs(z[row - first]) <= tolerance)
            {
                _deflated[first + deflated++] = row;
                continue;
            }

            if (waiting >= 0)
            {
                if (Coincide(waiting, row, first, end, z, tolerance)) _deflated[first + deflated++] = waiting;
                else _active[first + active++] = waiting;
            }

            waiting = row;
        }

        if (waiting >= 0) _active[first + active++] = waiting;
        return active;
    }

    /// <summary>Rotates two poles so that the first has nothing of z, where that changes the matrix by no more than rounding does.</summary>
    private bool Coincide(int waiting, int row, int first, int end, double* z, double tolerance)
    {
        double s = z[waiting - first], c = z[row - first], length = Math.Sqrt((s * s) + (c * c)), difference = _d[row] - _d[waiting];
        (c, s) = (c / length, -s / length);
        if (Math.Abs(difference * c * s) > tolerance) return false;
        (z[row - first], z[waiting - first]) = (length, 0);
        if (_side[row] != _side[waiting]) _side[row] = BothHalves;
        RowOps<V>.Rotate(Vector(waiting) + first, Vector(row) + first, end - first, c, s);
        (_d[waiting], _d[row]) = ((_d[waiting] * c * c) + (_d[row] * s * s), (_d[waiting] * s * s) + (_d[row] * c * c));
        return true;
    }

    /// <summary>Copies the active vectors by the half in which they are, the others behind them; <see cref="_active"/> becomes the place of each pole.</summary>
    private (int InFirst, int InBoth) Group(int first, int end, int active)
    {
        Span<int> counts = stackalloc int[3];
        for (int i = 0; i < active; i++) counts[_side[_active[first + i]]]++;
        Span<int> next = [0, counts[0], counts[0] + counts[1]];
        int size = end - first;
        for (int i = 0; i < size; i++)
        {
            int row = i < active ? _active[first + i] : _deflated[first + i - active];
            int place = i < active ? next[_side[row]]++ : i;
            Copy(Vector(row) + first, _grouped + ((first + place) * _stride) + first, size);
            if (i < active) _active[first + i] = place;
        }

        return (counts[0], counts[1]);
    }

    private static void Copy(double* from, double* to, int count) => new ReadOnlySpan<double>(from, count).CopyTo(new Span<double>(to, count));

    /// <summary>The first root whose vector somebody wants.</summary>
    private int FirstWanted(int first, int end, int active, int kept)
    {
        int wanted = active;
        for (int i = Math.Max(first, end - kept); i < end; i++)
        {
            if (_order[i] - first < active) wanted = Math.Min(wanted, _order[i] - first);
        }

        return wanted;
    }

    /// <summary>New vectors = vectors of the rank-one problem times the old ones, each half by those that have elements there.</summary>
    private void Multiply(int first, int middle, int end, int active, int inFirst, int inBoth, double* z, int wanted)
    {
        int size = end - first, rows = active - wanted;
        for (int i = active; i < size; i++) Copy(_grouped + ((first + i) * _stride) + first, Vector(first + i) + first, size);
        if (rows == 0) return;
        VectorJob job = new() { Run = this, First = first, Active = active, Wanted = wanted, Z = z };
        _engine.Run(ref job, (rows + VectorJob.PieceRows - 1) / VectorJob.PieceRows, (long)active * active < 4096 ? 1 : _settings.Threads);
        double* left = _table + ((first + wanted) * _stride) + first, right = _grouped + (first * _stride) + first;
        double* result = Vector(first + wanted) + first;
        Multiply(left, rows, inFirst + inBoth, right, middle - first, result);
        Multiply(left + inFirst, rows, active - inFirst, right + (inFirst * _stride) + middle - first, end - middle, result + middle - first);
    }

    private void Multiply(double* left, int rows, int depth, double* right, int columns, double* result)
    {
        TiledProduct<double> product = new()
        {
            X = left,
            XRowStride = _stride,
            XFeatureStride = 1,
            Y = right,
            YRowStride = 1,
            YFeatureStride = _stride,
            Rows = rows,
            Columns = columns,
            Depth = depth,
            Result = result,
            ResultStride = _stride,
        };
        TiledProductHost.Run<double, DotTerm<double>, Scaled<double>>(_engine, product, new(1), _settings);
    }

    /// <summary>Turns rows of distances into unit vectors, their elements where the vectors of the poles were put.</summary>
    private struct VectorJob : IParallelJob
    {
        public const int PieceRows = 32;

        public TridiagonalDivide<V> Run;
        public int First;
        public int Active;
        public int Wanted;
        public double* Z;

        readonly void IParallelJob.Run(int piece)
        {
            double* unordered = Scratch.Get<double>(ScratchSlot.SpectrumRow, Active);
            ReadOnlySpan<int> places = Run._active.AsSpan(First, Active);
            int end = Math.Min(Active, Wanted + ((piece + 1) * PieceRows));
            for (int root = Wanted + (piece * PieceRows); root < end; root++)
            {
                double* row = Run._table + ((First + root) * Run._stride) + First;
                if (Active > 1) Divide(row, unordered);
                else unordered[0] = 1;
                double scale = 1 / Math.Sqrt(RowProducts<V, double>.Dot(unordered, unordered, Active));
                for (int j = 0; j < places.Length; j++) row[places[j]] = scale * unordered[j];
            }
        }

        private readonly void Divide(double* distances, double* result)
        {
            int j = 0;
            for (; j <= Active - V.Count; j += V.Count) V.Store(V.Load(Z + j) / V.Load(distances + j), result + j);
            for (; j < Active; j++) result[j] = Z[j] / distances[j];
        }
    }
}
