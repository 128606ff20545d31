using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;

namespace FusionKernels;

/// <summary>Scaled dot-product attention: softmax(scale q kᵀ) v for every head, without storing the weights.</summary>
/// <remarks>
/// <para>Queries are batch x heads x length x width (<see cref="AttentionOptions.Layout"/> may exchange heads and length),
/// heads x length x width, or length x width; keys and values likewise, with as many key as value heads, which divide the query
/// heads: query head h reads key head h / (query heads / key heads). Lengths are free, 0 included; the widths of queries and of
/// values are 1 to 512 each. Strides are free, strides of 0 included.</para>
/// <para>Masks keep: true means attend. A key that is masked for a query cannot influence it, whatever is stored there. A query
/// with nothing to attend to gets 0, and a log-sum-exp of -infinity. Any other NaN or infinity that reaches a result is refused
/// with its place. Results do not depend on the number of threads.</para>
/// <para>Forward takes 2 (width + value width) operations for every pair of a query and a key that structure leaves; blocks
/// without any are skipped. Memory beside the results: the packed queries and 128 keys' scores of one block for each thread.
/// Runs on the host, in float32 or float64, and in float32 on devices. Thread-safe. Source: Dao 2023, algorithm 1, with queries in the lanes.</para>
/// </remarks>
public static partial class Attention
{
    private const string ForwardName = "Attention.Forward";

    private static AttentionOptions Default { get; } = new();

    /// <summary>The output of attention.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="q">Queries: batch x query heads x queries x width, less what is left out in front.</param>
    /// <param name="k">Keys: batch x key heads x keys x width.</param>
    /// <param name="v">Values: batch x key heads x keys x value width.</param>
    /// <param name="options">Masks, scale, threads; null for plain attention.</param>
    /// <param name="bias">Added to the scores: batch x query heads x queries x keys in either layout, dimensions of 1 or left out in front repeat; -infinity masks. Null for none.</param>
    /// <returns>The shape of the queries, with the width of the values.</returns>
    /// <exception cref="ArgumentException">Shapes or options do not fit, or an element that a result depends on is not finite.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or it is double and the options name a device that is not the host.</exception>
    /// <exception cref="NumericalException">The input is finite and a result exceeds the range of the element.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Forward<T>(Tensor<T> q, Tensor<T> k, Tensor<T> v, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> output = OutputFor(q, k, v);
        Forward<T>(q.AsReadOnlyTensorSpan(), k.AsReadOnlyTensorSpan(), v.AsReadOnlyTensorSpan(), output.AsTensorSpan(), options, bias);
        return output;
    }

    /// <summary>The output of attention, with the log-sum-exp of every query.</summary>
    /// <returns>Output and log-sum-exp, as merging and gradients take them.</returns>
    /// <inheritdoc cref="Forward{T}(Tensor{T}, Tensor{T}, Tensor{T}, AttentionOptions?, Tensor{T}?)"/>
    public static AttentionResult<T> ForwardWithLogSumExp<T>(Tensor<T> q, Tensor<T> k, Tensor<T> v, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> output = OutputFor(q, k, v);
        options ??= Default;
        HeadsRef<T> queries = HeadsRef<T>.Of(q.AsReadOnlyTensorSpan(), options.Layout, nameof(q));
        Tensor<T> logSumExp = ResultTensor.Create<T>(ForwardName, LogSumExpShape(queries));
        Run<T>(q.AsReadOnlyTensorSpan(), k.AsReadOnlyTensorSpan(), v.AsReadOnlyTensorSpan(), output.AsTensorSpan(), logSumExp, options, bias);
        return new(output, logSumExp);
    }

    /// <summary>The output of attention, written to a destination; any strides, which must not make elements of it overlap.</summary>
    /// <param name="destination">The shape of the queries, with the width of the values; overlaps no operand.</param>
    /// <inheritdoc cref="Forward{T}(Tensor{T}, Tensor{T}, Tensor{T}, AttentionOptions?, Tensor{T}?)"/>
    /// <param name="q">Queries: batch x query heads x queries x width, less what is left out in front.</param>
    /// <param name="k">Keys: batch x key heads x keys x width.</param>
    /// <param name="v">Values: batch x key heads x keys x value width.</param>
    /// <param name="options">Masks, scale, threads; null for plain attention.</param>
    /// <param name="bias">Added to the scores, as for the other form; null for none.</param>
    public static void Forward<T>(
        ReadOnlyTensorSpan<T> q, ReadOnlyTensorSpan<T> k, ReadOnlyTensorSpan<T> v, TensorSpan<T> destination, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(q, k, v, destination, null, options ?? Default, bias);

    private static void Run<T>(
        ReadOnlyTensorSpan<T> q, ReadOnlyTensorSpan<T> k, ReadOnlyTensorSpan<T> v, TensorSpan<T> destination, Tensor<T>? logSumExp, AttentionOptions options, Tensor<T>? bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, ForwardName);
        HeadsRef<T> queries = HeadsRef<T>.Of(q, options.Layout, nameof(q)), keys = HeadsRef<T>.Of(k, options.Layout, nameof(k));
        HeadsRef<T> values = HeadsRef<T>.Of(v, options.Layout, nameof(v)), output = HeadsRef<T>.Of(destination, options.Layout, nameof(destination));
        AttentionProblem problem = AttentionProblems.Of(queries, keys, values.Columns, options, ForwardName);
        AttentionProblems.RequireValues(keys, values, ForwardName);
        AttentionProblems.RequireOutput(output, queries, values.Columns, nameof(destination), ForwardName);
        AttentionTensors<T> tensors = new()
        {
            Query = queries.Elements,
            Key = keys.Elements,
            Value = values.Elements,
            Bias = PairTensor.Of(bias, problem, nameof(bias)),
            Mask = PairTensor.Of(options.Mask, problem, nameof(options.Mask)),
            Output = output.Elements,
            LogSumExp = RowValues(problem, logSumExp),
        };
        Attentions.Forward(execution.Engine, problem, tensors, execution.Settings);
        execution.Complete<T>(AttentionPlan.ForwardFlops(problem), AttentionPlan.Bytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias));
    }

    /// <summary>Dense values of batch x query heads x queries.</summary>
    private static StridedRef<T> RowValues<T>(AttentionProblem problem, Tensor<T>? dense)
        where T : unmanaged => dense is null
        ? default
        : new(ref Unsafe.AsRef(in dense.GetPinnableReference()), (long)problem.QueryHeads * problem.Queries, problem.Queries, 1, 1);

    private static Tensor<T> OutputFor<T>(Tensor<T> q, Tensor<T> k, Tensor<T> v)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        nint[] lengths = q.Lengths.ToArray();
        if (lengths.Length > 0 && v.Rank > 0) lengths[^1] = v.Lengths[^1];
        return ResultTensor.Create<T>(ForwardName, lengths);
    }

    private static nint[] LogSumExpShape<T>(in HeadsRef<T> q)
        where T : unmanaged => q.Rank switch { 2 => [q.Rows], 3 => [q.Heads, q.Rows], _ => [q.Batch, q.Heads, q.Rows] };
}
