using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Adds the results of chunks to what stands in the result, in their order. A thread owns an element.</summary>
internal static class AttentionSumKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 64;

    /// <summary>The kernel.</summary>
    /// <param name="chunks">Results of the chunks, dense, one after the other.</param>
    /// <param name="result">Memory of the result.</param>
    /// <param name="sums">Sizes and places; those of the result are its own.</param>
    /// <param name="first">The first element of this launch.</param>
    public static void Run(ArrayView<float> chunks, ArrayView<float> result, PairSums sums, long first)
    {
        long element = first + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= sums.ChunkStride) return;
        long rest = element;
        int key = (int)(rest % sums.Keys);
        rest /= sums.Keys;
        int query = (int)(rest % sums.Queries);
        rest /= sums.Queries;
        long place = sums.Result.At((int)(rest / sums.Heads), (int)(rest % sums.Heads), query, key);
        float sum = result[place];
        for (int chunk = 0; chunk < sums.Chunks; chunk++) sum += chunks[(chunk * sums.ChunkStride) + element];
        result[place] = sum;
    }
}
