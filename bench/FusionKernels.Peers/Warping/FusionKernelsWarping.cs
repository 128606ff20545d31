using System.Numerics.Tensors;

namespace FusionKernels.Peers;

/// <summary>Our warping of series that a contest draws.</summary>
internal sealed class FusionKernelsWarping : RatedContestant
{
    private readonly ComputeDevice _host = ComputeDevice.Open("host");
    private readonly Action<DtwOptions> _run;
    private readonly Func<double> _maxError;
    private readonly DtwOptions _options;

    private FusionKernelsWarping(string name, string part, double cells, DtwOptions options, Action<DtwOptions> run, Func<double> maxError)
    {
        (Name, Part, Units) = (name, part, cells / 1e9);
        _options = options with { Device = _host };
        (_run, _maxError) = (run, maxError);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Part { get; }

    /// <inheritdoc/>
    public override double Units { get; }

    /// <summary>All pairs of a set of series of one length.</summary>
    /// <param name="pairs">The set.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="name">The contestant's name.</param>
    public static FusionKernelsWarping AllPairs<T>(WarpingPairs pairs, int threads, string name)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> series = Tensor.Create(Array.ConvertAll(pairs.Rows, T.CreateChecked), [pairs.Series, pairs.Length]);
        Tensor<T> distances = series;
        DtwOptions options = new() { Threads = threads, Window = pairs.Radius is { } radius ? WarpingWindow.Radius(radius) : WarpingWindow.None };
        return new(
            name,
            typeof(T) == typeof(float) ? "all, float32" : "all, float64",
            pairs.Cells(pairs.Series),
            options,
            asked => distances = Dtw.Distances(series, asked),
            () => Bench.Samples.MaxError(pairs.Series, pairs.Series, (row, column) => double.CreateChecked(distances[row, column]), pairs.Reference));
    }

    /// <summary>All pairs of series of lengths between two.</summary>
    public static FusionKernelsWarping Ragged(int series, int shortest, int longest)
    {
        Random random = new(5);
        Tensor<float>[] set = [.. Enumerable.Range(0, series).Select(_ => Walk(random, random.Next(shortest, longest + 1), 1))];
        double steps = set.Sum(one => (double)one.Lengths[0]), squares = set.Sum(one => (double)one.Lengths[0] * one.Lengths[0]);
        return new($"{ContestRun.OurName}", "all, float32", ((steps * steps) - squares) / 2, new() { Threads = 1 }, asked => Dtw.Distances(set, asked), () => double.NaN);
    }

    /// <summary>All pairs of series of several channels, as vectors.</summary>
    public static FusionKernelsWarping Channels(int series, int length, int channels)
    {
        Random random = new(6);
        Tensor<float>[] set = [.. Enumerable.Range(0, series).Select(_ => Walk(random, length, channels))];
        return new($"{ContestRun.OurName}", "all, float32", series * (series - 1.0) / 2 * length * length, new() { Threads = 1 }, asked => Dtw.Distances(set, asked), () => double.NaN);
    }

    /// <summary>One long pair: its distance, or its path.</summary>
    public static FusionKernelsWarping Pair(int length, bool isPath)
    {
        Random random = new(7);
        Tensor<float> x = Walk(random, length, 1), y = Walk(random, length, 1);
        float distance = 0;
        return new(
            isPath ? $"{ContestRun.OurName}, path" : ContestRun.OurName,
            "whole, float32",
            (double)length * length,
            new() { Threads = 1 },
            asked => distance = isPath ? Dtw.Align(x, y, asked).Distance : Dtw.Distance(x, y, asked),
            () => Error(distance, Math.Sqrt(WarpingReference.LeastCost(Doubles(x), Doubles(y), length, double.PositiveInfinity))));
    }

    /// <summary>Soft alignments of all pairs, or of as many pairs with both gradients.</summary>
    public static FusionKernelsWarping Soft(int series, int length, bool withGradients)
    {
        Random random = new(8);
        Tensor<float>[] set = [.. Enumerable.Range(0, series).Select(_ => Walk(random, length, 1))];
        SoftDtwOptions soft = new() { Threads = 1, Gamma = 1 };
        double table = (double)length * length;
        return withGradients
            ? new($"{ContestRun.OurName}, gradients", "float32", (series - 1) * table, new(), asked => SoftDtw.ValuesAndGradients(set[..^1], set[1..], soft with { Device = asked.Device }), () => double.NaN)
            : new(ContestRun.OurName, "all, float32", series * (series + 1.0) / 2 * table, new(), asked => SoftDtw.Distances(set, soft with { Device = asked.Device }), () => double.NaN);
    }

    /// <inheritdoc/>
    public override void Run() => _run(_options);

    /// <inheritdoc/>
    public override double MaxError() => _maxError();

    /// <inheritdoc/>
    public override void Dispose() => _host.Dispose();

    private static double Error(double value, double reference) => Math.Abs(value - reference) / reference;

    private static double[] Doubles(Tensor<float> series) => [.. series.ToArray().Select(value => (double)value)];

    private static Tensor<float> Walk(Random random, int length, int channels)
    {
        float[] values = new float[length * channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double[] walk = RandomWalk.Draw(random, length);
            RandomWalk.Normalize(walk);
            for (int i = 0; i < length; i++) values[(i * channels) + channel] = (float)walk[i];
        }

        return channels == 1 ? Tensor.Create(values, [length]) : Tensor.Create(values, [length, channels]);
    }
}
