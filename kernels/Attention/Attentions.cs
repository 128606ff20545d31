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

    /// <summary>Writes the weights, from log-sum-exps that the forward pass left.</summary>
    public static void Weights<T>(Engine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged => Run(engine, AttentionPass.Weights, problem, tensors, settings);

    /// <summary>Writes the gradients, from outputs and log-sum-exps that the forward pass left; the bias's is added to what stands there.</summary>
    /// <exception cref="ArgumentException">An element that some gradient depends on is not finite.</exception>
    /// <exception cref="NumericalException">A result is out of range.</exception>
    public static void Backward<T>(Engine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged => Run(engine, AttentionPass.Backward, problem, tensors, settings);

    /// <summary>Pins the tensors and runs a pass over them.</summary>
    private static void Run<T>(Engine engine, AttentionPass pass, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* query = tensors.Query, key = tensors.Key, value = tensors.Value, bias = tensors.Bias, output = tensors.Output)
        fixed (T* logSumExp = tensors.LogSumExp, weights = tensors.Weights, outputGradient = tensors.OutputGradient)
        fixed (T* queryGradient = tensors.QueryGradient, keyGradient = tensors.KeyGradient, valueGradient = tensors.ValueGradient, biasGradient = tensors.BiasGradient)
        fixed (bool* mask = tensors.Mask)
        {
            AttentionOperands<T> operands = new()
            {
                Query = tensors.Query.At(query),
                Key = tensors.Key.At(key),
                Value = tensors.Value.At(value),
                Bias = tensors.Bias.At(bias),
                Mask = tensors.Mask.At(mask),
                Output = tensors.Output.At(output),
                LogSumExp = tensors.LogSumExp.At(logSumExp),
                Weights = tensors.Weights.At(weights),
                OutputGradient = tensors.OutputGradient.At(outputGradient),
                QueryGradient = tensors.QueryGradient.At(queryGradient),
                KeyGradient = tensors.KeyGradient.At(keyGradient),
                ValueGradient = tensors.ValueGradient.At(valueGradient),
                BiasGradient = tensors.BiasGradient.At(biasGradient),
            };
            AttentionCall<T> call = new(pass, problem, &operands, null, settings);
            engine.Execute(ref call);
        }
    }
}
