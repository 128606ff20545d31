using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen 1981, with the deflation and the orthogonality of Gu and Eisenstat 1995).</summary>
/// <remarks>
/// The tree of halves depends on the size alone. Where a level has several merges each is one piece of work; near the root one
/// merge is shared by all threads. Eigenvectors are rows.
/// </remarks>
internal sealed unsafe partial class TridiagonalDivide<V>
    where V : unmanaged, IHostVector<V, double>
{
    /// <summary>The largest part that is solved by the QL iteration: beyond, merging two halves by products is cheaper.</summary>
    public const int Leaf = 32;

    private readonly HostEngine _engine;
    private readonly RunSettings _settings;
    private readonly int _size;
    private readonly double* _d;
    private readonly double* _e;
    private readonly double* _vectors;
    private readonly double* _grouped;
    private readonly double* _table;
    private readonly double* _lists;
    private readonly long _stride;
    private readonly int[] _order;
    private readonly int[] _active;
    private readonly int[] _deflated;
    private readonly byte[] _side;
    private readonly List<(int First, int End)> _leaves = [];
    private readonly List<List<(int First, int Middle, int End)>> _levels = [];
    private int _failures;

    private TridiagonalDivide(HostEngine engine, double* d, double* e, int size, double* vectors, double* grouped, double* table, double* lists, long stride, in RunSettings settings)
    {
        _engine = engine;
        _settings = settings with { Progress = null, Trace = null };
        (_size, _stride) = (size, stride);
        _d = d;
        _e = e;
        _vectors = vectors;
        _grouped = grouped;
        _table = table;
        _lists = lists;
        (_order, _active, _deflated, _side) = (new int[size], new int[size], new int[size], new byte[size]);
    }

    /// <summary>Lists of <c>size</c> elements each that the merges need.</summary>
    public const int Lists = 4;

    /// <summary>Solves it.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="d">The diagonal; replaced by the eigenvalues.</param>
    /// <param name="e">The elements beside it.</param>
    /// <param name="size">Elements of the diagonal.</param>
    /// <param name="kept">The largest eigenvalues whose vectors are wanted.</param>
    /// <param name="vectors">size x size; receives the vectors in rows.</param>
    /// <param name="grouped">Working memory, size x size.</param>
    /// <param name="table">Working memory, size x size.</param>
    /// <param name="lists"><see cref="Lists"/> x stride.</param>
    /// <param name="stride">Elements from row to row of these matrices.</param>
    /// <param name="settings">How to run; cancels between merges.</param>
    /// <returns>The rows of the eigenvalues in ascending order.</returns>
    /// <exception cref="NumericalException">An iteration did not converge.</exception>
    public static int[] Run(
        HostEngine engine, double* d, double* e, int size, int kept, double* vectors, double* grouped, double* table, double* lists, long stride, in RunSettings settings)
    {
        TridiagonalDivide<V> run = new(engine, d, e, size, vectors, grouped, table, lists, stride, settings);
        run.Split(0, size, 0);
        LeafJob leaves = new() { Run = run };
        engine.Run(ref leaves, run._leaves.Count, settings.Threads);
        if (run._failures > 0) throw new NumericalException(settings.Operation, "tridiagonal form", "the QL iteration did not converge");
        for (int level = run._levels.Count - 1; level >= 0; level--)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            List<(int, int, int)> merges = run._levels[level];
            MergeJob job = new() { Run = run, Level = level, Kept = level == 0 ? kept : size };

            // From four on each has a thread to itself; below, threads share every step of each.
            engine.Run(ref job, merges.Count, merges.Count >= 4 ? settings.Threads : 1);
        }

        return run._order;
    }

    private double* Vector(int row) => _vectors + (row * _stride);

    /// <summary>Cuts at the middle, and takes the element beside the cut from the diagonal on both sides of it.</summary>
    private void Split(int first, int end, int depth)
    {
        if (end - first <= Leaf)
        {
            _leaves.Add((first, end));
            return;
        }

        int middle = first + ((end - first) / 2);
        while (_levels.Count <= depth) _levels.Add([]);
        _levels[depth].Add((first, middle, end));
        double coupling = Math.Abs(_e[middle - 1]);
        _d[middle - 1] -= coupling;
        _d[middle] -= coupling;
        Split(first, middle, depth + 1);
        Split(middle, end, depth + 1);
    }

    private void SolveLeaf(int first, int end)
    {
        int size = end - first;
        double* off = stackalloc double[Leaf];
        for (int i = 0; i < size; i++)
        {
            new Span<double>(Vector(first + i), _size).Clear();
            Vector(first + i)[first + i] = 1;
            off[i] = i < size - 1 ? _e[first + i] : 0;
        }

        if (!TridiagonalQl<V>.Run(_d + first, off, size, Vector(first) + first, _stride, size)) Interlocked.Increment(ref _failures);
        Sort(first, end);
    }

    private void Sort(int first, int end)
    {
        double[] keys = new double[end - first];
        for (int i = first; i < end; i++) (keys[i - first], _order[i]) = (_d[i], i);
        keys.AsSpan().Sort(_order.AsSpan(first, end - first));
    }

    private struct LeafJob : IParallelJob
    {
        public TridiagonalDivide<V> Run;

        readonly void IParallelJob.Run(int piece) => Run.SolveLeaf(Run._leaves[piece].First, Run._leaves[piece].End);
    }

    private struct MergeJob : IParallelJob
    {
        public TridiagonalDivide<V> Run;
        public int Level;
        public int Kept;

        readonly void IParallelJob.Run(int piece)
        {
            (int first, int middle, int end) = Run._levels[Level][piece];
            Run.Merge(first, middle, end, Kept);
        }
    }
}
