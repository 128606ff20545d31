using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>Similarity network fusion on dense networks (Wang et al. 2014, equations 2 to 6): each is diffused along its own neighbours through the mean of the others.</summary>
/// <remarks>
/// A network has 0 in the rows and columns of its absent nodes. The mean over the others counts, pair by pair, those that have both
/// nodes; a pair that no other network has keeps its own value. The mean is taken from the total less the network itself, so that
/// networks are replaced in place.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
/// <param name="engine">The host.</param>
/// <param name="networks">By view: nodes x nodes, normalised, replaced.</param>
/// <param name="patterns">By view: nodes x nodes, each node's neighbours.</param>
/// <param name="values">By view: their affinities, rows adding up to 1.</param>
/// <param name="present">By view: which nodes are there.</param>
/// <param name="settings">How to run.</param>
internal sealed unsafe class NetworkFusionHost<T>(HostEngine engine, T[][] networks, SparsePattern[] patterns, T[][] values, bool[][] present, RunSettings settings)
    where T : unmanaged
{
    private readonly int _nodes = patterns[0].Rows;
    private readonly T[] _total = new T[networks[0].Length];
    private readonly T[] _mean = new T[networks[0].Length];
    private readonly T[] _work = new T[networks[0].Length];

    /// <summary>Makes a row of affinities one of a network: half for the node itself, half for the others in proportion; a node alone has all of itself.</summary>
    public static void Normalize(Span<T> row, int self)
    {
        double sum = 0;
        for (int j = 0; j < row.Length; j++) sum += j == self ? 0 : Element.ToDouble(row[j]);
        double factor = sum > 0 ? 0.5 / sum : 0;
        for (int j = 0; j < row.Length; j++) row[j] = Element.Of<T>(Element.ToDouble(row[j]) * factor);
        row[self] = Element.Of<T>(0.5);
    }

    /// <summary>Diffuses every network so many times.</summary>
    /// <returns>By iteration: how much the total changed, |new - old| / |new|.</returns>
    public double[] Run(int iterations)
    {
        double[] changes = new double[iterations];
        Total(out _, out _);
        for (int t = 0; t < iterations; t++)
        {
            for (int v = 0; v < networks.Length; v++)
            {
                settings.Cancellation.ThrowIfCancellationRequested();
                Diffuse(v);
            }

            Total(out double change, out double size);
            changes[t] = size > 0 ? Math.Sqrt(change / size) : 0;
            settings.Progress?.Report((t + 1.0) / iterations);
        }

        return changes;
    }

    /// <summary>The mean of the networks, pair by pair over those that have both nodes, and of both directions.</summary>
    public T[] Mean()
    {
        T[] result = new T[_total.Length];
        for (int i = 0; i < _nodes; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                int count = Count(i, j);
                double both = Element.ToDouble(_total[Place(i, j)]) + Element.ToDouble(_total[Place(j, i)]);
                result[Place(i, j)] = result[Place(j, i)] = Element.Of<T>(count > 0 ? both / (2 * count) : 0);
            }
        }

        return result;
    }

    /// <summary>network = normalised S mean Sᵀ, as two products with S on either side of a transposition each.</summary>
    private void Diffuse(int view)
    {
        OthersJob others = new() { Fusion = this, View = view };
        engine.Run(ref others, _nodes, settings.Threads);
        RunSettings inner = settings with { Progress = null };
        MatrixRef<T> weights = MatrixRef<T>.Of(values[view], values[view].Length, 1);
        Graphs.Multiply(engine, patterns[view], weights, Square(_mean), Square(_work), isMean: false, 1, 0, inner);
        Transpose(_work, _mean);
        Graphs.Multiply(engine, patterns[view], weights, Square(_mean), Square(_work), isMean: false, 1, 0, inner);
        Transpose(_work, networks[view]);
        NormalizeJob normalize = new() { Fusion = this, View = view };
        engine.Run(ref normalize, _nodes, settings.Threads);
    }

    private void Total(out double change, out double size)
    {
        double[] changes = new double[_nodes], sizes = new double[_nodes];
        TotalJob job = new() { Fusion = this, Changes = changes, Sizes = sizes };
        engine.Run(ref job, _nodes, settings.Threads);
        (change, size) = (changes.Sum(), sizes.Sum());
    }

    private void Transpose(T[] source, T[] target)
    {
        fixed (T* s = source, t = target)
        {
            TransposeJob job = new() { Source = s, Target = t, Size = _nodes };
            engine.Run(ref job, (_nodes + TransposeJob.Rows - 1) / TransposeJob.Rows, settings.Threads);
        }
    }

    private MatrixRef<T> Square(T[] matrix) => MatrixRef<T>.Of(matrix, _nodes, _nodes);

    private long Place(int row, int column) => ((long)row * _nodes) + column;

    private int Count(int i, int j)
    {
        int count = 0;
        foreach (bool[] view in present) count += view[i] && view[j] ? 1 : 0;
        return count;
    }

    private readonly struct OthersJob : IParallelJob
    {
        public required NetworkFusionHost<T> Fusion { get; init; }

        public required int View { get; init; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            int nodes = Fusion._nodes;
            Span<T> mean = Fusion._mean.AsSpan(row * nodes, nodes);
            mean.Clear();
            bool[][] all = Fusion.Present;
            bool[] here = all[View];
            if (!here[row]) return;
            ReadOnlySpan<T> total = Fusion._total.AsSpan(row * nodes, nodes), own = Fusion.Networks[View].AsSpan(row * nodes, nodes);
            for (int j = 0; j < nodes; j++)
            {
                if (!here[j]) continue;
                int others = Fusion.Count(row, j) - 1;
                double value = Element.ToDouble(own[j]);
                mean[j] = Element.Of<T>(others == 0 ? value : (Element.ToDouble(total[j]) - value) / others);
            }
        }
    }

    private readonly struct NormalizeJob : IParallelJob
    {
        public required NetworkFusionHost<T> Fusion { get; init; }

        public required int View { get; init; }

        public void Run(int row)
        {
            if (Fusion.Present[View][row]) Normalize(Fusion.Networks[View].AsSpan(row * Fusion._nodes, Fusion._nodes), row);
        }
    }

    private readonly struct TotalJob : IParallelJob
    {
        public required NetworkFusionHost<T> Fusion { get; init; }

        public required double[] Changes { get; init; }

        public required double[] Sizes { get; init; }

        public void Run(int row)
        {
            Span<T> total = Fusion._total.AsSpan(row * Fusion._nodes, Fusion._nodes);
            double change = 0, size = 0;
            for (int j = 0; j < total.Length; j++)
            {
                double sum = 0;
                foreach (T[] network in Fusion.Networks) sum += Element.ToDouble(network[(row * total.Length) + j]);
                double difference = sum - Element.ToDouble(total[j]);
                (change, size) = (change + (difference * difference), size + (sum * sum));
                total[j] = Element.Of<T>(sum);
            }

            (Changes[row], Sizes[row]) = (change, size);
        }
    }

    private struct TransposeJob : IParallelJob
    {
        /// <summary>Rows of a piece, and columns of a block of it: both sides of a block stay in L1.</summary>
        public const int Rows = 32;

        public T* Source;
        public T* Target;
        public int Size;

        public readonly void Run(int piece)
        {
            int first = piece * Rows, rows = Math.Min(Rows, Size - first);
            for (int column = 0; column < Size; column += Rows) Block(first, rows, column, Math.Min(Rows, Size - column));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Block(int row, int rows, int column, int columns)
        {
            T* source = Source + ((long)row * Size) + column, target = Target + ((long)column * Size) + row;
            int wholeRows = TileTranspose.IsFast<T>() ? rows & ~3 : 0, wholeColumns = columns & ~3;
            for (int r = 0; r < wholeRows; r += 4)
            {
                for (int c = 0; c < wholeColumns; c += 4) TileTranspose.FourByFour(source + ((long)r * Size) + c, Size, target + ((long)c * Size) + r, Size);
            }

            for (int r = 0; r < rows; r++)
            {
                for (int c = r < wholeRows ? wholeColumns : 0; c < columns; c++) target[((long)c * Size) + r] = source[((long)r * Size) + c];
            }
        }
    }

    private T[][] Networks => networks;

    private bool[][] Present => present;
}
