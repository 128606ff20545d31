using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Elastic distances of time series beside plain dynamic time warping: edit distances, and variants of warping.</summary>
/// <remarks>
/// <para>Definitions and defaults are those of aeon 1.5; sums are not rooted. A series is time, or time x channels; lengths may
/// differ, the number of channels may not. Series of several channels are aligned as vectors, but for move-split-merge.</para>
/// <para>A distance is +infinity where the window leaves no path. Cost: the product of the lengths, in cells of an alignment
/// table, for every pair; memory: a row of such a table per thread. Calls are thread-safe, and bits do not depend on the number
/// of threads.</para>
/// </remarks>
public static partial class ElasticDistance
{
    /// <summary>The measure that the options state, between two series.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">The measure, such as <see cref="ErpOptions"/>.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or options contradict each other.</exception>
    public static T Between<T>(Tensor<T> x, Tensor<T> y, ElasticOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(options);
        return Pair<T>(x.AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), options, NameOf(options));
    }

    /// <summary>The measure that the options state, between all series of x and all of y.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">The measure, such as <see cref="ErpOptions"/>.</param>
    /// <returns>series of x x series of y.</returns>
    /// <exception cref="ArgumentException">There is no series, one is empty or of another rank, channels differ, a sample is not finite, or options contradict each other.</exception>
    public static Tensor<T> Between<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y, ElasticOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(options);
        return Pairs(x, y, options, NameOf(options));
    }

    private static string NameOf(ElasticOptions options) => $"{nameof(ElasticDistance)}.{options.GetType().Name.Replace("Options", "", StringComparison.Ordinal)}";

    private static T Pair<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, ElasticOptions options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using ElasticPair<T> pair = new(x, y, options, operation);
        if (pair.IsNonFinite) return T.NaN;
        T distance = options is ShapeDtwOptions
            ? AlongPath(Warping.Alignments(pair.Engine, pair.Problem, pair.FromX, pair.FromY, pair.Settings)[0], pair.X, 0, pair.Y, 0)
            : Warping.Distance(pair.Engine, pair.Problem, pair.FromX, 0, pair.FromY, 0, pair.Settings);
        pair.Complete();
        return distance;
    }

    private static Tensor<T> Pairs<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y, ElasticOptions options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> rows = SeriesPacking.Pack(x, nameof(x), options.Missing);
        SeriesPack<T>? columns = y is null ? null : SeriesPacking.Pack(y, nameof(y), options.Missing);
        if (columns is not null) SeriesPacking.RequireSameChannels(rows, columns, nameof(x), nameof(y));
        WarpingProblem problem = options.Problem(rows.Channels);
        SeriesPack<T> fromX = options.Transform(rows);
        SeriesPack<T>? fromY = columns is null ? null : options.Transform(columns);
        return options is ShapeDtwOptions
            ? PairsOfShapes(rows, fromX, columns ?? rows, fromY ?? fromX, problem, options, operation)
            : SeriesDistances.Compute(fromX, fromY, problem, options.Missing, options, operation);
    }

    private static Tensor<T> PairsOfShapes<T>(
        SeriesPack<T> x, SeriesPack<T> shapesX, SeriesPack<T> y, SeriesPack<T> shapesY, WarpingProblem problem, ElasticOptions options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = Execution.Begin<T>(options, HostExecution.Device, operation);
        Tensor<T> distances = ResultTensor.Create<T>(operation, x.Count, y.Count);
        RunSettings settings = execution.Settings with { Progress = null };
        for (int i = 0; i < x.Count; i++)
        {
            bool isBroken = SeriesPacking.HasNonFinite<T>(x[i]);
            WarpingAlignment<T>?[] row = isBroken ? [] : Warping.Alignments(execution.Engine, problem, shapesX.Range(i, 1), shapesY, settings);
            for (int j = 0; j < y.Count; j++)
            {
                distances[i, j] = isBroken || SeriesPacking.HasNonFinite<T>(y[j]) ? T.NaN : AlongPath(row[j], x, i, y, j);
            }

            execution.Settings.Progress?.Report((i + 1.0) / x.Count);
        }

        execution.Complete<T>("pair by pair", (double)x.Steps * y.Steps, shapesX.Bytes + shapesY.Bytes);
        return distances;
    }

    /// <summary>The squared differences of the samples that an alignment matches; infinity where there is none.</summary>
    private static T AlongPath<T>(WarpingAlignment<T>? alignment, SeriesPack<T> x, int i, SeriesPack<T> y, int j)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (alignment is null) return T.PositiveInfinity;
        ReadOnlySpan<T> rows = x[i], columns = y[j];
        double sum = 0;
        for (int k = 0; k < alignment.X.Length; k++)
        {
            for (int c = 0; c < x.Channels; c++)
            {
                double difference = Element.ToDouble(rows[(alignment.X[k] * x.Channels) + c]) - Element.ToDouble(columns[(alignment.Y[k] * y.Channels) + c]);
                sum += difference * difference;
            }
        }

        return Element.Of<T>(sum);
    }
}
