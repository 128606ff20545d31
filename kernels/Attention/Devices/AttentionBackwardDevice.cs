using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Gradients and weights on an accelerator, in passes that each own what they write; no float atomics.</summary>
internal static class AttentionBackwardDevice
{
    /// <summary>Groups among which what adds to one gradient of a bias is shared out, at most.</summary>
    private const int MostChunks = 64;

    /// <summary>Launches the passes of gradients; the last may still run on return.</summary>
    public static void Run(AcceleratorEngine engine, AttentionStage stage, AttentionProblem problem, AttentionOrigin origin, in RunSettings settings)
    {
        AttentionOperands<float> host = stage.Host;
        AttentionResidents<float>? residents = stage.Residents;
        AttentionShape shape = stage.Shape(origin);
        GradientViews views = Operands(stage, problem, ref shape);
        StoredOperand value = stage.Value;
        StagedTensor<float> gradient = stage.Queries(host.OutputGradient, residents?.OutputGradient, problem.ValueWidth);
        StagedTensor<float> output = stage.Queries(host.Output, residents?.Output, problem.ValueWidth), sums = stage.Queries(host.LogSumExp, residents?.LogSumExp, 1);
        (views.Value, views.OutputGradient) = (value.View, gradient.View);
        (shape.Value, shape.OutputGradient) = (value.Strides, gradient.Strides);
        StagedTensor<float>? queryGradient = stage.QueryResult(host.QueryGradient, residents?.QueryGradient, problem.Width);
        StagedTensor<float>? keyGradient = stage.KeyResult(host.KeyGradient, residents?.KeyGradient, problem.Width);
        StagedTensor<float>? valueGradient = stage.KeyResult(host.ValueGradient, residents?.ValueGradient, problem.ValueWidth);

        // Brought back last: what was added to must not be added to again, should the call be halved for want of memory.
        StagedTensor<float>? biasGradient = stage.PairResult(host.BiasGradient, residents?.BiasGradient, isAddedTo: true);
        views.References = stage.Temporary(2 * shape.QueryRows).View;
        AttentionLaunches.Means(engine, output.View, gradient.View, sums.View, views.References, Means(problem, shape, output.Strides, gradient.Strides, sums.Strides, problem.ValueWidth), settings);

        int rows = problem.Queries * problem.GroupSize;
        DeviceLimits limits = DeviceLimits.Of(engine);
        AttentionTile byRows = AttentionDevicePlan.TileOf(rows, problem.Keys, limits), square = AttentionDevicePlan.SquareOf(problem.Keys, rows, limits);
        AttentionStorage format = problem.Storage;
        shape.ResultFactor = new((float)problem.Scale);
        shape.ResultWidth = problem.Width;
        GradientForm form = AttentionKernels.QueryGradients(byRows, problem.Width, format);
        stage.Align(form.Form, ref shape, ref views.Rules);
        if (queryGradient is not null) Launch(engine, problem, form, rows, problem.Keys, Factor(views, views.Key, queryGradient), Factor(shape, shape.Key, queryGradient), settings);
        form = AttentionKernels.KeyGradients(square, problem.Width, format);
        if (byRows != square) stage.Align(form.Form, ref shape, ref views.Rules);
        if (keyGradient is not null) Launch(engine, problem, form, problem.Keys, rows, Factor(views, views.Query, keyGradient), Factor(shape, shape.Query, keyGradient), settings);
        shape.ResultFactor = new(1);
        shape.ResultWidth = problem.ValueWidth;
        form = AttentionKernels.ValueGradients(square, problem.ValueWidth, format);
        if (valueGradient is not null) Launch(engine, problem, form, problem.Keys, rows, Factor(views, views.OutputGradient.Cast<byte>(), valueGradient), Factor(shape, shape.OutputGradient, valueGradient), settings);
        if (biasGradient is not null) AddBias(engine, stage, problem, views, shape, biasGradient, settings);
        settings.Trace?.Tiling = $"{Name(byRows)} and {Name(square)} pairs, weights computed again, one pass each for queries, keys and values{(biasGradient is null ? "" : " and the bias")}";
    }

    /// <summary>Launches the pass of weights; it may still run on return.</summary>
    public static void Weights(AcceleratorEngine engine, AttentionStage stage, AttentionProblem problem, AttentionOrigin origin, in RunSettings settings)
    {
        AttentionShape shape = stage.Shape(origin);
        GradientViews views = Operands(stage, problem, ref shape);
        StagedTensor<float> logSums = stage.Queries(stage.Host.LogSumExp, stage.Residents?.LogSumExp, 1);
        StagedTensor<float>? weights = stage.PairResult(stage.Host.Weights, null, isAddedTo: false);
        if (weights is null) return;
        views.References = stage.Temporary(2 * shape.QueryRows).View;
        (views.Value, views.OutputGradient, views.Result) = (views.Key, logSums.View, weights.View);
        AttentionLaunches.Means(engine, logSums.View, logSums.View, logSums.View, views.References, Means(problem, shape, default, default, logSums.Strides, 0), settings);
        PairForm form = AttentionKernels.Pairs(AttentionDevicePlan.SquareOf(problem.Queries, problem.Keys, DeviceLimits.Of(engine)), isGradient: false, problem.Storage);
        PairSums sums = Sums(problem, form.Form, new(problem.Batch, problem.QueryHeads, problem.Batch, problem.QueryHeads, SharesQueries: false), sharesKeys: false);
        sums.Result = weights.Strides;
        Launch(engine, stage, form, problem, views, shape, sums, settings);
        settings.Trace?.Tiling = $"{form.Form} pairs";
    }

