using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>Brings the result of one query to its place.</summary>
internal static unsafe class QueryStore<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Stores the output and log-sum-exp of one query, and tells the run of what is not finite.</summary>
    /// <param name="run">The run.</param>
    /// <param name="operands">Where results go.</param>
    /// <param name="item">Item of the batch.</param>
    /// <param name="head">The query head.</param>
    /// <param name="query">The query.</param>
    /// <param name="output">Its output, consecutive.</param>
    /// <param name="logSumExp">Its log-sum-exp; -infinity where there is nothing to attend to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(AttentionRun run, AttentionOperands<T>* operands, int item, int head, int query, T* output, T logSumExp)
    {
        Strided<T> target = operands->Output;
        T* to = target.At(item, head, query);
        bool isTogether = target.Column == 1;
        int width = run.Problem.ValueWidth, whole = width - (width % V.Count), d = 0;
        V residue = default;
        for (; d < whole; d += V.Count)
        {
            V part = V.Load(output + d);
            residue += part - part;
            if (isTogether) V.Store(part, to + d);
        }

        if (d < width)
        {
            V part = V.LoadPartial(output + d, width - d);
            residue += part - part;
            if (isTogether) V.StorePartial(part, to + d, width - d);
        }

        for (int i = 0; !isTogether && i < width; i++) to[i * target.Column] = output[i];
        if (!operands->LogSumExp.IsAbsent) operands->LogSumExp[item, head, query, 0] = logSumExp;
        double sum = Element.ToDouble(logSumExp);
        if (Element.ToDouble(V.Sum(residue)) != 0 || double.IsNaN(sum) || double.IsPositiveInfinity(sum)) run.TellNonFinite();
    }
}
