using System.Numerics;
using FusionKernels.Kernels.Attention;

namespace FusionKernels;

/// <content>Packed sequences that live on a device; results stay there.</content>
public static partial class Attention
{
    /// <summary>Attention within each of several sequences that lie packed one after the other, on the device that holds them.</summary>
    /// <param name="q">Queries: total x query heads x width.</param>
    /// <param name="k">Keys: total x key heads x width.</param>
    /// <param name="v">Values: total x key heads x value width.</param>
    /// <param name="cumulativeQueryLengths">0, then where each sequence ends among the queries: sequences + 1 numbers, the last the total. A sequence may be empty.</param>
    /// <param name="cumulativeKeyLengths">The same of keys and values; self attention takes one list twice.</param>
    /// <param name="options">Masks, scale, as for tensors of the host; null for plain attention.</param>
    /// <param name="bias">Added to the scores, as for tensors of the host; null for none.</param>
    /// <returns>Output, total x query heads x value width, and log-sum-exp, query heads x total; dispose it to give its memory back.</returns>
    /// <inheritdoc cref="Forward{T}(DeviceTensor{T}, DeviceTensor{T}, DeviceTensor{T}, AttentionOptions?, DeviceTensor{T}?)"/>
    public static DeviceAttentionResult<T> ForwardPacked<T>(
        DeviceTensor<T> q,
        DeviceTensor<T> k,
        DeviceTensor<T> v,
        IReadOnlyList<int> cumulativeQueryLengths,
        IReadOnlyList<int> cumulativeKeyLengths,
        AttentionOptions? options = null,
        DeviceTensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Default;
        AttentionProblem problem = PackedProblem(q, k, v, cumulativeQueryLengths, cumulativeKeyLengths, options, PackedName);
        return Forward(
            q, k, v, bias, options, new(problem, AttentionLayout.BatchLengthHeadsWidth), [q.Lengths[0], q.Lengths[1], v.Lengths[2]], [problem.QueryHeads, (nint)problem.AllQueries], PackedName);
    }

    /// <summary>Gradients of a loss with respect to packed queries, keys and values, and the bias, on the device that holds them.</summary>
    /// <param name="q">Queries, as the forward pass read them.</param>
    /// <param name="k">Keys, likewise.</param>
    /// <param name="v">Values, likewise.</param>
    /// <param name="cumulativeQueryLengths">Those of the forward pass.</param>
    /// <param name="cumulativeKeyLengths">Likewise.</param>
    /// <param name="forward">What the forward pass gave for them with the same options and bias.</param>
    /// <param name="outputGradient">The loss's gradient with respect to the output, of its shape.</param>
    /// <param name="options">The options of the forward pass.</param>
    /// <param name="bias">The bias of the forward pass; null for none.</param>
    /// <returns>Tensors of the shapes of the operands; deterministic, without atomic additions. Dispose it to give its memory back.</returns>
    /// <inheritdoc cref="Forward{T}(DeviceTensor{T}, DeviceTensor{T}, DeviceTensor{T}, AttentionOptions?, DeviceTensor{T}?)"/>
    public static DeviceAttentionGradients<T> BackwardPacked<T>(
        DeviceTensor<T> q,
        DeviceTensor<T> k,
        DeviceTensor<T> v,
        IReadOnlyList<int> cumulativeQueryLengths,
        IReadOnlyList<int> cumulativeKeyLengths,
        DeviceAttentionResult<T> forward,
        DeviceTensor<T> outputGradient,
        AttentionOptions? options = null,
        DeviceTensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(outputGradient);
        options ??= Default;
        AttentionProblem problem = PackedProblem(q, k, v, cumulativeQueryLengths, cumulativeKeyLengths, options, PackedBackwardName);
        return Backward(
            q, k, v, bias, forward, outputGradient, options, new(problem, AttentionLayout.BatchLengthHeadsWidth), [problem.QueryHeads, (nint)problem.AllQueries], PackedBackwardName);
    }

    /// <summary>Joins attention of the same packed queries over parts of the keys on one device, as if over all of them.</summary>
    /// <param name="parts">Results of ForwardPacked over disjoint keys, of one shape; at least one.</param>
    /// <returns>The result over all keys, on the same device, in the order of the parts; dispose it to give its memory back.</returns>
    /// <inheritdoc cref="Merge{T}(IReadOnlyList{DeviceAttentionResult{T}})"/>
    public static DeviceAttentionResult<T> MergePacked<T>(params IReadOnlyList<DeviceAttentionResult<T>> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (DeviceAttentionResult<T> part in parts) RequirePackedPart(part.Output.Lengths, part.LogSumExp.Lengths, parts[0].Output.Lengths);
        return Merge(parts, PackedMergeName, arePacked: true);
    }

    private static AttentionProblem PackedProblem<T>(
        DeviceTensor<T> q, DeviceTensor<T> k, DeviceTensor<T> v, IReadOnlyList<int> cumulativeQueryLengths, IReadOnlyList<int> cumulativeKeyLengths, AttentionOptions options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(cumulativeQueryLengths);
        ArgumentNullException.ThrowIfNull(cumulativeKeyLengths);
        HeadsRef<T> queries = PackedShape(q, nameof(q)), keys = PackedShape(k, nameof(k)), values = PackedShape(v, nameof(v));
        AttentionProblem problem = AttentionProblems.OfPacked(queries, keys, values.Columns, cumulativeQueryLengths, cumulativeKeyLengths, options, operation);
        AttentionProblems.RequireValues(keys, values, operation);
        return problem;
    }

    private static HeadsRef<T> PackedShape<T>(DeviceTensor<T> tensor, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => DeviceHeads.ShapeOf(tensor, AttentionLayout.BatchLengthHeadsWidth, name);
}
