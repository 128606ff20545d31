using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Attention on an accelerator, in float32. On the engine's lane.</summary>
/// <remarks>
/// Operands of the host are copied without what their strides repeat. Where they find no room the problem is halved, by items and
/// then by key heads, and its parts follow each other.
/// </remarks>
internal static unsafe class AttentionDevice
{
    /// <summary>Runs a pass.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="pass">What is computed.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="host">Operands in pinned host memory; of those that live on the device, the mask alone.</param>
    /// <param name="residents">Operands that live on the device; null for none.</param>
    /// <param name="pages">Keys and values where they are a cache's; null where they are operands.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>Whether every result is finite.</returns>
    /// <exception cref="DeviceOutOfMemoryException">The smallest part finds no room.</exception>
    public static bool Run(
        AcceleratorEngine engine, AttentionPass pass, AttentionProblem problem, in AttentionOperands<float> host, AttentionResidents<float>? residents, DevicePages? pages, in RunSettings settings)
    {
        bool isEmpty = problem.Batch == 0 || problem.KeyHeads == 0 || ((problem.QueryHeads == 0 || problem.Queries == 0) && pass != AttentionPass.Backward);
        bool isFinite = isEmpty || Run(engine, pass, problem, default, host, residents, pages, settings);
        settings.Progress?.Report(1);
        return isFinite;
    }

    private static bool Run(
        AcceleratorEngine engine,
        AttentionPass pass,
        AttentionProblem problem,
        AttentionOrigin origin,
        in AttentionOperands<float> host,
        AttentionResidents<float>? residents,
        DevicePages? pages,
        in RunSettings settings)
    {
        try
        {
            using AttentionStage stage = new(engine, problem, host, residents, settings, pages);
            if (pass == AttentionPass.Forward) AttentionForwardDevice.Run(engine, stage, problem, origin, settings);
            else if (pass == AttentionPass.Weights) AttentionBackwardDevice.Weights(engine, stage, problem, origin, settings);
            else AttentionBackwardDevice.Run(engine, stage, problem, origin, settings);
            return stage.Commit();
        }
        catch (DeviceOutOfMemoryException) when (residents is null && pages is null && ((problem.Batch > 1 && problem.QueryStarts is null) || problem.KeyHeads > 1))
        {
            settings.Trace?.Retries += 1;
        }

        bool byItem = problem.Batch > 1 && problem.QueryStarts is null;
        int all = byItem ? problem.Batch : problem.KeyHeads, half = all / 2;
        bool isFinite = Part(engine, pass, problem, origin, byItem, 0, half, host, settings);
        return Part(engine, pass, problem, origin, byItem, half, all - half, host, settings) && isFinite;
    }

    private static bool Part(
        AcceleratorEngine engine, AttentionPass pass, AttentionProblem problem, AttentionOrigin origin, bool byItem, int first, int count, in AttentionOperands<float> host, in RunSettings settings)
    {
        settings.Cancellation.ThrowIfCancellationRequested();
        int size = problem.GroupSize, item = byItem ? first : 0, keyHead = byItem ? 0 : first, head = keyHead * size;
        AttentionProblem part = byItem
            ? problem with { Batch = count, KeyLengths = problem.KeyLengths?[first..(first + count)] }
            : problem with { KeyHeads = count, QueryHeads = count * size, Slopes = problem.Slopes?[head..(head + (count * size))] };
        AttentionOperands<float> operands = new()
        {
            Query = Moved(host.Query, item, head),
            Key = Moved(host.Key, item, keyHead),
            Value = Moved(host.Value, item, keyHead),
            Bias = Moved(host.Bias, item, head),
            Mask = Moved(host.Mask, item, head),
            Output = Moved(host.Output, item, head),
            LogSumExp = Moved(host.LogSumExp, item, head),
            Weights = Moved(host.Weights, item, head),
            OutputGradient = Moved(host.OutputGradient, item, head),
            QueryGradient = Moved(host.QueryGradient, item, head),
            KeyGradient = Moved(host.KeyGradient, item, keyHead),
            ValueGradient = Moved(host.ValueGradient, item, keyHead),
            BiasGradient = Moved(host.BiasGradient, item, head),
        };
        return Run(engine, pass, part, new(origin.Item + item, origin.Head + head), operands, null, null, settings);
    }

    private static Strided<T> Moved<T>(in Strided<T> operand, int item, int head)
        where T : unmanaged => operand.IsAbsent ? default : new(operand.At(item, head), operand.Batch, operand.Head, operand.Row, operand.Column);
}
