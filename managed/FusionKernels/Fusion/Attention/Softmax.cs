using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Devices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Softmax along the last dimension, with the maximum subtracted, so that no finite input overflows.</summary>
/// <remarks>
/// <para>-infinity is masked; a row of nothing else becomes 0, and its logarithm -infinity. NaN and +infinity are refused with their
/// place. Exponentials and sums are in the element's precision; results do not depend on the number of threads, but on the width
/// of the vectors in the last digits. About 20 operations for an element; memory: the result. Runs on the host, or in float32 on the device that the options name. Thread-safe.</para>
/// </remarks>
public static class Softmax
{
    /// <summary>exp(x) over its sum, for every row.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">Any shape of rank 1 or more; the last dimension is what is normalised.</param>
    /// <param name="mask">Which elements are kept, true for keep, of the shape of x, dimensions of 1 or left out in front repeat; null for all.</param>
    /// <param name="options">Threads, cancellation; null for the defaults.</param>
    /// <returns>The shape of x; a row sums to 1, or is 0 where all is masked.</returns>
    /// <exception cref="ArgumentException">the mask does not fit, or an element that is kept is NaN or +infinity.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or it is double and the options name a device that is not the host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Compute<T>(Tensor<T> x, Tensor<bool>? mask = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(x, mask, isLog: false, options, "Softmax.Compute");

