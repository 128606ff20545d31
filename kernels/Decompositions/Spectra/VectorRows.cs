using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Vectors that solvers keep in rows, on their way into the columns of a result.</summary>
internal static unsafe class VectorRows
{
    private const int Block = 32;

    /// <summary>For each row 1, or -1 where its entry of largest magnitude, the first of equals, is negative.</summary>
    public static double[] Signs(double* rows, long stride, int count, int length)
    {
        double[] signs = new double[count];
        for (int i = 0; i < count; i++)
        {
            double largest = 0;
            double* row = rows + (i * stride);
            for (int j = 0; j < length; j++)
            {
                if (Math.Abs(row[j]) > Math.Abs(largest)) largest = row[j];
            }

            signs[i] = largest < 0 ? -1 : 1;
        }

        return signs;
    }

    /// <summary>Column i of the target = row i times its sign.</summary>
    public static void Store<T>(HostEngine engine, double* rows, long stride, in Operand<T> target, double[] signs, in RunSettings settings)
        where T : unmanaged
    {
        StoreJob<T> job = new() { Rows = rows, Stride = stride, Target = target, Result = engine.Resolve(target, settings.Operation), Signs = signs };
        engine.Run(ref job, (target.Rows + Block - 1) / Block, settings.Threads);
    }

    private struct StoreJob<T> : IParallelJob
        where T : unmanaged
    {
        public double* Rows;
        public long Stride;
        public Operand<T> Target;
        public T* Result;
        public double[] Signs;

        public readonly void Run(int block)
        {
            int first = block * Block, end = Math.Min(Target.Rows, first + Block);
            for (int column = 0; column < Target.Columns; column += Block)
            {
                for (int i = first; i < end; i++)
                {
                    T* row = Result + (i * Target.RowStride);
                    for (int j = column; j < Math.Min(Target.Columns, column + Block); j++)
                    {
                        row[j * Target.ColumnStride] = Element.Of<T>(Rows[(j * Stride) + i] * Signs[j]);
                    }
                }
            }
        }
    }
}
