using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>QR of many more rows than columns by a fixed tree: blocks of rows are factored by themselves, their triangles stacked and factored again (Demmel, Grigori, Hoemmen and Langou 2012).</summary>
internal static class TallSkinnyQr
{
    /// <summary>Replaces a matrix by Q, and gives R; the tree depends on the shape alone.</summary>
    /// <inheritdoc cref="HouseholderQr{T}.Factor"/>
    public static void Factor<T>(HostEngine engine, Memory<T> matrix, int rows, int columns, Memory<T> r, in RunSettings settings, bool wantsQ = true)
        where T : unmanaged, INumberBase<T>
    {
        QrPlan plan = QrPlan.OnHost(rows, columns);
        if (plan.Route != QrRoute.TallSkinny)
        {
            HouseholderQr<T>.Factor(engine, matrix.Span, rows, columns, r.Span, settings, wantsQ);
            return;
        }

        // The last block takes what is left, so that none has fewer rows than columns.
        int blocks = rows / plan.BlockRows;
        T[] stack = new T[checked(blocks * columns * columns)];
        Job<T> job = new()
        {
            Engine = engine,
            Matrix = matrix,
            Stack = stack,
            Rows = rows,
            Columns = columns,
            BlockRows = plan.BlockRows,
            Blocks = blocks,
            WantsQ = wantsQ,
            Settings = settings with { Threads = 1, Progress = null, Trace = null },
        };
        engine.Run(ref job, blocks, settings.Threads);
        Factor<T>(engine, stack, blocks * columns, columns, r, settings, wantsQ);
        if (!wantsQ) return;
        job.Multiplying = true;
        engine.Run(ref job, blocks, settings.Threads);
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, INumberBase<T>
    {
        public HostEngine Engine;
        public Memory<T> Matrix;
        public T[] Stack;
        public int Rows;
        public int Columns;
        public int BlockRows;
        public int Blocks;
        public RunSettings Settings;
        public bool WantsQ;
        public bool Multiplying;

        public readonly void Run(int piece)
        {
            int first = piece * BlockRows, rows = piece == Blocks - 1 ? Rows - first : BlockRows;
            Span<T> block = Matrix.Span.Slice(first * Columns, rows * Columns), triangle = Stack.AsSpan(piece * Columns * Columns, Columns * Columns);
            if (!Multiplying)
            {
                HouseholderQr<T>.Factor(Engine, block, rows, Columns, triangle, Settings, WantsQ);
                return;
            }

            T[] own = block.ToArray();
            Products.Products.Multiply(
                Engine, MatrixRef<T>.Of(own, rows, Columns), MatrixRef<T>.Of(triangle, Columns, Columns), MatrixRef<T>.Of(block, rows, Columns), T.One, T.Zero, Settings);
        }
    }
}
