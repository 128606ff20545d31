using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;

namespace FusionKernels;

/// <content>Queries against a cache of keys and values.</content>
public static partial class Attention
{
    private const string DecodeName = "Attention.Decode";

    /// <summary>Attention of a few new queries to all keys that a cache holds, each sequence to its own.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="q">Queries: sequences x query heads x queries x width; the cache's heads divide the query heads.</param>
    /// <param name="cache">Keys and values, those of the queries' own positions appended before.</param>
    /// <param name="options">Masks, scale, threads; null for plain attention. Several queries want <see cref="CausalAlignment.BottomRight"/>. <see cref="AttentionOptions.KeyLengths"/> must be null: the cache knows them.</param>
    /// <param name="bias">Added to the scores: sequences x query heads x queries x longest sequence, dimensions of 1 or left out in front repeat; null for none. A mask has such a shape, too.</param>
    /// <returns>Output, the shape of the queries with the width of the values, and log-sum-exp, sequences x query heads x queries.</returns>
    /// <remarks>
    /// All query heads that share a key head go through its keys together, so that each is read once. Keys are split into parts of
    /// 1024, whose results are merged in their order as <see cref="Merge{T}"/> merges them: the bits depend neither on threads nor on
    /// the size of a page. Speed is that of the memory: (width + value width) elements for every key and key head.
    /// </remarks>
    /// <exception cref="ArgumentException">Shapes or options do not fit, or a query or an element of the bias that a result depends on is not finite.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is not the host, or ask for dropout.</exception>
    /// <exception cref="NumericalException">The input is finite and a result exceeds the range of the element.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AttentionResult<T> Decode<T>(Tensor<T> q, KeyValueCache<T> cache, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(cache);
        options ??= Default;
        AttentionExecution execution = AttentionExecution.Begin<T>(options, DecodeName);
        if (options.Dropout != 0) throw new NotSupportedException($"{DecodeName}: a cache is read without dropout; leave the option {nameof(options.Dropout)} at 0");
        HeadsRef<T> queries = Heads(q, options, nameof(q));
        AttentionProblem problem = AttentionProblems.OfCache(queries, cache, options, DecodeName);
        nint[] shape = q.Lengths.ToArray();
        shape[^1] = cache.ValueWidth;
        Tensor<T> output = Tensor.CreateFromShapeUninitialized<T>(shape), logSumExp = Tensor.CreateFromShapeUninitialized<T>(LogSumExpShape(queries));
        AttentionTensors<T> tensors = new()
        {
            Query = queries.Elements,
            Bias = PairTensor.Of(bias, problem, nameof(bias)),
            Mask = PairTensor.Of(options.Mask, problem, nameof(options.Mask)),
            Output = Heads(output, options, nameof(output)).Elements,
            LogSumExp = RowValues(problem, logSumExp),
        };
        Attentions.Decode(execution.Engine, problem, tensors, cache.Pages, execution.Settings);
        execution.Complete<T>(AttentionPlan.ForwardFlops(problem), AttentionPlan.Bytes(problem, Unsafe.SizeOf<T>()));
        return new(output, logSumExp);
    }
}
