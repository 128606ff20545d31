using FusionKernels.Kernels.Attention.Decoding;
using FusionKernels.Kernels.Attention.Devices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Attention;

/// <summary>Attention: the family's entry.</summary>
internal static unsafe class Attentions
{
    /// <summary>Writes the output, and the log-sum-exp where it is asked for.</summary>
    /// <exception cref="ArgumentException">An element that some output depends on is not finite.</exception>
    /// <exception cref="NumericalException">A result is out of range.</exception>
    public static void Forward<T>(Engine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged => Run(engine, AttentionPass.Forward, problem, tensors, settings);

    /// <summary>Writes the output and log-sum-exp of queries against a cache; <paramref name="tensors"/> has neither keys nor values.</summary>
    /// <exception cref="ArgumentException">A query or an element of the bias that some output depends on is not finite.</exception>
    /// <exception cref="NumericalException">A result is out of range.</exception>
    public static void Decode<T>(Engine engine, AttentionProblem problem, in AttentionTensors<T> tensors, KeyValuePages<T> cache, in RunSettings settings)
        where T : unmanaged => Run(engine, AttentionPass.Forward, problem, tensors, settings, cache);

    /// <summary>Writes the weights, from log-sum-exps that the forward pass left.</summary>
    public static void Weights<T>(Engine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged => Run(engine, AttentionPass.Weights, problem, tensors, settings);

    /// <summary>Writes the gradients, from outputs and log-sum-exps that the forward pass left; the bias's is added to what stands there.</summary>
    /// <exception cref="ArgumentException">An element that some gradient depends on is not finite.</exception>
    /// <exception cref="NumericalException">A result is out of range.</exception>
    public static void Backward<T>(Engine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged => Run(engine, AttentionPass.Backward, problem, tensors, settings);

    /// <summary>Pins the tensors and runs a pass over them.</summary>
    private static void Run<T>(Engine engine, AttentionPass pass, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings, KeyValuePages<T>? cache = null)
        where T : unmanaged
    {
        fixed (T* query = tensors.Query, key = tensors.Key, value = tensors.Value, bias = tensors.Bias, output = tensors.Output)
        fixed (T* logSumExp = tensors.LogSumExp, weights = tensors.Weights, outputGradient = tensors.OutputGradient)
        fixed (T* queryGradient = tensors.QueryGradient, keyGradient = tensors.KeyGradient, valueGradient = tensors.ValueGradient, biasGradient = tensors.BiasGradient)
        fixed (bool* mask = tensors.Mask)
        fixed (int* queryStarts = problem.QueryStarts, keyStarts = problem.KeyStarts)
        {
            AttentionOperands<T> operands = new()
            {
                Query = tensors.Query.At(query, queryStarts),
                Key = tensors.Key.At(key, keyStarts),
                Value = tensors.Value.At(value, keyStarts),
                Bias = tensors.Bias.At(bias),
                Mask = tensors.Mask.At(mask),
                Output = tensors.Output.At(output, queryStarts),
                LogSumExp = tensors.LogSumExp.At(logSumExp, queryStarts),
                Weights = tensors.Weights.At(weights),
                OutputGradient = tensors.OutputGradient.At(outputGradient, queryStarts),
                QueryGradient = tensors.QueryGradient.At(queryGradient, queryStarts),
                KeyGradient = tensors.KeyGradient.At(keyGradient, keyStarts),
                ValueGradient = tensors.ValueGradient.At(valueGradient, keyStarts),
                BiasGradient = tensors.BiasGradient.At(biasGradient),
                QueryStarts = queryStarts,
                KeyStarts = keyStarts,
            };
            AttentionCall<T> call = new(pass, problem, &operands, null, settings, cache);
            engine.Execute(ref call);
        }
    }

    /// <summary>Runs a pass over operands that live on a device.</summary>
    /// <exception cref="ArgumentException">An element that some result depends on is not finite.</exception>
    /// <exception cref="NumericalException">A result is out of range.</exception>
    public static void Run<T>(Engine engine, AttentionPass pass, AttentionProblem problem, AttentionResidents<T> residents, StridedRef<bool> mask, in RunSettings settings, KeyValuePages<T>? cache = null)
        where T : unmanaged
    {
        fixed (bool* first = mask)
        fixed (int* queryStarts = problem.QueryStarts, keyStarts = problem.KeyStarts)
        {
            AttentionOperands<T> operands = new() { Mask = mask.At(first), QueryStarts = queryStarts, KeyStarts = keyStarts };
            AttentionCall<T> call = new(pass, problem, &operands, residents, settings, cache);
            engine.Execute(ref call);
            if (call.MetNonFinite) ThrowNonFinite(engine, problem, residents, operands, settings);
        }
    }

    /// <summary>Brings the operands to the host to find the element to blame.</summary>
    private static void ThrowNonFinite<T>(Engine engine, AttentionProblem problem, AttentionResidents<T> residents, in AttentionOperands<T> resident, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* query = Download(engine, residents.Query), key = Download(engine, residents.Key), value = Download(engine, residents.Value))
        fixed (T* bias = Download(engine, residents.Bias), gradient = Download(engine, residents.OutputGradient))
        {
            AttentionOperands<T> operands = new()
            {
                Query = residents.Query.At(query, resident.QueryStarts),
                Key = residents.Key.At(key, resident.KeyStarts),
                Value = residents.Value.At(value, resident.KeyStarts),
                Bias = residents.Bias.At(bias),
                Mask = resident.Mask,
                OutputGradient = residents.OutputGradient.At(gradient, resident.QueryStarts),
            };
            AttentionInput.ThrowNonFinite(problem, StoredRounding.Of(problem, operands, out T[][] copies), settings.Operation);
            GC.KeepAlive(copies);
        }
    }

    private static T[] Download<T>(Engine engine, in ResidentTensor<T> tensor)
        where T : unmanaged
    {
        if (tensor.Buffer is null) return [];
        T[] elements = new T[tensor.Buffer.Length];
        engine.Download<T>(tensor.Buffer, 0, elements);
        return elements;
    }
}
