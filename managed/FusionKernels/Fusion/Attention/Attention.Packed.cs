using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;

namespace FusionKernels;

/// <content>Sequences of different lengths, packed one after the other.</content>
public static partial class Attention
{
    private const string PackedName = "Attention.ForwardPacked";
    private const string PackedBackwardName = "Attention.BackwardPacked";
    private const string PackedWeightsName = "Attention.WeightsPacked";
    private const string PackedMergeName = "Attention.MergePacked";

    /// <summary>Attention within each of several sequences that lie packed one after the other, without padding.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="q">Queries: total x query heads x width.</param>
    /// <param name="k">Keys: total x key heads x width.</param>
    /// <param name="v">Values: total x key heads x value width.</param>
    /// <param name="cumulativeQueryLengths">0, then where each sequence ends among the queries: sequences + 1 numbers, the last the total. A sequence may be empty.</param>
    /// <param name="cumulativeKeyLengths">The same of keys and values; self attention takes one list twice.</param>
    /// <param name="options">Masks, scale, threads; null for plain attention. Positions count within a sequence; the layout is the one named here, whatever <see cref="AttentionOptions.Layout"/> says, and <see cref="AttentionOptions.KeyLengths"/> must be null.</param>
    /// <param name="bias">Added to the scores: sequences x query heads x longest queries x longest keys, dimensions of 1 or left out in front repeat; null for none. A mask has such a shape, too.</param>
    /// <returns>Output, total x query heads x value width, and log-sum-exp, query heads x total.</returns>
    /// <remarks>
    /// A query sees the keys of its own sequence alone: a block-diagonal mask whose other blocks are never computed. Each
    /// sequence's result is that of <see cref="ForwardWithLogSumExp{T}(Tensor{T}, Tensor{T}, Tensor{T}, AttentionOptions?, Tensor{T}?)"/> over it alone, or over a padded batch, up to rounding.
    /// </remarks>
    /// <exception cref="ArgumentException">Shapes, cumulative lengths or options do not fit, or an element that a result depends on is not finite.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or it is double and the options name a device that is not the host.</exception>
    /// <exception cref="NumericalException">The input is finite and a result exceeds the range of the element.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AttentionResult<T> ForwardPacked<T>(
        Tensor<T> q, Tensor<T> k, Tensor<T> v, IReadOnlyList<int> cumulativeQueryLengths, IReadOnlyList<int> cumulativeKeyLengths, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> output = OutputFor(q, k, v);
        options ??= Default;
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, PackedName);
        AttentionTensors<T> tensors = Packed(q, k, v, cumulativeQueryLengths, cumulativeKeyLengths, options, bias, PackedName, out AttentionProblem problem);
        Tensor<T> logSumExp = ResultTensor.Create<T>(PackedName, [problem.QueryHeads, (nint)problem.AllQueries]);
        tensors.Output = PackedHeads(output, nameof(output)).Elements;
        tensors.LogSumExp = PackedRowValues(problem, logSumExp);
        Attentions.Forward(execution.Engine, problem, tensors, execution.Settings);
        execution.Complete<T>(AttentionPlan.ForwardFlops(problem), AttentionPlan.Bytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias));
        return new(output, logSumExp);
    }

    /// <summary>Gradients of a loss with respect to packed queries, keys and values, and the bias.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="q">Queries, as the forward pass read them.</param>
    /// <param name="k">Keys, likewise.</param>
    /// <param name="v">Values, likewise.</param>
    /// <param name="cumulativeQueryLengths">Those of the forward pass.</param>
    /// <param name="cumulativeKeyLengths">Likewise.</param>
    /// <param name="forward">What <see cref="ForwardPacked{T}(Tensor{T}, Tensor{T}, Tensor{T}, IReadOnlyList{int}, IReadOnlyList{int}, AttentionOptions?, Tensor{T}?)"/> gave for them with the same options and bias.</param>
    /// <param name="outputGradient">The loss's gradient with respect to the output, of its shape.</param>
    /// <param name="options">The options of the forward pass.</param>
    /// <param name="bias">The bias of the forward pass; null for none.</param>
    /// <returns>Dense tensors of the shapes of the operands; deterministic, without atomic additions.</returns>
    /// <inheritdoc cref="ForwardPacked{T}(Tensor{T}, Tensor{T}, Tensor{T}, IReadOnlyList{int}, IReadOnlyList{int}, AttentionOptions?, Tensor{T}?)"/>
    public static AttentionGradients<T> BackwardPacked<T>(
        Tensor<T> q,
        Tensor<T> k,
        Tensor<T> v,
        IReadOnlyList<int> cumulativeQueryLengths,
        IReadOnlyList<int> cumulativeKeyLengths,
        AttentionResult<T> forward,
        Tensor<T> outputGradient,
        AttentionOptions? options = null,
        Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(outputGradient);
        options ??= Default;
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, PackedBackwardName);
        AttentionTensors<T> tensors = Packed(q, k, v, cumulativeQueryLengths, cumulativeKeyLengths, options, bias, PackedBackwardName, out AttentionProblem problem);
        HeadsRef<T> queries = PackedHeads(q, nameof(q)), output = PackedHeads(forward.Output, "forward.Output"), gradient = PackedHeads(outputGradient, nameof(outputGradient));
        AttentionProblems.RequireOutput(output, queries, problem.ValueWidth, "forward.Output", PackedBackwardName);
        AttentionProblems.RequireOutput(gradient, queries, problem.ValueWidth, nameof(outputGradient), PackedBackwardName);
        RequireLogSumExp(forward.LogSumExp.Lengths, [problem.QueryHeads, (nint)problem.AllQueries], PackedBackwardName);
        AttentionGradients<T> gradients = GradientsFor(q, k, v, bias);
        tensors.Output = output.Elements;
        tensors.LogSumExp = PackedRowValues(problem, Dense(forward.LogSumExp));
        tensors.OutputGradient = gradient.Elements;
        tensors.QueryGradient = PackedHeads(gradients.Query, nameof(q)).Elements;
        tensors.KeyGradient = PackedHeads(gradients.Key, nameof(k)).Elements;
        tensors.ValueGradient = PackedHeads(gradients.Value, nameof(v)).Elements;
        tensors.BiasGradient = PairTensor.Of(gradients.Bias, problem, nameof(bias));
        Attentions.Backward(execution.Engine, problem, tensors, execution.Settings);
        execution.Complete<T>(AttentionPlan.BackwardFlops(problem), 2 * (AttentionPlan.Bytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias)));
        return gradients;
    }

    /// <summary>The weights that attention gives each key of its own sequence: softmax of the scores, stored in full, padded to the longest sequence.</summary>
    /// <param name="q">Queries: total x query heads x width.</param>
    /// <param name="k">Keys: total x key heads x width.</param>
    /// <param name="cumulativeQueryLengths">As of the forward pass.</param>
    /// <param name="cumulativeKeyLengths">Likewise.</param>
    /// <param name="options">Masks, scale, threads; null for plain attention.</param>
    /// <param name="bias">Added to the scores, as in the forward pass; null for none.</param>
    /// <returns>sequences x query heads x longest queries x longest keys; a row sums to 1, or is 0 where there is nothing to attend to, or where its sequence has no such query.</returns>
    /// <inheritdoc cref="ForwardPacked{T}(Tensor{T}, Tensor{T}, Tensor{T}, IReadOnlyList{int}, IReadOnlyList{int}, AttentionOptions?, Tensor{T}?)"/>
    public static Tensor<T> WeightsPacked<T>(
        Tensor<T> q, Tensor<T> k, IReadOnlyList<int> cumulativeQueryLengths, IReadOnlyList<int> cumulativeKeyLengths, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(cumulativeQueryLengths);
        ArgumentNullException.ThrowIfNull(cumulativeKeyLengths);
        options ??= Default;
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, PackedWeightsName);
        HeadsRef<T> queries = PackedHeads(q, nameof(q)), keys = PackedHeads(k, nameof(k));
        AttentionProblem problem = AttentionProblems.OfPacked(queries, keys, 1, cumulativeQueryLengths, cumulativeKeyLengths, options, PackedWeightsName);
        T zero = T.Zero;
        Tensor<T> output = ResultTensor.Create<T>(PackedWeightsName, [(nint)problem.AllQueries, problem.QueryHeads, 1]);
        Tensor<T> logSumExp = ResultTensor.Create<T>(PackedWeightsName, [problem.QueryHeads, (nint)problem.AllQueries]);
        Tensor<T> weights = Tensor.CreateFromShape<T>([problem.Batch, problem.QueryHeads, problem.Queries, problem.Keys]);
        AttentionTensors<T> tensors = new()
        {
            Query = queries.Elements,
            Key = keys.Elements,
            Value = new(ref zero, 0, 0, 0, 0),
            Bias = PairTensor.Of(bias, problem, nameof(bias)),
            Mask = PairTensor.Of(options.Mask, problem, nameof(options.Mask)),
            Output = PackedHeads(output, nameof(output)).Elements,
            LogSumExp = PackedRowValues(problem, logSumExp),
            Weights = PairTensor.Of(weights, problem, nameof(weights)),
        };
        Weigh(execution, problem, tensors, weights.FlattenedLength, bias);
        return weights;
    }

    /// <summary>Joins attention of the same packed queries over parts of the keys, as if over all of them.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parts">Results of ForwardPacked over disjoint keys, of one shape; at least one.</param>
    /// <returns>The result over all keys, in the order of the parts, as <see cref="Merge{T}(IReadOnlyList{AttentionResult{T}})"/> gives it.</returns>
    /// <exception cref="ArgumentException">There is no part, or shapes differ, or an output does not fit its log-sum-exp.</exception>
    public static AttentionResult<T> MergePacked<T>(params IReadOnlyList<AttentionResult<T>> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (AttentionResult<T> part in parts) RequirePackedPart(part.Output.Lengths, part.LogSumExp.Lengths, parts[0].Output.Lengths);
        return Merge(parts, PackedMergeName, parts.Count == 0 ? 1 : (int)parts[0].LogSumExp.Lengths[0]);
    }

    private static void RequirePackedPart(ReadOnlySpan<nint> output, ReadOnlySpan<nint> logSumExp, ReadOnlySpan<nint> first)
    {
        if (output.Length == 3 && output.SequenceEqual(first) && logSumExp.SequenceEqual([output[1], output[0]])) return;
        throw AttentionProblems.Misfit(
            PackedMergeName,
            $"a part has an output of {Shape.Of(output)} and a log-sum-exp of {Shape.Of(logSumExp)}, the first an output of {Shape.Of(first)}: outputs need one shape, total x heads x width, and log-sum-exps are heads x total");
    }

    /// <summary>The problem of packed operands, and what both passes read of them.</summary>
    private static AttentionTensors<T> Packed<T>(
        Tensor<T> q,
        Tensor<T> k,
        Tensor<T> v,
        IReadOnlyList<int> cumulativeQueryLengths,
        IReadOnlyList<int> cumulativeKeyLengths,
        AttentionOptions options,
        Tensor<T>? bias,
        string operation,
        out AttentionProblem problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(cumulativeQueryLengths);
        ArgumentNullException.ThrowIfNull(cumulativeKeyLengths);
        HeadsRef<T> queries = PackedHeads(q, nameof(q)), keys = PackedHeads(k, nameof(k)), values = PackedHeads(v, nameof(v));
        problem = AttentionProblems.OfPacked(queries, keys, values.Columns, cumulativeQueryLengths, cumulativeKeyLengths, options, operation);
        AttentionProblems.RequireValues(keys, values, operation);
        return new()
        {
            Query = queries.Elements,
            Key = keys.Elements,
            Value = values.Elements,
            Bias = PairTensor.Of(bias, problem, nameof(bias)),
            Mask = PairTensor.Of(options.Mask, problem, nameof(options.Mask)),
        };
    }

    private static HeadsRef<T> PackedHeads<T>(Tensor<T> tensor, string name)
        where T : unmanaged => HeadsRef<T>.Of(tensor.AsReadOnlyTensorSpan(), AttentionLayout.BatchLengthHeadsWidth, name);

    /// <summary>Dense values of query heads x total.</summary>
    private static StridedRef<T> PackedRowValues<T>(AttentionProblem problem, Tensor<T> dense)
        where T : unmanaged => new(ref Unsafe.AsRef(in dense.GetPinnableReference()), 0, problem.AllQueries, 1, 1);
}