    private static GradientViews Operands(AttentionStage stage, AttentionProblem problem, ref AttentionShape shape)
    {
        StoredOperand query = stage.Query, key = stage.Key;
        (shape.Query, shape.Key) = (query.Strides, key.Strides);
        return new() { Query = query.View, Key = key.View, Rules = stage.Rules, Flags = stage.Flags };
    }

    private static MeansShape Means(AttentionProblem problem, in AttentionShape shape, in DeviceStrides output, in DeviceStrides gradient, in DeviceStrides logSums, int width) => new()
    {
        Rows = shape.QueryRows,
        Queries = (int)shape.HeadRows,
        Heads = problem.QueryHeads,
        Width = width,
        Output = output,
        Gradient = gradient,
        LogSumExp = logSums,
    };

    private static GradientViews Factor(GradientViews views, ArrayView<byte> factor, StagedTensor<float> result) => views with { Factor = factor, Result = result.View };

    private static AttentionShape Factor(AttentionShape shape, in DeviceStrides factor, StagedTensor<float> result) => shape with { Factor = factor, Result = result.Strides };

    private static void Launch(
        AcceleratorEngine engine, AttentionProblem problem, GradientForm form, int own, int others, GradientViews views, AttentionShape shape, in RunSettings settings)
    {
        ExecutionTrace? trace = settings.Trace;
        shape.Blocks = form.Form.BlocksOf(own);
        shape.Strips = form.Form.StripsOf(shape.ResultWidth);
        double flops = 2.0 * form.Form.Rows * others * (problem.Width + problem.ValueWidth + form.Form.Width);
        AttentionLaunches.InPieces(engine, (long)problem.Batch * problem.KeyHeads * shape.Blocks * shape.Strips, flops, settings, (first, count) =>
            form.Launch(engine, count, views, shape with { FirstGroup = first }, trace));
    }

    /// <summary>Every query head is a group's own; what adds to the same elements is shared out in chunks where it is much.</summary>
    private static void AddBias(AcceleratorEngine engine, AttentionStage stage, AttentionProblem problem, GradientViews views, AttentionShape shape, StagedTensor<float> result, in RunSettings settings)
    {
        DeviceLimits limits = DeviceLimits.Of(engine);
        PairForm form = AttentionKernels.Pairs(AttentionDevicePlan.SquareOf(problem.Queries, problem.Keys, limits), isGradient: true, problem.Storage);
        DeviceStrides strides = result.Strides;
        PairSums sums = Sums(problem, form.Form, BiasPieces.Of(problem, strides.Batch, strides.Head, strides.Row), sharesKeys: strides.Column == 0);
        if (sums.Groups == 0 || problem.Queries == 0 || problem.Keys == 0) return;
        long wanted = Math.Max(1, 4L * limits.ComputeUnits / sums.Groups);
        int chunks = (int)Math.Min(Math.Min(sums.Members, MostChunks), wanted);
        sums.ChunkMembers = (sums.Members + chunks - 1) / chunks;
        sums.Chunks = (sums.Members + sums.ChunkMembers - 1) / sums.ChunkMembers;
        long head = (long)sums.Queries * sums.Keys;
        sums.ChunkStride = head * sums.Heads * sums.Batch;
        sums.Result = DeviceStrides.Of(0, head * sums.Heads, head, sums.Keys, 1);
        views.Result = stage.Temporary(sums.Chunks * sums.ChunkStride).View;
        Launch(engine, stage, form, problem, views, shape, sums, settings);
        sums.Result = strides;
        AttentionLaunches.Sum(engine, views.Result, result.View, sums, settings);
    }

    private static PairSums Sums(AttentionProblem problem, in TileForm form, BiasPieces pieces, bool sharesKeys) => new()
    {
        Chunks = 1,
        ChunkMembers = pieces.Members,
        Members = pieces.Members,
        Batch = pieces.Batch,
        Heads = pieces.Heads,
        SharedHeads = pieces.Heads == 0 ? 1 : pieces.AllHeads / pieces.Heads,
        Queries = pieces.SharesQueries ? Math.Min(1, problem.Queries) : problem.Queries,
        Keys = sharesKeys ? Math.Min(1, problem.Keys) : problem.Keys,
        SharesQueries = pieces.SharesQueries ? 1 : 0,
        SharesKeys = sharesKeys ? 1 : 0,
        QueryBlocks = form.BlocksOf(problem.Queries),
        KeyBlocks = form.BlocksOf(problem.Keys),
    };

    private static void Launch(
        AcceleratorEngine engine, AttentionStage stage, PairForm form, AttentionProblem problem, GradientViews views, AttentionShape shape, PairSums sums, in RunSettings settings)
    {
        ExecutionTrace? trace = settings.Trace;
        (shape.KeyHeads, shape.KeyShare, shape.GroupSize) = (problem.QueryHeads, problem.GroupSize, 1);
        stage.Align(form.Form, ref shape, ref views.Rules);
        double turns = (double)sums.ChunkMembers * (sums.SharesQueries != 0 ? sums.QueryBlocks : 1) * (sums.SharesKeys != 0 ? sums.KeyBlocks : 1);
        double flops = 2 * turns * form.Form.Rows * form.Form.Columns * (problem.Width + problem.ValueWidth);
        AttentionLaunches.InPieces(engine, sums.Groups, flops, settings, (first, count) => form.Launch(engine, count, views, shape with { FirstGroup = first }, sums, trace));
    }

    private static string Name(AttentionTile tile) => tile switch
    {
        AttentionTile.Slim => "4 x 128",
        AttentionTile.Square32 => "32 x 32",
        _ => "64 x 64",
    };
}
