using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>What the kernels read per row, computed on the host: centre, norms, and the checks of the input.</summary>
internal static unsafe class GramRowsHost<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Rows whose mean is the centre: any point among the data will do, so a sample is enough.</summary>
    private const int CentreSample = 256;

    /// <summary>Rows of one piece of parallel work.</summary>
    private const int PieceRows = 256;

    /// <summary>Writes the mean of up to 256 evenly spaced finite rows to <paramref name="centre"/>.</summary>
    public static void Centre(in GramInput<T> x, int depth, T* centre)
    {
        new Span<T>(centre, depth).Clear();
        int samples = Math.Min(x.Rows, CentreSample);
        V weight = V.Constant(1.0 / Math.Max(1, samples));
        for (int s = 0; s < samples; s++)
        {
            T* row = x.Data + ((long)s * x.Rows / samples * x.RowStride);
            if (!IsFinite(row, x.FeatureStride, depth)) continue;
            for (int k = 0; k < depth; k += V.Count)
            {
                int lanes = Math.Min(V.Count, depth - k);
                V features = Load(row + (k * x.FeatureStride), x.FeatureStride, lanes);
                V.StorePartial(V.MultiplyAdd(features, weight, V.LoadPartial(centre + k, lanes)), centre + k, lanes);
            }
        }
    }

    /// <summary>Writes the squared norm of every row minus <paramref name="centre"/> (null: the origin).</summary>
    public static void SquaredNorms(HostEngine engine, in GramInput<T> x, int depth, T* centre, T* norms, int threads)
    {
        NormJob job = new() { Input = x, Depth = depth, Centre = centre, Norms = norms };
        engine.Run(ref job, (x.Rows + PieceRows - 1) / PieceRows, (long)x.Rows * depth < 200_000 ? 1 : threads);
    }

    /// <summary>The first element that is NaN or infinite, or (-1, -1).</summary>
    public static (int Row, int Column) FirstNonFinite(in GramInput<T> x, int depth)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            T* row = x.Data + (i * x.RowStride);
            if (IsFinite(row, x.FeatureStride, depth)) continue;
            for (int k = 0; k < depth; k++)
            {
                if (!double.IsFinite(Element.ToDouble(row[k * x.FeatureStride]))) return (i, k);
            }
        }

        return (-1, -1);
    }

    /// <summary>The first element below zero, or (-1, -1).</summary>
    public static (int Row, int Column) FirstNegative(in GramInput<T> x, int depth)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            T* row = x.Data + (i * x.RowStride);
            for (int k = 0; k < depth; k += V.Count)
            {
                int lanes = Math.Min(V.Count, depth - k);
                if (!V.AnyLess(Load(row + (k * x.FeatureStride), x.FeatureStride, lanes), default)) continue;
                while (!(Element.ToDouble(row[k * x.FeatureStride]) < 0)) k++;
                return (i, k);
            }
        }

        return (-1, -1);
    }

    /// <summary>The first finite element whose magnitude is above a limit, or (-1, -1).</summary>
    public static (int Row, int Column) FirstBeyond(in GramInput<T> x, int depth, double limit)
    {
        V above = V.Constant(limit), below = V.Constant(-limit);
        for (int i = 0; i < x.Rows; i++)
        {
            T* row = x.Data + (i * x.RowStride);
            for (int k = 0; k < depth; k += V.Count)
            {
                V features = Load(row + (k * x.FeatureStride), x.FeatureStride, Math.Min(V.Count, depth - k));
                if (!V.AnyLess(above, features) && !V.AnyLess(features, below)) continue;
                while (!(Math.Abs(Element.ToDouble(row[k * x.FeatureStride])) > limit)) k++;
                return (i, k);
            }
        }

        return (-1, -1);
    }

    /// <summary>Whether every feature of a row is 0.</summary>
    public static bool IsZero(in GramInput<T> x, int row, int depth)
    {
        T* features = x.Data + (row * x.RowStride);
        for (int k = 0; k < depth; k++)
        {
            if (Element.ToDouble(features[k * x.FeatureStride]) != 0) return false;
        }

        return true;
    }

    /// <summary>x - x is 0 for finite x and NaN for the others, and a sum keeps a NaN.</summary>
    private static bool IsFinite(T* row, long stride, int depth)
    {
        V kept = default;
        for (int k = 0; k < depth; k += V.Count)
        {
            V features = Load(row + (k * stride), stride, Math.Min(V.Count, depth - k));
            kept += features - features;
        }

        return Element.ToDouble(V.Sum(kept)) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(T* source, long stride, int lanes)
    {
        if (stride != 1) return Gather(source, stride, lanes);
        return lanes == V.Count ? V.Load(source) : V.LoadPartial(source, lanes);
    }

    private static V Gather(T* source, long stride, int lanes)
    {
        T* gathered = stackalloc T[V.Count];
        for (int lane = 0; lane < V.Count; lane++) gathered[lane] = lane < lanes ? source[lane * stride] : default;
        return V.Load(gathered);
    }

    private struct NormJob : IParallelJob
    {
        public GramInput<T> Input;
        public int Depth;
        public T* Centre;
        public T* Norms;

        public readonly void Run(int piece)
        {
            int end = Math.Min(Input.Rows, (piece + 1) * PieceRows);
            for (int i = piece * PieceRows; i < end; i++)
            {
                T* row = Input.Data + (i * Input.RowStride);
                V sum = default;
                for (int k = 0; k < Depth; k += V.Count)
                {
                    int lanes = Math.Min(V.Count, Depth - k);
                    V features = Load(row + (k * Input.FeatureStride), Input.FeatureStride, lanes);
                    if (Centre is not null) features -= V.LoadPartial(Centre + k, lanes);
                    sum = V.MultiplyAdd(features, features, sum);
                }

                Norms[i] = V.Sum(sum);
            }
        }
    }
}
