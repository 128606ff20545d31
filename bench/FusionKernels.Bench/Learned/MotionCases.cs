using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>Motions of two sensors by attention across them.</summary>
/// <remarks>The setting is that which finds the most, in mean average precision of both ways, over five folds of the 40 training rows, drawn three times, once for all seeds: one drawing of eight rows a fold is decided by chance. What is judged is fitted to all rows.</remarks>
internal sealed class MotionCases(LearnedData data)
{
    private const string Accelerometer = "accelerometer", Gyroscope = "gyroscope";
    private const int Draws = 3;

    private readonly Dictionary<ulong, double[]> _reached = [];
    private (string Name, CrossModalOptions Setting, double Reached)[]? _tried;

    /// <summary>For a seed: accuracy by both sensors; accuracy by the accelerometer alone, its class that of the nearest gyroscope record of the training rows; the share of accelerometer records of the test rows that find a gyroscope record of their class first.</summary>
    public LearnedFigure Reach(ulong seed, int measure)
    {
        (Views train, Views test) = (Read("TRAIN"), Read("TEST"));
        _tried ??= Try(train);
        (string name, CrossModalOptions setting, _) = _tried.MaxBy(one => one.Reached);
        if (!_reached.TryGetValue(seed, out double[]? reached))
        {
            CrossModalModel<float> model = Fit(train, setting, seed);
            _reached[seed] = reached = [Named(model, test), Found(model, Accelerometer, test, Gyroscope, train).RecallAt1, Found(model, Accelerometer, test, Gyroscope, test).RecallAt1];
        }

        return new(reached[measure], name, measure == 0 ? [.. _tried.Select(one => (one.Name, one.Reached))] : null);
    }

    private static (string Name, CrossModalOptions Setting, double Reached)[] Try(Views train)
    {
        CrossModalOptions options = new() { BatchSize = 20, Epochs = 60 };
        (string Name, CrossModalOptions Setting)[] settings = [("patches of 7, rate kept", options), ("patches of 7, rate falling to 0", Falling(options)), ("patches of 10, rate falling to 0", Falling(options) with { Patch = 10 })];
        (ulong Seed, ViewsSplit Fold)[] folds = [.. Enumerable.Range(1, Draws).SelectMany(draw => train.Folds(5, draw).Select(fold => ((ulong)draw, fold)))];
        return [.. settings.Select(one => (one.Name, one.Setting, folds.Average(part => Between(Fit(part.Fold.Train, one.Setting, part.Seed), part.Fold))))];
    }

    /// <summary>Fits a setting; a rate that falls is 0 at the last step, however many rows there are.</summary>
    private static CrossModalModel<float> Fit(Views rows, CrossModalOptions setting, ulong seed) => CrossModalAlignment.Fit<float>(rows, setting with
    {
        Seed = seed,
        Optimizer = setting.Optimizer.CosineSteps == 0 ? setting.Optimizer : setting.Optimizer with { CosineSteps = setting.Epochs * ((rows.Rows + setting.BatchSize - 1) / setting.BatchSize) },
    });

    private static CrossModalOptions Falling(CrossModalOptions options) => options with { Optimizer = options.Optimizer with { WarmUpSteps = 10, CosineSteps = 1 } };

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

    private Views Read(string part)
    {
        TimeSeriesSet<float> set = Ts.Read<float>(data.PathOf($"ucr/BasicMotions_{part}.ts"));
        return Views.Of((Accelerometer, Channels(0)), (Gyroscope, Channels(3))).WithLabels([.. set.Labels!.Indices]);

        Tensor<float>[] Channels(int first) => [.. set.Series.Select(one => one[.., first..(first + 3)])];
    }
}
