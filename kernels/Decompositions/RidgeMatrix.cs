using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>K + ridge I, copied from a symmetric matrix of either precision that is checked on the way.</summary>
internal static unsafe class RidgeMatrix
{
    /// <summary>Rows and columns of the blocks that are read both ways: of float64, 32 KiB.</summary>
    private const int Block = 64;

    /// <summary>Fills size x size elements.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="gram">The matrix.</param>
    /// <param name="ridge">Added to the diagonal.</param>
    /// <param name="matrix">size x size, row by row; receives both halves, from the lower one.</param>
    /// <param name="settings">How to run.</param>
    /// <param name="name">What the matrix is, for the message.</param>
    /// <exception cref="ArgumentException">An element is not finite, or the matrix is not symmetric; the place is named.</exception>
    public static void Fill<T, TResult>(
        HostEngine engine, in Operand<T> gram, double ridge, TResult* matrix, in RunSettings settings, string name = "the Gram matrix")
        where T : unmanaged
        where TResult : unmanaged
    {
        int blocks = (gram.Rows + Block - 1) / Block;
        string?[] faults = new string?[blocks];
        Job<T, TResult> job = new() { Name = name, Gram = gram, Values = engine.Resolve(gram, settings.Operation), Ridge = ridge, Matrix = matrix, Faults = faults };
        engine.Run(ref job, blocks, settings.Threads);
        if (Array.Find(faults, fault => fault is not null) is { } first) throw new ArgumentException(first, nameof(gram));
    }

    /// <summary>A symmetric copy in float64.</summary>
    /// <inheritdoc cref="Fill{T, TResult}"/>
    public static DenseMatrix Of<T>(HostEngine engine, MatrixRef<T> gram, in RunSettings settings)
        where T : unmanaged
    {
        DenseMatrix matrix = new(gram.Rows, gram.Rows);
        fixed (T* values = gram)
        fixed (double* target = matrix.Elements)
        {
            Fill(engine, gram.At(values), 0, target, settings);
        }

        return matrix;
    }

    private struct Job<T, TResult> : IParallelJob
        where T : unmanaged
        where TResult : unmanaged
    {
        public string Name;
        public Operand<T> Gram;
        public T* Values;
        public double Ridge;
        public TResult* Matrix;
        public string?[] Faults;

        public readonly void Run(int block)
        {
            int row = block * Block, end = Math.Min(Gram.Rows, row + Block);
            for (int column = 0; column < end && Faults[block] is null; column += Block)
            {
                for (int i = row; i < end; i++)
                {
                    for (int j = column; j < Math.Min(i, column + Block); j++) Copy(i, j, block);
                }
            }

            for (int i = row; i < end; i++)
            {
                double value = At(i, i);
                if (!double.IsFinite(value)) Faults[block] ??= NotFinite(i, i);
                Matrix[((long)i * Gram.Rows) + i] = Element.Of<TResult>(value + Ridge);
            }
        }

        private readonly void Copy(int i, int j, int block)
        {
            double lower = At(i, j), upper = At(j, i);
            Matrix[((long)i * Gram.Rows) + j] = Matrix[((long)j * Gram.Rows) + i] = Element.Of<TResult>(lower);
            if (lower == upper) return;
            if (!double.IsFinite(lower) || !double.IsFinite(upper)) Faults[block] ??= double.IsFinite(lower) ? NotFinite(j, i) : NotFinite(i, j);

            // Of matrices that were computed twice, or in another order, the halves differ by a few roundings and no more.
            double scale = Math.Sqrt(Math.Abs(At(i, i))) * Math.Sqrt(Math.Abs(At(j, j)));
            double tolerance = (typeof(T) == typeof(float) ? 1e-4 : 1e-10) * Math.Max(scale, Math.Max(Math.Abs(lower), Math.Abs(upper)));
            if (!(Math.Abs(lower - upper) <= tolerance))
            {
                Faults[block] ??= FormattableString.Invariant($"{Name} is not symmetric: [{i}, {j}] is {lower:g6}, [{j}, {i}] is {upper:g6}; give that of the training rows against themselves");
            }
        }

        private readonly double At(int row, int column) => Element.ToDouble(Values[(row * Gram.RowStride) + (column * Gram.ColumnStride)]);

        private readonly string NotFinite(int row, int column) => $"{Name} is not finite at [{row}, {column}]: remove the row and its column";
    }
}