    /// <summary>x less the logarithm of the row's sum of exponentials.</summary>
    /// <returns>The shape of x; -infinity where masked.</returns>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Tensor{bool}?, ExecutionOptions?)"/>
    public static Tensor<T> ComputeLog<T>(Tensor<T> x, Tensor<bool>? mask = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(x, mask, isLog: true, options, "Softmax.ComputeLog");

    /// <summary>exp(x) over its sum, for every row of a tensor on a device; the result stays there.</summary>
    /// <typeparam name="T"><see cref="float"/>; on a host, <see cref="double"/> too.</typeparam>
    /// <param name="x">Any shape of rank 1 or more; the last dimension is what is normalised.</param>
    /// <param name="mask">Which elements are kept, as for tensors of the host; null for all.</param>
    /// <param name="options">Cancellation; null for the defaults.</param>
    /// <returns>The shape of x; dispose it to give its memory back.</returns>
    /// <exception cref="ArgumentException">the mask does not fit, or an element that is kept is NaN or +infinity.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is double and the device no host.</exception>
    /// <exception cref="DeviceMismatchException">The options name another device.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for the result.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its device was disposed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DeviceTensor<T> Compute<T>(DeviceTensor<T> x, Tensor<bool>? mask = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(x, mask, isLog: false, options, "Softmax.Compute");

    /// <summary>x less the logarithm of the row's sum of exponentials, for every row of a tensor on a device; the result stays there.</summary>
    /// <returns>The shape of x, -infinity where masked; dispose it to give its memory back.</returns>
    /// <inheritdoc cref="Compute{T}(DeviceTensor{T}, Tensor{bool}?, ExecutionOptions?)"/>
    public static DeviceTensor<T> ComputeLog<T>(DeviceTensor<T> x, Tensor<bool>? mask = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(x, mask, isLog: true, options, "Softmax.ComputeLog");

    private static Tensor<T> Run<T>(Tensor<T> x, Tensor<bool>? mask, bool isLog, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        HostExecution.RequireElement<T>(operation);
        T[] elements = new T[x.FlattenedLength];
        x.FlattenTo(elements);
        if (Expand(mask, x.Lengths, operation) is { } keep)
        {
            for (int i = 0; i < elements.Length; i++) if (!keep[i]) elements[i] = T.NegativeInfinity;
        }

        RequireNumbers(elements, x.Lengths[^1], operation);
        if (elements.Length == 0) return Tensor.Create(elements, x.Lengths);
        int length = (int)x.Lengths[^1];
        bool isOnDevice = options?.Device is { } device && !HostExecution.IsHost(device) && elements is float[];
        using Execution execution = isOnDevice ? Execution.Begin<T>(options, operation) : HostExecution.Begin<T>(options, operation);
        if (isOnDevice)
        {
            SoftmaxDevice call = new(elements.Length / length, length, isLog, execution.Settings) { Elements = (float[])(object)elements };
            execution.Engine.Execute(ref call);
        }
        else
        {
            SoftmaxHost<T>.Run((HostEngine)execution.Engine, elements, length, isLog, execution.Settings);
        }

        Complete<T>(execution, elements.Length, length);
        return Tensor.Create(elements, x.Lengths);
    }

    private static void Complete<T>(in Execution execution, long elements, int length)
        where T : unmanaged => execution.CompleteWhole<T>($"{elements / length} rows of {length}, the maximum subtracted", 20.0 * elements, elements * Element.SizeOf<T>());

    private static DeviceTensor<T> Run<T>(DeviceTensor<T> x, Tensor<bool>? mask, bool isLog, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        if (options?.Device is { } named && named != x.Device) throw new DeviceMismatchException(operation, named.Description.Name, x.Device.Description.Name);
        if (HostExecution.IsHost(x.Device)) return x.Device.Upload(Run(x.Download(), mask, isLog, (options ?? new()) with { Device = x.Device }, operation));
        if (x.Buffer is not DeviceBuffer<float> source) throw new NotSupportedException($"{operation} computes in float32 on {x.Device.Description.Name}, float64 runs on the host alone: convert to float, or name the host");
        bool[]? keep = Expand(mask, x.Lengths, operation);
        DeviceTensor<T> result = x.Device.Allocate<T>(x.Lengths);
        try
        {
            if (x.FlattenedLength == 0) return result;
            int length = (int)x.Lengths[^1];
            using Execution execution = Execution.Begin<T>(options, x.Device, operation);
            SoftmaxDevice call = new(x.FlattenedLength / length, length, isLog, execution.Settings)
            {
                Source = source,
                Result = (DeviceBuffer<float>)(object)result.Buffer,
                Mask = keep,
            };
            x.Device.Engine.Execute(ref call);
            if (!call.IsValid) RequireNumbers(x.Download().ToArray(), length, operation, keep);
            Complete<T>(execution, x.FlattenedLength, length);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static void RequireNumbers<T>(T[] elements, nint length, string operation, bool[]? keep = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < elements.Length; i++)
        {
            if ((T.IsNaN(elements[i]) || T.IsPositiveInfinity(elements[i])) && keep?[i] != false)
            {
                throw AttentionProblems.Misfit(
                    operation, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"x holds {elements[i]} in row {i / length}, element {i % length}"));
            }
        }
    }

    /// <summary>The mask over every element; null for none.</summary>
    private static bool[]? Expand(Tensor<bool>? mask, ReadOnlySpan<nint> lengths, string operation)
    {
        if (mask is null) return null;
        bool fits = mask.Rank <= lengths.Length;
        for (int d = 1; fits && d <= mask.Rank; d++) fits = mask.Lengths[^d] == 1 || mask.Lengths[^d] == lengths[^d];
        if (!fits) throw AttentionProblems.Misfit(operation, $"the mask is {Shape.Of(mask.Lengths)}, x is {Shape.Of(lengths)}: dimensions of the mask must be x's, or 1, or left out in front");
        bool[] keep = new bool[mask.FlattenedLength];
        mask.FlattenTo(keep);
        nint count = 1;
        foreach (nint length in lengths) count *= length;
        bool[] expanded = new bool[count];
        for (nint i = 0; i < count; i++)
        {
            nint rest = i, at = 0, stride = 1;
            for (int d = 1; d <= mask.Rank; d++)
            {
                if (mask.Lengths[^d] != 1) at += rest % lengths[^d] * stride;
                stride *= mask.Lengths[^d];
                rest /= lengths[^d];
            }

            expanded[i] = keep[at];
        }

        return expanded;
    }
}
