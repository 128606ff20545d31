using System.Diagnostics;
using FusionKernels.Kernels.Attention.Decoding;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>Attention on the host: the family's entry.</summary>
internal static unsafe class Attentions
{
    /// <summary>Writes the output, and the log-sum-exp where it is asked for.</summary>
    /// <exception cref="ArgumentException">An element that some output depends on is not finite.</exception>
    /// <exception cref="NumericalException">A result is out of range.</exception>
    public static void Forward<T>(HostEngine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged => Run(engine, problem, tensors, settings, new Pass<T>(&Forward));

    /// <summary>Writes the output and log-sum-exp of queries against a cache; <paramref name="tensors"/> has neither keys nor values.</summary>
    /// <exception cref="ArgumentException">A query or an element of the bias that some output depends on is not finite.</exception>
    /// <exception cref="NumericalException">A result is out of range.</exception>
    public static void Decode<T>(HostEngine engine, AttentionProblem problem, in AttentionTensors<T> tensors, KeyValuePages<T> cache, in RunSettings settings)
        where T : unmanaged => Run(engine, problem, tensors, settings, new Pass<T>(&Decode), cache);

    private static void Decode<T>(HostEngine engine, AttentionRun run, AttentionOperands<T>* operands, KeyValuePages<T>? cache)
        where T : unmanaged
    {
        nint[] addresses = cache!.PageAddresses(out int[] tables);
        fixed (nint* pages = addresses)
        fixed (int* first = tables)
        {
            KeyRows<T> keys = new(pages, first, cache.PageRows, 0, cache.Width);
            KeyRows<T> values = new(pages, first, cache.PageRows, (long)cache.Heads * cache.PageRows * cache.Width, cache.ValueWidth);
            DecodeHost<T> job = new() { Engine = engine, Run = run, Operands = operands, Source = new(keys, values) };
            VectorDispatch.Run<T, DecodeHost<T>>(engine.Width, ref job);
        }
    }

    private static void Forward<T>(HostEngine engine, AttentionRun run, AttentionOperands<T>* operands, KeyValuePages<T>? cache)
        where T : unmanaged
    {
        if (DecodePlan.Suits(run.Problem))
        {
            DecodeHost<T> decode = new() { Engine = engine, Run = run, Operands = operands, Source = new(new(operands->Key), new(operands->Value)) };
            VectorDispatch.Run<T, DecodeHost<T>>(engine.Width, ref decode);
            return;
        }

        AttentionForwardHost<T> job = new() { Engine = engine, Run = run, Operands = operands };
        VectorDispatch.Run<T, AttentionForwardHost<T>>(engine.Width, ref job);
    }

    /// <summary>Writes the weights, from log-sum-exps that the forward pass left.</summary>
    public static void Weights<T>(HostEngine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged => Run(engine, problem, tensors, settings, new Pass<T>(&Weights));

    /// <summary>Writes the gradients, from outputs and log-sum-exps that the forward pass left; the bias's is added to what stands there.</summary>
    /// <exception cref="ArgumentException">An element that some gradient depends on is not finite.</exception>
    /// <exception cref="NumericalException">A result is out of range.</exception>
    public static void Backward<T>(HostEngine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings)
        where T : unmanaged => Run(engine, problem, tensors, settings, new Pass<T>(&Backward));

    private static void Weights<T>(HostEngine engine, AttentionRun run, AttentionOperands<T>* operands, KeyValuePages<T>? cache)
        where T : unmanaged
    {
        AttentionWeightsHost<T> job = new() { Engine = engine, Run = run, Operands = operands };
        VectorDispatch.Run<T, AttentionWeightsHost<T>>(engine.Width, ref job);
    }

    private static void Backward<T>(HostEngine engine, AttentionRun run, AttentionOperands<T>* operands, KeyValuePages<T>? cache)
        where T : unmanaged
    {
        AttentionBackwardHost<T> job = new() { Engine = engine, Run = run, Operands = operands };
        VectorDispatch.Run<T, AttentionBackwardHost<T>>(engine.Width, ref job);
    }

    /// <summary>Pins the tensors, runs a pass over them and accounts for it.</summary>
    private static void Run<T>(HostEngine engine, AttentionProblem problem, in AttentionTensors<T> tensors, in RunSettings settings, Pass<T> pass, KeyValuePages<T>? cache = null)
        where T : unmanaged
    {
        long started = Stopwatch.GetTimestamp();
        AttentionRun run = new(problem, settings);
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
            };
            pass.Run(engine, run, &operands, cache);
            if (run.MetNonFinite) AttentionInput.ThrowNonFinite(problem, operands, settings.Operation);
        }

        if (settings.Trace is not { } trace) return;
        trace.Computed(started, 1);
        trace.Tiling = AttentionPlan.DescribeOnHost(engine.Width, sizeof(T));
    }

    /// <summary>One of the passes over pinned operands.</summary>
    private readonly struct Pass<T>(delegate*<HostEngine, AttentionRun, AttentionOperands<T>*, KeyValuePages<T>?, void> run)
        where T : unmanaged
    {
        private readonly delegate*<HostEngine, AttentionRun, AttentionOperands<T>*, KeyValuePages<T>?, void> _run = run;

        public void Run(HostEngine engine, AttentionRun shared, AttentionOperands<T>* operands, KeyValuePages<T>? cache) => _run(engine, shared, operands, cache);
    }
}
