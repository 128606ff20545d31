using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>Scales and stores the gradient of a block of lanes.</summary>
internal static unsafe class GradientStore<V, T, TBlock>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TBlock : struct, ILaneBlock
{
    /// <summary>Stores scale times the sums, and tells the run of any that is not finite; <paramref name="spare"/> as for <see cref="LaneStore"/>.</summary>
    public static void Store(AttentionRun run, T* sums, int width, double scale, int count, in Strided<T> target, int item, int head, int start, T* spare)
    {
        int lanes = TBlock.Vectors * V.Count;
        V factor = V.Constant(scale), residue = default;
        for (int i = 0; i < width * lanes; i += V.Count)
        {
            V value = V.Load(sums + i) * factor;

            // Lanes beyond the last hold 0, as their weights do.
            residue += value - value;
            V.Store(value, sums + i);
        }

        if (Element.ToDouble(V.Sum(residue)) != 0) run.TellNonFinite();
        LaneStore.Store(sums, width, lanes, count, target.At(item, head, start), target.Row, target.Column, spare);
    }
}
