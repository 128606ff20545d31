using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The forward pass on an accelerator: one launch over all heads, items and blocks of queries, and a merge where the keys were split.</summary>
internal static class AttentionForwardDevice
{
    /// <summary>Launches the pass; it may still run on return.</summary>
    public static void Run(AcceleratorEngine engine, AttentionStage stage, AttentionProblem problem, AttentionOrigin origin, in RunSettings settings)
    {
        AttentionOperands<float> host = stage.Host;
        AttentionResidents<float>? residents = stage.Residents;
        StoredOperand query = stage.Query, key = stage.Key, value = stage.Value;
        StagedTensor<float> output = stage.QueryResult(host.Output, residents?.Output, problem.ValueWidth)!;
        StagedTensor<float>? logSumExp = stage.QueryResult(host.LogSumExp, residents?.LogSumExp, 1);
        AttentionShape shape = stage.Shape(origin);
        ForwardViews views = new()
        {
            Query = query.View,
            Key = key.View,
            Value = value.View,
            Pages = stage.Pages,
            Rules = stage.Rules,
            Output = output.View,
            LogSumExp = logSumExp?.View ?? stage.Temporary(shape.QueryRows).View,
            Flags = stage.Flags,
        };
        (shape.Query, shape.Key, shape.Value, shape.Result) = (query.Strides, key.Strides, value.Strides, output.Strides);
        AttentionDevicePlan plan = AttentionDevicePlan.Forward(problem, DeviceLimits.Of(engine));
        settings.Trace?.Tiling = plan.Describe(problem);
        stage.Align(AttentionKernels.Forward(plan.Tile, problem.ValueWidth).Form, ref shape, ref views.Rules);
        if (plan.Splits == 1) Launch(engine, problem, plan, views, shape, settings);
        else Split(engine, stage, problem, plan, views, shape, settings);
    }

    private static void Split(
        AcceleratorEngine engine, AttentionStage stage, AttentionProblem problem, AttentionDevicePlan plan, ForwardViews views, AttentionShape shape, in RunSettings settings)
    {
        (ArrayView<float> output, ArrayView<float> sums) = (views.Output, views.LogSumExp);
        MergeShape merge = new()
        {
            Rows = shape.QueryRows,
            Queries = (int)shape.HeadRows,
            Heads = problem.QueryHeads,
            Width = problem.ValueWidth,
            Parts = plan.Splits,
            Output = shape.Result,
            Part = DeviceStrides.Of(0, shape.ItemRows * problem.ValueWidth, shape.HeadRows * problem.ValueWidth, problem.ValueWidth, 1),
        };
        views.Output = stage.Temporary(plan.Splits * shape.QueryRows * problem.ValueWidth).View;
        views.LogSumExp = stage.Temporary(plan.Splits * shape.QueryRows).View;
        shape.Result = merge.Part;
        shape.SplitStride = shape.QueryRows * problem.ValueWidth;
        Launch(engine, problem, plan, views, shape, settings);
        AttentionMergeDevice.Run(engine, views.Output, views.LogSumExp, output, sums, merge, settings);
    }

    private static void Launch(AcceleratorEngine engine, AttentionProblem problem, AttentionDevicePlan plan, ForwardViews views, AttentionShape shape, in RunSettings settings)
    {
        ExecutionTrace? trace = settings.Trace;
        ForwardForm form = AttentionKernels.Forward(plan.Tile, problem.ValueWidth, problem.Storage);
        shape.Blocks = form.Form.BlocksOf(problem.Queries * problem.GroupSize);
        shape.Strips = form.Form.StripsOf(problem.ValueWidth);
        (shape.Splits, shape.SplitKeys) = (plan.Splits, plan.SplitKeys);
        long groups = (long)problem.Batch * problem.KeyHeads * shape.Blocks * shape.Strips * plan.Splits;
        double flops = 2.0 * form.Form.Rows * plan.SplitKeys * (problem.Width + form.Form.Width);
        AttentionLaunches.InPieces(engine, groups, flops, settings, (first, count) => form.Launch(engine, count, views, shape with { FirstGroup = first }, trace));
    }
}
