using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Writes the rows of all views side by side, centred and scaled, and sums them: (x - centre) * scale.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct CentredRows<T> : IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Rows of one piece: few, so that a sum of T keeps its digits.</summary>
    public const int PieceRows = 64;

    /// <summary>Who runs it.</summary>
    public HostEngine Host;

    /// <summary>The views.</summary>
    public Operand<T>[] Views;

    /// <summary>The first row that is taken.</summary>
    public long FirstRow;

    /// <summary>Rows that are taken.</summary>
    public int Rows;

    /// <summary>What is subtracted, per column of all views.</summary>
    public T* Centre;

    /// <summary>What the difference is multiplied by: powers of two.</summary>
    public T* Scale;

    /// <summary>Receives the rows.</summary>
    public T* Target;

    /// <summary>Elements from row to row of the target.</summary>
    public int Stride;

    /// <summary>Receives the sums of every piece: pieces x stride.</summary>
    public T* Sums;

    /// <summary>Host threads; 0 for all.</summary>
    public int Threads;

    /// <summary>Pieces of so many rows.</summary>
    public static int Pieces(int rows) => (rows + PieceRows - 1) / PieceRows;

    /// <inheritdoc/>
    public void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        PieceJob<V> job = new() { Rows = this };
        Host.Run(ref job, Pieces(Rows), Threads);
    }

    private struct PieceJob<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public CentredRows<T> Rows;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int piece)
        {
            int first = piece * PieceRows, rows = Math.Min(PieceRows, Rows.Rows - first), offset = 0;
            foreach (Operand<T> view in Rows.Views)
            {
                T* source = view.Pointer + ((Rows.FirstRow + first) * view.RowStride);
                T* target = Rows.Target + ((long)first * Rows.Stride) + offset;
                T* sums = Rows.Sums + ((long)piece * Rows.Stride) + offset;
                int column = 0;
                if (view.ColumnStride == 1)
                {
                    for (; column + (4 * V.Count) <= view.Columns; column += 4 * V.Count)
                    {
                        Strips(source + column, view.RowStride, rows, Rows.Centre + offset + column, Rows.Scale + offset + column, target + column, sums + column);
                    }

                    for (; column + V.Count <= view.Columns; column += V.Count)
                    {
                        Strip(source + column, view.RowStride, rows, V.Load(Rows.Centre + offset + column), V.Load(Rows.Scale + offset + column), target + column, sums + column);
                    }
                }

                for (; column < view.Columns; column++)
                {
                    Column(source + (column * view.ColumnStride), view.RowStride, rows, Rows.Centre[offset + column], Rows.Scale[offset + column], target + column, sums + column);
                }

                offset += view.Columns;
            }
        }

        /// <summary>Four vectors of every row: whole cache lines in order, which is what prefetching follows.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Strips(T* source, long rowStride, int rows, T* centre, T* scale, T* target, T* sums)
        {
            V c0 = V.Load(centre), c1 = V.Load(centre + V.Count), c2 = V.Load(centre + (2 * V.Count)), c3 = V.Load(centre + (3 * V.Count));
            V s0 = V.Load(scale), s1 = V.Load(scale + V.Count), s2 = V.Load(scale + (2 * V.Count)), s3 = V.Load(scale + (3 * V.Count));
            V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (int r = 0; r < rows; r++, source += rowStride, target += Rows.Stride)
            {
                V value0 = (V.Load(source) - c0) * s0, value1 = (V.Load(source + V.Count) - c1) * s1;
                V value2 = (V.Load(source + (2 * V.Count)) - c2) * s2, value3 = (V.Load(source + (3 * V.Count)) - c3) * s3;
                V.Store(value0, target);
                V.Store(value1, target + V.Count);
                V.Store(value2, target + (2 * V.Count));
                V.Store(value3, target + (3 * V.Count));
                sum0 += value0;
                sum1 += value1;
                sum2 += value2;
                sum3 += value3;
            }

            V.Store(sum0, sums);
            V.Store(sum1, sums + V.Count);
            V.Store(sum2, sums + (2 * V.Count));
            V.Store(sum3, sums + (3 * V.Count));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Strip(T* source, long rowStride, int rows, V centre, V scale, T* target, T* sums)
        {
            V sum = default;
            for (int r = 0; r < rows; r++, source += rowStride, target += Rows.Stride)
            {
                V value = (V.Load(source) - centre) * scale;
                V.Store(value, target);
                sum += value;
            }

            V.Store(sum, sums);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Column(T* source, long rowStride, int rows, T centre, T scale, T* target, T* sums)
        {
            V c = V.Broadcast(centre), s = V.Broadcast(scale), sum = default;
            for (int r = 0; r < rows; r++, source += rowStride, target += Rows.Stride)
            {
                V value = (V.Broadcast(*source) - c) * s;
                V.StorePartial(value, target, 1);
                sum += value;
            }

            V.StorePartial(sum, sums, 1);
        }
    }
}
