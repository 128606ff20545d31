using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Solves with one leaf of a lower triangle, right-hand sides in the lanes of vectors.</summary>
/// <remarks>
/// A transposed leaf is given from its last element on, with negative strides. Multiplications and subtractions round apart, one
/// term after the other, so that bits depend neither on the width of vectors nor on how the right-hand sides lie.
/// </remarks>
internal unsafe struct TriangularLeaf<T> : IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Right-hand sides of one piece: with the rows of a leaf 32 KiB of float64, an L1 cache's worth.</summary>
    private const int Chunk = 128;

    /// <summary>The host.</summary>
    public HostEngine Engine;

    /// <summary>The first element of the triangle.</summary>
    public T* Triangle;

    /// <summary>Elements from row to row of the triangle.</summary>
    public long RowStride;

    /// <summary>Elements from column to column of the triangle.</summary>
    public long ColumnStride;

    /// <summary>Rows of the triangle.</summary>
    public int Size;

    /// <summary>Right-hand sides, first row.</summary>
    public T* Right;

    /// <summary>Elements from row to row of the right-hand sides.</summary>
    public long RightRowStride;

    /// <summary>Elements from one right-hand side to the next; 1, or they are gathered.</summary>
    public long RightColumnStride;

    /// <summary>Right-hand sides.</summary>
    public int Width;

    /// <summary>At most this many threads; 0 for all.</summary>
    public int Threads;

    /// <inheritdoc/>
    public readonly void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        Piece<V> job = new() { Leaf = this };
        Engine.Run(ref job, (Width + Chunk - 1) / Chunk, Width * (double)Size * Size < HostBlocking.SerialBelow ? 1 : Threads);
    }

    private struct Piece<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public TriangularLeaf<T> Leaf;

        public readonly void Run(int piece)
        {
            int first = piece * Chunk, width = Math.Min(Chunk, Leaf.Width - first);
            T* right = Leaf.Right + (first * Leaf.RightColumnStride);
            if (Leaf.RightColumnStride == 1)
            {
                Solve(right, Leaf.RightRowStride, width);
                return;
            }

            T* tile = Scratch.Get<T>(ScratchSlot.SolveTile, CholeskyHost.Leaf * Chunk);
            for (int c = 0; c < width; c++)
            {
                for (int i = 0; i < Leaf.Size; i++) tile[(i * Chunk) + c] = right[(c * Leaf.RightColumnStride) + (i * Leaf.RightRowStride)];
            }

            Solve(tile, Chunk, width);
            for (int c = 0; c < width; c++)
            {
                for (int i = 0; i < Leaf.Size; i++) right[(c * Leaf.RightColumnStride) + (i * Leaf.RightRowStride)] = tile[(i * Chunk) + c];
            }
        }

        private readonly void Solve(T* rows, long stride, int width)
        {
            int column = 0;
            for (; column <= width - (4 * V.Count); column += 4 * V.Count) SolveFour(rows + column, stride);
            for (; column < width; column += V.Count) SolveOne(rows + column, stride, Math.Min(V.Count, width - column));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void SolveFour(T* rows, long stride)
        {
            for (int i = 0; i < Leaf.Size; i++)
            {
                T* row = rows + (i * stride), factors = Leaf.Triangle + (i * Leaf.RowStride), other = rows;
                V sum0 = V.Load(row), sum1 = V.Load(row + V.Count), sum2 = V.Load(row + (2 * V.Count)), sum3 = V.Load(row + (3 * V.Count));
                for (int k = 0; k < i; k++, factors += Leaf.ColumnStride, other += stride)
                {
                    V factor = V.Broadcast(*factors);
                    sum0 -= factor * V.Load(other);
                    sum1 -= factor * V.Load(other + V.Count);
                    sum2 -= factor * V.Load(other + (2 * V.Count));
                    sum3 -= factor * V.Load(other + (3 * V.Count));
                }

                V pivot = V.Broadcast(*factors);
                V.Store(sum0 / pivot, row);
                V.Store(sum1 / pivot, row + V.Count);
                V.Store(sum2 / pivot, row + (2 * V.Count));
                V.Store(sum3 / pivot, row + (3 * V.Count));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void SolveOne(T* rows, long stride, int lanes)
        {
            for (int i = 0; i < Leaf.Size; i++)
            {
                T* row = rows + (i * stride), factors = Leaf.Triangle + (i * Leaf.RowStride), other = rows;
                V sum = V.LoadPartial(row, lanes);
                for (int k = 0; k < i; k++, factors += Leaf.ColumnStride, other += stride) sum -= V.Broadcast(*factors) * V.LoadPartial(other, lanes);
                V.StorePartial(sum / V.Broadcast(*factors), row, lanes);
            }
        }
    }
}
