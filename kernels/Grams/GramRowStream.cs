using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>A Gram matrix that is handed out in blocks of rows, from a given row on, and never stands in memory as a whole.</summary>
internal static unsafe class GramRowStream
{
    /// <summary>Rows of a block that takes at most <paramref name="blockBytes"/>: whole tiles if they fit, one row at least.</summary>
    public static int BlockRows(in GramPlan plan, long blockBytes)
    {
        long rowBytes = Math.Max(1, (long)plan.Columns * plan.ElementBytes);
        long rows = Math.Min(blockBytes, Array.MaxLength) / rowBytes;
        if (rows >= GramTile.Rows) rows -= rows % GramTile.Rows;
        return (int)Math.Clamp(rows, 1, Math.Max(1, plan.Rows));
    }

    /// <summary>Computes the rows from <paramref name="firstRow"/> to the end.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="plan">Shapes and kernel.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features; x again when symmetric.</param>
    /// <param name="given">Given matrices, by number.</param>
    /// <param name="nonFinite">What to do with NaN and infinities.</param>
    /// <param name="firstRow">The first row to compute.</param>
    /// <param name="blockRows">Rows of a block.</param>
    /// <param name="sink">Takes the blocks, in order.</param>
    /// <param name="settings">How to run; cancels between blocks too.</param>
    public static void Run<T>(
        Engine engine,
        GramPlan plan,
        MatrixRef<T> x,
        MatrixRef<T> y,
        Operand<T>[] given,
        NonFiniteInput nonFinite,
        int firstRow,
        int blockRows,
        IRowSink<T> sink,
        in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* px = x, py = y)
        {
            GramProblem<T> problem = new(plan, x.At(px), y.At(py), given, nonFinite, settings);
            StreamCall<T> call = new() { Problem = problem, FirstRow = firstRow, BlockRows = blockRows, Sink = sink };
            engine.Execute(ref call);
        }
    }

    private struct StreamCall<T> : IEngineCall, IVectorJob<T>
        where T : unmanaged, INumberBase<T>
    {
        public GramProblem<T> Problem;
        public int FirstRow;
        public int BlockRows;
        public IRowSink<T> Sink;
        private HostEngine? _host;

        public readonly string Operation => Problem.Settings.Operation;

        public void OnHost(HostEngine engine)
        {
            _host = engine;
            long started = Stopwatch.GetTimestamp();
            VectorDispatch.Run<T, StreamCall<T>>(engine.Width, ref this);
            Problem.Settings.Trace?.Computed(started, Problem.Plan.HostTiles);
        }

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            GramPlan plan = Problem.Plan;
            GramHost<V, T> host = new(_host!, Problem, GramOperands<T>.Prepare<V>(_host!, Problem));
            GramTile<T> tiles = host.Tiles();
            T[] block = NewBlock();
            fixed (T* values = block)
            {
                for (int row = FirstRow; row < plan.Rows; row += BlockRows)
                {
                    int rows = Math.Min(BlockRows, plan.Rows - row);
                    host.StoreRows(tiles, row, rows, values, Problem.Settings with { Progress = PartOf(row, rows) });
                    Sink.Accept(row, rows, block.AsSpan(0, rows * plan.Columns));
                }
            }
        }

        public readonly void OnAccelerator(AcceleratorEngine engine)
        {
            GramPlan plan = Problem.Plan;
            using GramDevice<T> gram = new(engine, Problem);
            T[] block = NewBlock();
            fixed (T* values = block)
            {
                for (int row = FirstRow; row < plan.Rows; row += BlockRows)
                {
                    int rows = Math.Min(BlockRows, plan.Rows - row);
                    gram.StoreRows(row, new(values, null, 0, rows, plan.Columns, plan.Columns, 1), PartOf(row, rows));
                    Problem.Settings.Cancellation.ThrowIfCancellationRequested();
                    Sink.Accept(row, rows, block.AsSpan(0, rows * plan.Columns));
                }
            }
        }

        private readonly T[] NewBlock() => GC.AllocateUninitializedArray<T>(Math.Max(1, checked(BlockRows * Problem.Plan.Columns)), pinned: true);

        private readonly IProgress<double>? PartOf(int row, int rows) => PartialProgress.Of(Problem.Settings.Progress, row, Problem.Plan.Rows, rows);
    }
}
