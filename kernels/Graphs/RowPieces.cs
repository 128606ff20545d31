using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>Work on rows of a sparse matrix that owns what it writes for each row.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IRowWork<T>
    where T : unmanaged
{
    /// <summary>Does consecutive rows.</summary>
    void Rows<V>(int first, int end)
        where V : unmanaged, IHostVector<V, T>;
}

/// <summary>Shares rows over threads by their entries: a piece ends where its share of entries and rows ends.</summary>
internal static unsafe class RowPieces
{
    /// <summary>Elements of a piece at least: some ten microseconds.</summary>
    private const int PieceElements = 1 << 15;

    /// <summary>More pieces than threads, so that a slow core takes fewer.</summary>
    private const int PiecesPerThread = 8;

    /// <summary>Does the work of all rows.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="pattern">The rows.</param>
    /// <param name="perEntry">Elements that an entry costs.</param>
    /// <param name="work">The work.</param>
    /// <param name="settings">How to run.</param>
    public static void Run<T, TWork>(HostEngine engine, in PatternOperand pattern, int perEntry, ref TWork work, in RunSettings settings)
        where T : unmanaged
        where TWork : struct, IRowWork<T>
    {
        if (pattern.Rows == 0) return;
        int most = (settings.Threads == 0 ? engine.Threads : Math.Min(settings.Threads, engine.Threads)) * PiecesPerThread;
        long elements = ((long)pattern.Entries + pattern.Rows) * perEntry;
        int pieces = (int)Math.Clamp(Math.Min(elements / PieceElements, pattern.Rows), 1, most);
        WidthJob<T, TWork> job = new() { Engine = engine, Starts = engine.Resolve(pattern.Starts, settings.Operation), RowCount = pattern.Rows, Pieces = pieces, Work = work, Settings = settings };
        VectorDispatch.Run<T, WidthJob<T, TWork>>(engine.Width, ref job);
    }

    private struct WidthJob<T, TWork> : IVectorJob<T>
        where T : unmanaged
        where TWork : struct, IRowWork<T>
    {
        public HostEngine Engine;
        public int* Starts;
        public int RowCount;
        public int Pieces;
        public TWork Work;
        public RunSettings Settings;

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            Job<V, T, TWork> job = new() { Of = this };
            Engine.Run(ref job, Pieces, Settings.Threads);
        }
    }

    private struct Job<V, T, TWork> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TWork : struct, IRowWork<T>
    {
        public WidthJob<T, TWork> Of;

        public readonly void Run(int piece)
        {
            Of.Settings.Cancellation.ThrowIfCancellationRequested();
            Of.Work.Rows<V>(First(piece), First(piece + 1));
        }

        /// <summary>The first row before which so many pieces' share of entries and rows lies.</summary>
        private readonly int First(int piece)
        {
            long share = ((long)Of.Starts[Of.RowCount] + Of.RowCount) * piece / Of.Pieces;
            int low = 0, high = Of.RowCount;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if ((long)Of.Starts[middle] + middle < share) low = middle + 1;
                else high = middle;
            }

            return low;
        }
    }
}
