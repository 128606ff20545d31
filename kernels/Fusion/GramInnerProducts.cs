using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Inner products of all pairs of centred symmetric matrices, and of each with the centred similarity of targets, in one pass over their elements.</summary>
/// <remarks>
/// The centred product is that of the matrices less what their row sums give (Cortes, Mohri and Rostamizadeh 2012, section 3), in float64,
/// after a provisional mean is taken off each matrix. Pairs above the diagonal count twice, in lanes until a block's end; blocks of rows are added in their order, so
/// that bits do not depend on threads.
/// </remarks>
internal static unsafe class GramInnerProducts
{
    /// <summary>Rows of a piece.</summary>
    private const int Rows = 32;

    /// <summary>Columns that are widened at once, a memory page of float32: a row's stretches are far apart from matrix to matrix, and shorter ones wait for memory as long.</summary>
    private const int Columns = 1024;

    /// <summary>From one matrix's stretch to the next: a cache line more, lest all of them begin in one set of a cache.</summary>
    private const int Stride = Columns + 8;

    /// <summary>Columns that are multiplied at once: 24 matrices of them are 24 KiB, half an L1 cache.</summary>
    private const int Block = 128;

    /// <summary>Matrices of a register tile.</summary>
    private const int Tile = 4;

    /// <summary>Multiplies everything with everything.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="grams">Symmetric matrices of one size, pinned.</param>
    /// <param name="targets">rows x outputs, row-major: the last matrix is their similarity, output by output.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>(matrices + 1) x (matrices + 1).</returns>
    /// <exception cref="ArgumentException">An element is not finite; its matrix and row are named.</exception>
    public static double[,] Centred<T>(HostEngine engine, Operand<T>[] grams, double[] targets, in RunSettings settings)
        where T : unmanaged
    {
        int size = grams[0].Rows, count = grams.Length + 1, blocks = (size + Rows - 1) / Rows;
        int padded = (count + Tile - 1) / Tile * Tile;
        Sums sums = new(size, padded, blocks);
        ProductCall<T> call = new()
        {
            Engine = engine,
            Grams = grams,
            Targets = Transposed(targets, size),
            Outputs = targets.Length / Math.Max(1, size),
            Shifts = Shifts(grams, count),
            Sums = sums,
            Settings = settings,
        };
        VectorDispatch.Run<double, ProductCall<T>>(engine.Width, ref call);
        settings.Cancellation.ThrowIfCancellationRequested();
        return sums.Centre(count);
    }

    private static double[] Transposed(double[] targets, int size)
    {
        double[] result = new double[targets.Length];
        int outputs = targets.Length / Math.Max(1, size);
        for (int at = 0; at < targets.Length; at++) result[(at % outputs * size) + (at / outputs)] = targets[at];
        return result;
    }

    /// <summary>The mean of each matrix's first row: near enough to its mean to keep the digits of what centring leaves.</summary>
    private static double[] Shifts<T>(Operand<T>[] grams, int count)
        where T : unmanaged
    {
        double[] shifts = new double[count];
        for (int m = 0; m < grams.Length; m++)
        {
            for (int j = 0; j < grams[m].Columns; j++) shifts[m] += Element.ToDouble(grams[m].Pointer[j * grams[m].ColumnStride]) / grams[m].Columns;
        }

        return shifts;
    }

    /// <summary>What blocks of rows add up to.</summary>
    private sealed class Sums(int size, int padded, int blocks)
    {
        public int Padded => padded;

        public int Size => size;

        /// <summary>By row and matrix.</summary>
        public double[] OfRows { get; } = new double[size * padded];

        /// <summary>By block and pair of matrices.</summary>
        public double[] OfPairs { get; } = new double[blocks * padded * padded];

        public double[,] Centre(int count)
        {
            double[,] result = new double[count, count];
            double[] totals = new double[count];
            for (int i = 0; i < size; i++)
            {
                for (int m = 0; m < count; m++)
                {
                    double sum = OfRows[(i * padded) + m];
                    if (!double.IsFinite(sum)) throw new ArgumentException($"row {i} of Gram matrix {m} is not finite: remove the row and its column");
                    totals[m] += sum;
                }
            }

            for (int a = 0; a < count; a++)
            {
                for (int b = a; b < count; b++)
                {
                    double product = 0, rows = 0;
                    for (int block = 0; block < blocks; block++) product += OfPairs[(block * padded * padded) + (a * padded) + b];
                    for (int i = 0; i < size; i++) rows += OfRows[(i * padded) + a] * OfRows[(i * padded) + b];
                    result[a, b] = result[b, a] = size == 0 ? 0 : product - (2 * rows / size) + (totals[a] * totals[b] / ((double)size * size));
                }
            }

            return result;
        }
    }

