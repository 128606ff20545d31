using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Fusion;

/// <summary>sum of weight times matrix, in one pass.</summary>
internal static unsafe class WeightedSum
{
    /// <summary>Rows of a piece.</summary>
    private const int Rows = 16;

    /// <summary>Sums matrices of one size, in float64, matrices of weight 0 left out.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="matrices">The matrices, pinned.</param>
    /// <param name="weights">By matrix.</param>
    /// <param name="result">rows x columns, row-major.</param>
    /// <param name="settings">How to run.</param>
    public static void Compute<T>(HostEngine engine, Operand<T>[] matrices, double[] weights, Span<T> result, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* values = result)
        {
            Job<T> job = new() { Matrices = matrices, Weights = weights, Result = values, Cancellation = settings.Cancellation };
            engine.Run(ref job, (matrices[0].Rows + Rows - 1) / Rows, settings.Threads);
        }
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged
    {
        public Operand<T>[] Matrices;
        public double[] Weights;
        public T* Result;
        public CancellationToken Cancellation;

        public readonly void Run(int piece)
        {
            Cancellation.ThrowIfCancellationRequested();
            int columns = Matrices[0].Columns, last = Math.Min(Matrices[0].Rows, (piece + 1) * Rows);
            double* sums = Scratch.Get<double>(ScratchSlot.RowValues, columns);
            for (int row = piece * Rows; row < last; row++)
            {
                new Span<double>(sums, columns).Clear();
                for (int m = 0; m < Matrices.Length; m++)
                {
                    double weight = Weights[m];
                    if (weight == 0) continue;
                    T* source = Matrices[m].Pointer + (row * Matrices[m].RowStride);
                    if (Matrices[m].ColumnStride == 1) Add(source, columns, weight, sums);
                    else
                    {
                        for (int j = 0; j < columns; j++) sums[j] += weight * Element.ToDouble(source[j * Matrices[m].ColumnStride]);
                    }
                }

                Narrow(sums, columns, Result + ((long)row * columns));
            }
        }

        /// <summary>Products and sums are rounded one by one, so that bits do not depend on the width.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static void Add(T* source, int count, double weight, double* sums)
        {
            int j = 0;
            if (typeof(T) == typeof(float))
            {
                Vector<double> factor = new(weight);
                for (; j <= count - Vector<float>.Count; j += Vector<float>.Count)
                {
                    Vector.Widen(Vector.Load((float*)source + j), out Vector<double> low, out Vector<double> high);
                    Vector.Store(Vector.Load(sums + j) + (factor * low), sums + j);
                    Vector.Store(Vector.Load(sums + j + Vector<double>.Count) + (factor * high), sums + j + Vector<double>.Count);
                }
            }

            for (; j < count; j++) sums[j] += weight * Element.ToDouble(source[j]);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static void Narrow(double* sums, int count, T* target)
        {
            int j = 0;
            if (typeof(T) == typeof(float))
            {
                for (; j <= count - Vector<float>.Count; j += Vector<float>.Count)
                {
                    Vector.Store(Vector.Narrow(Vector.Load(sums + j), Vector.Load(sums + j + Vector<double>.Count)), (float*)target + j);
                }
            }

            for (; j < count; j++) target[j] = Element.Of<T>(sums[j]);
        }
    }
}
