using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>The gradients of the keys and values of one key head, gathered in the pass over its queries; working memory of its thread.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal readonly unsafe struct GatheredKeys<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Gradients of 0.</summary>
    public GatheredKeys(AttentionProblem problem, int item)
    {
        int keys = problem.KeyRowsOf(item);
        T* memory = Scratch.Get<T>(ScratchSlot.AttentionKeys, Elements(problem, keys));
        Keys = new(keys, problem.Width, memory);
        Values = new(keys, problem.ValueWidth, memory + KeySums<V, T>.Elements(keys, problem.Width));
    }

    /// <summary>Elements of working memory.</summary>
    public static nint Elements(AttentionProblem problem, int keys) => KeySums<V, T>.Elements(keys, problem.Width) + KeySums<V, T>.Elements(keys, problem.ValueWidth);

    /// <summary>The keys', before their scale.</summary>
    public KeySums<V, T> Keys { get; }

    /// <summary>The values'.</summary>
    public KeySums<V, T> Values { get; }

    /// <summary>Takes the queries of a block and their outputs' gradients.</summary>
    /// <param name="operands">The elements.</param>
    /// <param name="item">Item of the batch.</param>
    /// <param name="head">The query head.</param>
    /// <param name="start">The first query.</param>
    /// <param name="count">Queries.</param>
    /// <param name="weights">The sum of each one's weights.</param>
    public void TakeQueries(AttentionOperands<T>* operands, int item, int head, int start, int count, T* weights)
    {
        Strided<T> queries = operands->Query, gradients = operands->OutputGradient;
        Keys.TakeQueries(queries.At(item, head, start), queries.Row, queries.Column, count, weights);
        Values.TakeQueries(gradients.At(item, head, start), gradients.Row, gradients.Column, count, weights);
    }

    /// <summary>Stores both.</summary>
    public void Store(AttentionRun run, AttentionOperands<T>* operands, int item, int keyHead)
    {
        Keys.Store(run, run.Problem.Scale, operands->KeyGradient, item, keyHead);
        Values.Store(run, 1, operands->ValueGradient, item, keyHead);
    }
}
