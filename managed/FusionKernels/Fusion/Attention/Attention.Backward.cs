using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;

namespace FusionKernels;

/// <content>Gradients, weights, and the merging of parts.</content>
public static partial class Attention
{
    private const string BackwardName = "Attention.Backward";
    private const string MergeName = "Attention.Merge";
    private const string WeightsName = "Attention.Weights";

    /// <summary>Gradients of a loss with respect to queries, keys, values and bias.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="q">Queries, as the forward pass read them.</param>
    /// <param name="k">Keys, likewise.</param>
    /// <param name="v">Values, likewise.</param>
    /// <param name="forward">What <see cref="ForwardWithLogSumExp{T}(Tensor{T}, Tensor{T}, Tensor{T}, AttentionOptions?, Tensor{T}?)"/> gave for them with the same options and bias.</param>
    /// <param name="outputGradient">The loss's gradient with respect to the output, of its shape.</param>
    /// <param name="options">The options of the forward pass.</param>
    /// <param name="bias">The bias of the forward pass; null for none.</param>
    /// <returns>Dense tensors of the shapes of the operands; deterministic, without atomic additions.</returns>
    /// <remarks>
    /// Weights are computed again from the log-sum-exp, once with queries and once with keys in the lanes: seven products of a
    /// pair, nine of those beyond 1024 keys on the host. A log-sum-exp of more keys than these, as <c>Merge</c> leaves it, is
    /// taken as it is: the gradients are then those of a part of the keys. Where a bias is given, its gradient is summed in a fixed
    /// order; items and heads that share it are then one
    /// thread's work.
    /// </remarks>
    /// <exception cref="ArgumentException">Shapes or options do not fit, or an element that a gradient depends on is not finite.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or it is double and the options name a device that is not the host.</exception>
    /// <exception cref="NumericalException">The input is finite and a result exceeds the range of the element.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AttentionGradients<T> Backward<T>(
        Tensor<T> q, Tensor<T> k, Tensor<T> v, AttentionResult<T> forward, Tensor<T> outputGradient, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(outputGradient);
        options ??= Default;
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, BackwardName);
        HeadsRef<T> queries = Heads(q, options, nameof(q)), keys = Heads(k, options, nameof(k)), values = Heads(v, options, nameof(v));
        AttentionProblem problem = AttentionProblems.Of(queries, keys, values.Columns, options, BackwardName);
        AttentionProblems.RequireValues(keys, values, BackwardName);
        HeadsRef<T> output = Heads(forward.Output, options, "forward.Output"), gradient = Heads(outputGradient, options, nameof(outputGradient));
        AttentionProblems.RequireOutput(output, queries, values.Columns, "forward.Output", BackwardName);
        AttentionProblems.RequireOutput(gradient, queries, values.Columns, nameof(outputGradient), BackwardName);
        RequireLogSumExp(forward.LogSumExp.Lengths, LogSumExpShape(queries), BackwardName);
        AttentionGradients<T> gradients = GradientsFor(q, k, v, bias);
        AttentionTensors<T> tensors = new()
        {
            Query = queries.Elements,
            Key = keys.Elements,
            Value = values.Elements,
            Bias = PairTensor.Of(bias, problem, nameof(bias)),
            Mask = PairTensor.Of(options.Mask, problem, nameof(options.Mask)),
            Output = output.Elements,
            LogSumExp = RowValues(problem, Dense(forward.LogSumExp)),
            OutputGradient = gradient.Elements,
            QueryGradient = Heads(gradients.Query, options, nameof(q)).Elements,
            KeyGradient = Heads(gradients.Key, options, nameof(k)).Elements,
            ValueGradient = Heads(gradients.Value, options, nameof(v)).Elements,
            BiasGradient = PairTensor.Of(gradients.Bias, problem, nameof(bias)),
        };
        Attentions.Backward(execution.Engine, problem, tensors, execution.Settings);
        execution.Complete<T>(AttentionPlan.BackwardFlops(problem), 2 * (AttentionPlan.Bytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias)));
        return gradients;
    }

    /// <summary>The weights that attention gives each key: softmax of the scores, stored in full.</summary>
    /// <param name="q">Queries: batch x query heads x queries x width, less what is left out in front.</param>
    /// <param name="k">Keys: batch x key heads x keys x width.</param>
    /// <param name="options">Masks, scale, threads; null for plain attention.</param>
    /// <param name="bias">Added to the scores, as in the forward pass; null for none.</param>
    /// <returns>batch x query heads x queries x keys in either layout, less what the queries lack; a row sums to 1, or is 0 where there is nothing to attend to.</returns>
    /// <inheritdoc cref="Forward{T}(Tensor{T}, Tensor{T}, Tensor{T}, AttentionOptions?, Tensor{T}?)"/>
    public static Tensor<T> Weights<T>(Tensor<T> q, Tensor<T> k, AttentionOptions? options = null, Tensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        options ??= Default;
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, WeightsName);
        HeadsRef<T> queries = Heads(q, options, nameof(q)), keys = Heads(k, options, nameof(k));
        AttentionProblem problem = AttentionProblems.Of(queries, keys, 1, options, WeightsName);

        // One value of 0 for all keys: the forward pass then is its log-sum-exp.
        T zero = T.Zero;
        Tensor<T> output = ResultTensor.Create<T>(WeightsName, [problem.Batch, problem.QueryHeads, problem.Queries, 1]);
        Tensor<T> logSumExp = ResultTensor.Create<T>(WeightsName, LogSumExpShape(queries));
        Tensor<T> weights = ResultTensor.Create<T>(WeightsName, [.. LogSumExpShape(queries), problem.Keys]);
        AttentionTensors<T> tensors = new()
        {
            Query = queries.Elements,
            Key = keys.Elements,
            Value = new(ref zero, 0, 0, 0, 0),
            Bias = PairTensor.Of(bias, problem, nameof(bias)),
            Mask = PairTensor.Of(options.Mask, problem, nameof(options.Mask)),
            Output = HeadsRef<T>.Of(output.AsReadOnlyTensorSpan(), AttentionLayout.BatchHeadsLengthWidth, nameof(output)).Elements,
            LogSumExp = RowValues(problem, logSumExp),
            Weights = PairTensor.Of(weights, problem, nameof(weights)),
        };
        Weigh(execution, problem, tensors, weights.FlattenedLength, bias);
        return weights;
    }

    /// <summary>The log-sum-exps, and from them the weights.</summary>
    private static void Weigh<T>(in AttentionExecution execution, AttentionProblem problem, in AttentionTensors<T> tensors, nint weights, Tensor<T>? bias)
        where T : unmanaged
    {
        Attentions.Forward(execution.Engine, problem, tensors, execution.Settings with { Progress = null });
        Attentions.Weights(execution.Engine, problem, tensors, execution.Settings);
        execution.Complete<T>(2 * AttentionPlan.WeightFlops(problem), AttentionPlan.Bytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias) + (weights * Unsafe.SizeOf<T>()));
    }

    /// <summary>Joins attention of the same queries over parts of the keys, as if over all of them.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parts">Results over disjoint keys, of one shape, in the layout of batch x heads x length x width; at least one.</param>
    /// <returns>The result over all keys: each output weighted by exp(log-sum-exp), in the order of the parts.</returns>
    /// <exception cref="ArgumentException">There is no part, or shapes differ, or an output does not fit its log-sum-exp.</exception>
    /// <remarks>Exact up to rounding; a part with nothing to attend to adds nothing. Source: Dao 2023, section 3.1; Milakov and Gimelshein 2018.</remarks>
    public static AttentionResult<T> Merge<T>(params IReadOnlyList<AttentionResult<T>> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (AttentionResult<T> part in parts) RequirePart(part.Output.Lengths, part.LogSumExp.Lengths, parts[0].Output.Lengths);
        return Merge(parts, MergeName, packedHeads: 1);
    }

    private static AttentionResult<T> Merge<T>(IReadOnlyList<AttentionResult<T>> parts, string operation, int packedHeads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HostExecution.RequireElement<T>(operation);
        if (parts.Count == 0) throw AttentionProblems.Misfit(operation, "there are no parts; at least one is needed");
        AttentionResult<T> first = parts[0];
        T[] output = new T[first.Output.FlattenedLength], sums = new T[first.LogSumExp.FlattenedLength];
        sums.AsSpan().Fill(T.NegativeInfinity);
        foreach (AttentionResult<T> part in parts)
        {
            AttentionMerge.Add<T>((int)first.Output.Lengths[^1], Flat(part.Output), Flat(part.LogSumExp), output, sums, packedHeads);
        }

        return new(Tensor.Create(output, first.Output.Lengths), Tensor.Create(sums, first.LogSumExp.Lengths));
    }

    private static HeadsRef<T> Heads<T>(Tensor<T> tensor, AttentionOptions options, string name)
        where T : unmanaged => HeadsRef<T>.Of(tensor.AsReadOnlyTensorSpan(), options.Layout, name);

    private static Tensor<T> Dense<T>(Tensor<T> tensor)
        where T : unmanaged => tensor.IsDense ? tensor : tensor.ToDenseTensor();

    private static T[] Flat<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        T[] flat = new T[tensor.FlattenedLength];
        tensor.FlattenTo(flat);
        return flat;
    }

    private static void RequirePart(ReadOnlySpan<nint> output, ReadOnlySpan<nint> logSumExp, ReadOnlySpan<nint> first)
    {
        if (output.SequenceEqual(first) && logSumExp.SequenceEqual(output[..^1])) return;
        throw AttentionProblems.Misfit(
            MergeName,
            $"a part has an output of {Shape.Of(output)} and a log-sum-exp of {Shape.Of(logSumExp)}, the first an output of {Shape.Of(first)}: outputs need one shape, and a log-sum-exp has that of its output less the width");
    }

    /// <summary>Room for the gradients; the bias's is added to, and so begins with 0.</summary>
    private static AttentionGradients<T> GradientsFor<T>(Tensor<T> q, Tensor<T> k, Tensor<T> v, Tensor<T>? bias)
        where T : unmanaged => new(
            ResultTensor.Create<T>(BackwardName, q.Lengths),
            ResultTensor.Create<T>(BackwardName, k.Lengths),
            ResultTensor.Create<T>(BackwardName, v.Lengths),
            bias is null ? null : Tensor.CreateFromShape<T>(bias.Lengths));

    private static void RequireLogSumExp(ReadOnlySpan<nint> lengths, nint[] needed, string operation)
    {
        if (lengths.SequenceEqual(needed)) return;
        throw AttentionProblems.Misfit(operation, $"forward.LogSumExp is {Shape.Of(lengths)}; {Shape.Of(needed)} is needed");
    }
}
