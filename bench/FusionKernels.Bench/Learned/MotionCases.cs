using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>Motions of two sensors by attention across them.</summary>
internal static class MotionCases
{
    private const string Accelerometer = "accelerometer", Gyroscope = "gyroscope";

    /// <summary>For a seed: accuracy by both sensors; accuracy by the accelerometer alone, its class that of the nearest gyroscope record of the training rows; the share of accelerometer records of the test rows that find a gyroscope record of their class first.</summary>
    /// <remarks>The setting is that which finds the most, in mean average precision of both ways, over five folds of the training rows; the fit that is judged has all of them.</remarks>
    public static LearnedFigure[] Reach(LearnedData data, ulong seed)
    {
        (Views train, Views test) = (Read(data, "TRAIN"), Read(data, "TEST"));
        IReadOnlyList<ViewsSplit> folds = train.Folds(5, (int)seed);
        CrossModalOptions options = new() { BatchSize = 20, Epochs = 60, Seed = seed }, falling = options with { Optimizer = Falling(train.Rows, options) };
        CrossModalModel<float>? model = null;
        LearnedFigure first = LearnedFigure.Of(
            [("patches of 7, rate kept", options), ("patches of 7, rate falling to 0", falling), ("patches of 10, rate falling to 0", falling with { Patch = 10 })],
            setting => folds.Average(fold => Between(CrossModalAlignment.Fit<float>(fold.Train, ReferenceEquals(setting, options) ? setting : setting with { Optimizer = Falling(fold.Train.Rows, setting) }), fold)),
            found => found,
            (setting, _) => Named(model = CrossModalAlignment.Fit<float>(train, setting), test));
        LearnedFigure more = first with { Tried = null };
        return [first, more with { Value = Found(model!, Accelerometer, test, Gyroscope, train).RecallAt1 }, more with { Value = Found(model!, Accelerometer, test, Gyroscope, test).RecallAt1 }];
    }

    /// <summary>The method's own rule with a rate that falls to 0 with the last step.</summary>
    private static AdamW Falling(int rows, CrossModalOptions options) =>
        new() { LearningRate = 3e-3, WeightDecay = 0.01, ClipNorm = 1, WarmUpSteps = 10, CosineSteps = options.Epochs * ((rows + options.BatchSize - 1) / options.BatchSize) };

    /// <summary>The mean of what held records of either sensor find among the other's records of the fit.</summary>
    private static double Between(CrossModalModel<float> model, ViewsSplit fold) =>
        (Found(model, Accelerometer, fold.Test, Gyroscope, fold.Train).MeanAveragePrecision + Found(model, Gyroscope, fold.Test, Accelerometer, fold.Train).MeanAveragePrecision) / 2;

    /// <summary>How records of one sensor find the other's of their class.</summary>
    private static RetrievalScores Found(CrossModalModel<float> model, string sensor, Views asked, string other, Views among) =>
        Retrieval.Evaluate(model.Transform(sensor, asked[sensor]), model.Transform(other, among[other]), SimilarityMetric.Cosine, [.. asked.Labels!], [.. among.Labels!]).AToB;

    private static double Named(CrossModalModel<float> model, Views test)
    {
        int[] named = model.Predict(test);
        return Enumerable.Range(0, named.Length).Count(row => named[row] == test.Labels![row]) / (double)named.Length;
    }

    private static Views Read(LearnedData data, string part)
    {
        TimeSeriesSet<float> set = Ts.Read<float>(data.PathOf($"ucr/BasicMotions_{part}.ts"));
        return Views.Of((Accelerometer, Channels(0)), (Gyroscope, Channels(3))).WithLabels([.. set.Labels!.Indices]);

        Tensor<float>[] Channels(int first) => [.. set.Series.Select(one => one[.., first..(first + 3)])];
    }
}