    private struct ProductCall<T> : IVectorJob<double>
        where T : unmanaged
    {
        public HostEngine Engine;
        public Operand<T>[] Grams;

        /// <summary>Output by output.</summary>
        public double[] Targets;
        public int Outputs;
        public double[] Shifts;
        public Sums Sums;
        public RunSettings Settings;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, double>
        {
            int blocks = (Sums.Size + Rows - 1) / Rows;
            Job<V, T> job = new() { Call = this, Progress = new(Settings, blocks) };
            Engine.Run(ref job, blocks, Settings.Threads);
        }
    }

    private struct Job<V, T> : IParallelJob
        where V : unmanaged, IHostVector<V, double>
        where T : unmanaged
    {
        public ProductCall<T> Call;
        public BlockProgress Progress;

        public readonly void Run(int piece)
        {
            if (Progress.IsCancelled) return;
            int padded = Call.Sums.Padded;
            double* values = Scratch.Get<double>(ScratchSlot.TileValues, padded * Stride), sums = Scratch.Get<double>(ScratchSlot.Sums, padded * padded * V.Count);
            new Span<double>(values, padded * Stride).Clear();
            new Span<double>(sums, padded * padded * V.Count).Clear();
            int last = Math.Min(Call.Sums.Size, (piece + 1) * Rows);
            for (int row = piece * Rows; row < last; row++)
            {
                for (int column = 0; column < Call.Sums.Size; column += Columns)
                {
                    int columns = Math.Min(Columns, Call.Sums.Size - column);
                    bool isMultiplied = column + columns > row;
                    Fill(values, row, column, columns, isMultiplied);
                    if (isMultiplied) AddPairs(values, row - column, columns, sums, padded);
                }
            }

            Span<double> pairs = Call.Sums.OfPairs.AsSpan(piece * padded * padded, padded * padded);
            for (int at = 0; at < pairs.Length; at++) pairs[at] = 2 * V.Sum(V.Load(sums + (at * V.Count)));
            Progress.Advance();
        }

        /// <summary>Adds a stretch of one row of every matrix, less its shift, to the row's sums; widens it where it is multiplied.</summary>
        private readonly void Fill(double* values, int row, int column, int columns, bool isMultiplied)
        {
            for (int m = 0; m <= Call.Grams.Length; m++)
            {
                double* stretch = values + (m * Stride);
                ref double sum = ref Call.Sums.OfRows[(row * Call.Sums.Padded) + m];
                if (m == Call.Grams.Length) FillTargets(stretch, row, column, columns);
                else
                {
                    Operand<T> gram = Call.Grams[m];
                    T* source = gram.Pointer + (row * gram.RowStride) + (column * gram.ColumnStride);
                    if (gram.ColumnStride == 1)
                    {
                        sum += Widen(source, columns, Call.Shifts[m], isMultiplied ? stretch : null);
                        continue;
                    }

                    for (int j = 0; j < columns; j++) stretch[j] = Element.ToDouble(source[j * gram.ColumnStride]) - Call.Shifts[m];
                }

                sum += RowArithmetic<V, double>.Sum(stretch, columns);
            }
        }

        /// <summary>The sum of elements in float64, less a shift each; they go to the target if there is one.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static double Widen(T* source, int count, double shift, double* target)
        {
            int j = 0;
            Vector<double> sum = default, more = default;
            if (typeof(T) == typeof(float))
            {
                Vector<double> off = new(shift);
                for (; j <= count - Vector<float>.Count; j += Vector<float>.Count)
                {
                    Vector.Widen(Vector.Load((float*)source + j), out Vector<double> low, out Vector<double> high);
                    (low, high) = (low - off, high - off);
                    (sum, more) = (sum + low, more + high);
                    if (target is null) continue;
                    Vector.Store(low, target + j);
                    Vector.Store(high, target + j + Vector<double>.Count);
                }
            }

            double rest = 0;
            for (; j < count; j++)
            {
                double value = Element.ToDouble(source[j]) - shift;
                rest += value;
                if (target is not null) target[j] = value;
            }

            return Vector.Sum(sum + more) + rest;
        }

        /// <summary>The similarity of targets, output by output: those of classes are 0 in all but one.</summary>
        private readonly void FillTargets(double* stretch, int row, int column, int columns)
        {
            new Span<double>(stretch, columns).Clear();
            for (int c = 0; c < Call.Outputs; c++)
            {
                ReadOnlySpan<double> output = Call.Targets.AsSpan(c * Call.Sums.Size, Call.Sums.Size);
                double own = output[row];
                if (own == 0) continue;
                output = output.Slice(column, columns);
                for (int j = 0; j < output.Length; j++) stretch[j] += own * output[j];
            }
        }

        /// <summary>Adds products of columns right of the diagonal, and half of that on it; what lies left of it, or behind the end, is cleared first.</summary>
        private readonly void AddPairs(double* values, int diagonal, int columns, double* sums, int padded)
        {
            int first = Math.Max(0, diagonal) / V.Count * V.Count, end = (columns + V.Count - 1) / V.Count * V.Count;
            for (int m = 0; m <= Call.Grams.Length; m++)
            {
                double* stretch = values + (m * Stride);
                for (int j = first; j < diagonal; j++) stretch[j] = 0;
                if (diagonal >= 0) stretch[diagonal] *= Math.Sqrt(0.5);
                for (int j = columns; j < end; j++) stretch[j] = 0;
            }

            for (; first < end; first += Block)
            {
                for (int a = 0; a < padded; a += Tile)
                {
                    for (int b = a; b < padded; b += Tile) AddTile(values + (a * Stride) + first, values + (b * Stride) + first, Math.Min(Block, end - first), sums + (((a * padded) + b) * V.Count), padded * V.Count);
                }
            }
        }

        /// <summary>Products of four matrices with four, in lanes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void AddTile(double* a, double* b, int count, double* sums, int stride)
        {
            double* r0 = sums, r1 = sums + stride, r2 = r1 + stride, r3 = r2 + stride;
            V s00 = V.Load(r0), s01 = V.Load(r0 + V.Count), s02 = V.Load(r0 + (2 * V.Count)), s03 = V.Load(r0 + (3 * V.Count));
            V s10 = V.Load(r1), s11 = V.Load(r1 + V.Count), s12 = V.Load(r1 + (2 * V.Count)), s13 = V.Load(r1 + (3 * V.Count));
            V s20 = V.Load(r2), s21 = V.Load(r2 + V.Count), s22 = V.Load(r2 + (2 * V.Count)), s23 = V.Load(r2 + (3 * V.Count));
            V s30 = V.Load(r3), s31 = V.Load(r3 + V.Count), s32 = V.Load(r3 + (2 * V.Count)), s33 = V.Load(r3 + (3 * V.Count));
            for (int j = 0; j < count; j += V.Count)
            {
                V y0 = V.Load(b + j), y1 = V.Load(b + Stride + j), y2 = V.Load(b + (2 * Stride) + j), y3 = V.Load(b + (3 * Stride) + j);
                V x = V.Load(a + j);
                s00 = V.MultiplyAdd(x, y0, s00);
                s01 = V.MultiplyAdd(x, y1, s01);
                s02 = V.MultiplyAdd(x, y2, s02);
                s03 = V.MultiplyAdd(x, y3, s03);
                x = V.Load(a + Stride + j);
                s10 = V.MultiplyAdd(x, y0, s10);
                s11 = V.MultiplyAdd(x, y1, s11);
                s12 = V.MultiplyAdd(x, y2, s12);
                s13 = V.MultiplyAdd(x, y3, s13);
                x = V.Load(a + (2 * Stride) + j);
                s20 = V.MultiplyAdd(x, y0, s20);
                s21 = V.MultiplyAdd(x, y1, s21);
                s22 = V.MultiplyAdd(x, y2, s22);
                s23 = V.MultiplyAdd(x, y3, s23);
                x = V.Load(a + (3 * Stride) + j);
                s30 = V.MultiplyAdd(x, y0, s30);
                s31 = V.MultiplyAdd(x, y1, s31);
                s32 = V.MultiplyAdd(x, y2, s32);
                s33 = V.MultiplyAdd(x, y3, s33);
            }

            Put(r0, s00, s01, s02, s03);
            Put(r1, s10, s11, s12, s13);
            Put(r2, s20, s21, s22, s23);
            Put(r3, s30, s31, s32, s33);
        }

        private static void Put(double* sums, V first, V second, V third, V fourth)
        {
            V.Store(first, sums);
            V.Store(second, sums + V.Count);
            V.Store(third, sums + (2 * V.Count));
            V.Store(fourth, sums + (3 * V.Count));
        }
    }
}
