using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Devices;

namespace FusionKernels;

/// <content>Attention of tensors that live on a device; results stay there.</content>
public static partial class Attention
{
    /// <summary>The output of attention, on the device that holds the operands.</summary>
    /// <typeparam name="T"><see cref="float"/>; on a host, <see cref="double"/> too.</typeparam>
    /// <param name="q">Queries: batch x query heads x queries x width, less what is left out in front.</param>
    /// <param name="k">Keys: batch x key heads x keys x width.</param>
    /// <param name="v">Values: batch x key heads x keys x value width.</param>
    /// <param name="options">Masks, scale; null for plain attention. A dense mask is a tensor of the host, and is copied.</param>
    /// <param name="bias">Added to the scores, as for tensors of the host; null for none.</param>
    /// <returns>The shape of the queries, with the width of the values; dispose it to give its memory back.</returns>
    /// <exception cref="ArgumentException">Shapes or options do not fit, or an element that a result depends on is not finite.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is double and the device no host.</exception>
    /// <exception cref="NumericalException">The input is finite and a result exceeds the range of the element.</exception>
    /// <exception cref="DeviceMismatchException">The operands, or the device of the options, are not on one device.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for the result.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">An operand or the device was disposed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DeviceTensor<T> Forward<T>(DeviceTensor<T> q, DeviceTensor<T> k, DeviceTensor<T> v, AttentionOptions? options = null, DeviceTensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceAttentionResult<T> result = ForwardWithLogSumExp(q, k, v, options, bias);
        result.LogSumExp.Dispose();
        return result.Output;
    }

    /// <summary>The output of attention with the log-sum-exp of every query, on the device that holds the operands.</summary>
    /// <returns>Output and log-sum-exp, as merging and gradients take them; dispose it to give its memory back.</returns>
    /// <inheritdoc cref="Forward{T}(DeviceTensor{T}, DeviceTensor{T}, DeviceTensor{T}, AttentionOptions?, DeviceTensor{T}?)"/>
    public static DeviceAttentionResult<T> ForwardWithLogSumExp<T>(
        DeviceTensor<T> q, DeviceTensor<T> k, DeviceTensor<T> v, AttentionOptions? options = null, DeviceTensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Default;
        AttentionProblem problem = Problem(q, k, v, options, ForwardName);
        nint[] output = q.Lengths.ToArray();
        output[^1] = v.Lengths[^1];
        return Forward(q, k, v, bias, options, new(problem, options.Layout), output, LogSumExpShape(DeviceHeads.ShapeOf(q, options.Layout, nameof(q))), ForwardName);
    }

    /// <summary>Gradients of a loss with respect to queries, keys, values and bias, on the device that holds them.</summary>
    /// <typeparam name="T"><see cref="float"/>; on a host, <see cref="double"/> too.</typeparam>
    /// <param name="q">Queries, as the forward pass read them.</param>
    /// <param name="k">Keys, likewise.</param>
    /// <param name="v">Values, likewise.</param>
    /// <param name="forward">What the forward pass gave for them with the same options and bias.</param>
    /// <param name="outputGradient">The loss's gradient with respect to the output, of its shape.</param>
    /// <param name="options">The options of the forward pass.</param>
    /// <param name="bias">The bias of the forward pass; null for none.</param>
    /// <returns>Tensors of the shapes of the operands; deterministic, without atomic additions. Dispose it to give its memory back.</returns>
    /// <inheritdoc cref="Forward{T}(DeviceTensor{T}, DeviceTensor{T}, DeviceTensor{T}, AttentionOptions?, DeviceTensor{T}?)"/>
    public static DeviceAttentionGradients<T> Backward<T>(
        DeviceTensor<T> q,
        DeviceTensor<T> k,
        DeviceTensor<T> v,
        DeviceAttentionResult<T> forward,
        DeviceTensor<T> outputGradient,
        AttentionOptions? options = null,
        DeviceTensor<T>? bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(outputGradient);
        options ??= Default;
        AttentionProblem problem = Problem(q, k, v, options, BackwardName);
        nint[] logSumExp = LogSumExpShape(DeviceHeads.ShapeOf(q, options.Layout, nameof(q)));
        return Backward(q, k, v, bias, forward, outputGradient, options, new(problem, options.Layout), logSumExp, BackwardName);
    }

    /// <summary>Joins attention of the same queries over parts of the keys on one device, as if over all of them.</summary>
    /// <typeparam name="T"><see cref="float"/>; on a host, <see cref="double"/> too.</typeparam>
    /// <param name="parts">Results over disjoint keys, of one shape, in the layout of batch x heads x length x width; at least one.</param>
    /// <returns>The result over all keys, on the same device, in the order of the parts; dispose it to give its memory back.</returns>
    /// <exception cref="ArgumentException">There is no part, or shapes differ, or an output does not fit its log-sum-exp.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is double and the device no host.</exception>
    /// <exception cref="DeviceMismatchException">The parts are not on one device.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for the result.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">A part or the device was disposed.</exception>
    public static DeviceAttentionResult<T> Merge<T>(params IReadOnlyList<DeviceAttentionResult<T>> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (DeviceAttentionResult<T> part in parts) RequirePart(part.Output.Lengths, part.LogSumExp.Lengths, parts[0].Output.Lengths);
        return Merge(parts, MergeName, arePacked: false);
    }

    /// <summary>Runs the forward pass into new tensors of those shapes.</summary>
    private static DeviceAttentionResult<T> Forward<T>(
        DeviceTensor<T> q,
        DeviceTensor<T> k,
        DeviceTensor<T> v,
        DeviceTensor<T>? bias,
        AttentionOptions options,
        ResidentLayout layout,
        ReadOnlySpan<nint> output,
        ReadOnlySpan<nint> logSumExp,
        string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionProblem problem = layout.Problem;
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, DeviceOf(q, options, operation, k, v, bias), operation);
        List<IDisposable> held = [];
        try
        {
            DeviceAttentionResult<T> result = new(Allocate<T>(execution.Device, output, held), Allocate<T>(execution.Device, logSumExp, held));
            AttentionResidents<T> residents = new()
            {
                Query = layout.Elements(q),
                Key = layout.Elements(k),
                Value = layout.Elements(v),
                Bias = PairTensor.Of(bias, problem, nameof(bias)),
                Output = layout.Elements(result.Output),
                LogSumExp = layout.RowValues(result.LogSumExp),
            };
            Attentions.Run(execution.Engine, AttentionPass.Forward, problem, residents, PairTensor.Of(options.Mask, problem, nameof(options.Mask)), execution.Settings);
            execution.Complete<T>(AttentionPlan.ForwardFlops(problem), AttentionPlan.Bytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias), inPlace: true);
            return result;
        }
        catch
        {
            foreach (IDisposable tensor in held) tensor.Dispose();
            throw;
        }
    }

    /// <summary>Runs the backward pass of a forward pass whose log-sum-exps have that shape.</summary>
    private static DeviceAttentionGradients<T> Backward<T>(
        DeviceTensor<T> q,
        DeviceTensor<T> k,
        DeviceTensor<T> v,
        DeviceTensor<T>? bias,
        DeviceAttentionResult<T> forward,
        DeviceTensor<T> outputGradient,
        AttentionOptions options,
        ResidentLayout layout,
        nint[] logSumExp,
        string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionProblem problem = layout.Problem;
        HeadsRef<T> queries = layout.ShapeOf(q, nameof(q));
        AttentionProblems.RequireOutput(layout.ShapeOf(forward.Output, "forward.Output"), queries, problem.ValueWidth, "forward.Output", operation);
        AttentionProblems.RequireOutput(layout.ShapeOf(outputGradient, nameof(outputGradient)), queries, problem.ValueWidth, nameof(outputGradient), operation);
        RequireLogSumExp(forward.LogSumExp.Lengths, logSumExp, operation);
        using AttentionExecution execution = AttentionExecution.Begin<T>(options, DeviceOf(q, options, operation, k, v, bias, forward.Output, forward.LogSumExp, outputGradient), operation);
        List<IDisposable> held = [];
        try
        {
            DeviceAttentionGradients<T> gradients = GradientsFor(execution.Device, q, k, v, bias, held);
            AttentionResidents<T> residents = new()
            {
                Query = layout.Elements(q),
                Key = layout.Elements(k),
                Value = layout.Elements(v),
                Bias = PairTensor.Of(bias, problem, nameof(bias)),
                Output = layout.Elements(forward.Output),
                LogSumExp = layout.RowValues(forward.LogSumExp),
                OutputGradient = layout.Elements(outputGradient),
                QueryGradient = layout.Elements(gradients.Query),
                KeyGradient = layout.Elements(gradients.Key),
                ValueGradient = layout.Elements(gradients.Value),
                BiasGradient = PairTensor.Of(gradients.Bias, problem, nameof(bias)),
            };
            Attentions.Run(execution.Engine, AttentionPass.Backward, problem, residents, PairTensor.Of(options.Mask, problem, nameof(options.Mask)), execution.Settings);
            execution.Complete<T>(AttentionPlan.BackwardFlops(problem), 2 * (AttentionPlan.Bytes(problem, Unsafe.SizeOf<T>()) + PairTensor.Bytes(bias)), inPlace: true);
            return gradients;
        }
        catch
        {
            foreach (IDisposable tensor in held) tensor.Dispose();
            throw;
        }
    }

    private static DeviceAttentionResult<T> Merge<T>(IReadOnlyList<DeviceAttentionResult<T>> parts, string operation, bool arePacked)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (parts.Count == 0) throw AttentionProblems.Misfit(operation, "there are no parts; at least one is needed");
        DeviceAttentionResult<T> first = parts[0];
        foreach (DeviceAttentionResult<T> part in parts) DeviceOf(first.Output, Default, operation, part.Output, part.LogSumExp);
        using AttentionExecution execution = AttentionExecution.Begin<T>(Default, first.Output.Device, operation);
        List<IDisposable> held = [];
        try
        {
            DeviceAttentionResult<T> result = new(Allocate<T>(execution.Device, first.Output.Lengths, held), Allocate<T>(execution.Device, first.LogSumExp.Lengths, held));
            (int heads, int queries) = arePacked ? ((int)first.LogSumExp.Lengths[0], (int)first.LogSumExp.Lengths[1]) : (1, (int)first.LogSumExp.FlattenedLength);
            MergeCall<T> call = new((heads, queries, (int)first.Output.Lengths[^1], arePacked), [.. parts.Select(part => (part.Output.Buffer, part.LogSumExp.Buffer))], result.Output.Buffer, result.LogSumExp.Buffer, execution.Settings);
            execution.Engine.Execute(ref call);
            return result;
        }
        catch
        {
            foreach (IDisposable tensor in held) tensor.Dispose();
            throw;
        }
    }

    private static AttentionProblem Problem<T>(DeviceTensor<T> q, DeviceTensor<T> k, DeviceTensor<T> v, AttentionOptions options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        HeadsRef<T> queries = DeviceHeads.ShapeOf(q, options.Layout, nameof(q)), keys = DeviceHeads.ShapeOf(k, options.Layout, nameof(k)), values = DeviceHeads.ShapeOf(v, options.Layout, nameof(v));
        AttentionProblem problem = AttentionProblems.Of(queries, keys, values.Columns, options, operation);
        AttentionProblems.RequireValues(keys, values, operation);
        return problem;
    }

    /// <summary>The device of all operands.</summary>
    private static ComputeDevice DeviceOf<T>(DeviceTensor<T> q, AttentionOptions options, string operation, params ReadOnlySpan<DeviceTensor<T>?> others)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ComputeDevice device = q.Device;
        if (options.Device is { } named && named.Engine != device.Engine) throw new DeviceMismatchException(operation, named.Description.Name, device.Description.Name);
        foreach (DeviceTensor<T>? other in others)
        {
            if (other is not null && other.Device.Engine != device.Engine) throw new DeviceMismatchException(operation, device.Description.Name, other.Device.Description.Name);
        }

        return device;
    }

    /// <summary>Room for the gradients; the bias's is added to, and so begins with 0.</summary>
    private static DeviceAttentionGradients<T> GradientsFor<T>(ComputeDevice device, DeviceTensor<T> q, DeviceTensor<T> k, DeviceTensor<T> v, DeviceTensor<T>? bias, List<IDisposable> held)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
            Allocate<T>(device, q.Lengths, held), Allocate<T>(device, k.Lengths, held), Allocate<T>(device, v.Lengths, held), bias is null ? null : Cleared<T>(device, bias.Lengths, held));

    private static DeviceTensor<T> Allocate<T>(ComputeDevice device, ReadOnlySpan<nint> lengths, List<IDisposable> held)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceTensor<T> tensor = device.Allocate<T>(lengths);
        held.Add(tensor);
        return tensor;
    }

    private static DeviceTensor<T> Cleared<T>(ComputeDevice device, ReadOnlySpan<nint> lengths, List<IDisposable> held)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceTensor<T> tensor = Allocate<T>(device, lengths, held);
        device.Engine.Upload<T>(new T[tensor.FlattenedLength], tensor.Buffer, 0);
        return tensor;
    }
}
