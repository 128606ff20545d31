using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;

namespace FusionKernels;

/// <summary>Softmax along the last dimension, with the maximum subtracted, so that no finite input overflows.</summary>
/// <remarks>
/// <para>-infinity is masked; a row of nothing else becomes 0, and its logarithm -infinity. NaN and +infinity are refused with their
/// place. Exponentials and sums are in the element's precision; results do not depend on the number of threads, but on the width
/// of the vectors in the last digits. About 20 operations for an element; memory: the result. Runs on the host. Thread-safe.</para>
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
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or the options name a device that is not the host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Compute<T>(Tensor<T> x, Tensor<bool>? mask = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(x, mask, isLog: false, options, "Softmax.Compute");

    /// <summary>x less the logarithm of the row's sum of exponentials.</summary>
    /// <returns>The shape of x; -infinity where masked.</returns>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Tensor{bool}?, ExecutionOptions?)"/>
    public static Tensor<T> ComputeLog<T>(Tensor<T> x, Tensor<bool>? mask = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(x, mask, isLog: true, options, "Softmax.ComputeLog");

    private static Tensor<T> Run<T>(Tensor<T> x, Tensor<bool>? mask, bool isLog, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        HostExecution.RequireElement<T>(operation);
        T[] elements = new T[x.FlattenedLength];
        x.FlattenTo(elements);
        if (mask is not null) Apply(mask, x.Lengths, elements, operation);
        for (int i = 0; i < elements.Length; i++)
        {
            if (T.IsNaN(elements[i]) || T.IsPositiveInfinity(elements[i]))
            {
                throw AttentionProblems.Misfit(
                    operation, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"x holds {elements[i]} in row {i / x.Lengths[^1]}, element {i % x.Lengths[^1]}"));
            }
        }

        if (elements.Length > 0) SoftmaxHost<T>.Run(HostExecution.Engine(options, operation), elements, (int)x.Lengths[^1], isLog, HostExecution.Settings(options, operation));
        return Tensor.Create(elements, x.Lengths);
    }

    private static void Apply<T>(Tensor<bool> mask, ReadOnlySpan<nint> lengths, T[] elements, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool fits = mask.Rank <= lengths.Length;
        for (int d = 1; fits && d <= mask.Rank; d++) fits = mask.Lengths[^d] == 1 || mask.Lengths[^d] == lengths[^d];
        if (!fits) throw AttentionProblems.Misfit(operation, $"the mask is {Shape.Of(mask.Lengths)}, x is {Shape.Of(lengths)}: dimensions of the mask must be x's, or 1, or left out in front");
        bool[] keep = new bool[mask.FlattenedLength];
        mask.FlattenTo(keep);
        for (int i = 0; i < elements.Length; i++)
        {
            nint rest = i, at = 0, stride = 1;
            for (int d = 1; d <= mask.Rank; d++)
            {
                if (mask.Lengths[^d] != 1) at += rest % lengths[^d] * stride;
                stride *= mask.Lengths[^d];
                rest /= lengths[^d];
            }

            if (!keep[at]) elements[i] = T.NegativeInfinity;
        }
    }
}
