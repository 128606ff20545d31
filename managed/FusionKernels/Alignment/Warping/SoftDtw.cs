using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.SoftForms;

namespace FusionKernels;

/// <summary>Soft dynamic time warping: -gamma ln of the sum over all alignments of exp(-cost / gamma), which is smooth in both series (Cuturi and Blondel 2017).</summary>
/// <remarks>
/// <para>Costs are squared differences, summed over the channels. Series are time, or time x channels; lengths may differ. The
/// value lies below the least cost and may be negative, also for equal series: where a distance is wanted, take the
/// <see cref="Divergence{T}(Tensor{T}, Tensor{T}, SoftDtwOptions?)"/>.</para>
/// <para>Sums over alignments are held as significands with exponents of their own, so every gamma from 1e-3 to 1e3 keeps its
/// digits in float32 and float64. A value costs about 30 operations a cell, a gradient about twice that; memory is a few
/// diagonals of the table for a value, and diagonals times the square root of their number for a gradient.</para>
/// <para>Samples that are not finite are refused with their place unless <see cref="SoftDtwOptions.Missing"/> says otherwise. Values run on any device, where they are held as logarithms
/// and lose the digits that their size takes; derivatives keep them there, too. Results do not depend on the number of threads.
/// Thread-safe.</para>
/// </remarks>
public static partial class SoftDtw
{
    /// <summary>The value of two series.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels.</param>
    /// <param name="y">time, or time x channels; as many channels as x.</param>
    /// <param name="options">Gamma, window, threads; null for the defaults.</param>
    /// <returns>The value, in the unit of squared samples; infinity where the window leaves no path.</returns>
    /// <exception cref="ArgumentException">A series is empty, of a rank other than 1 and 2, or holds a sample that is not finite; channels differ; the window has holes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Gamma is not a finite number above 0.</exception>
    /// <exception cref="NumericalException">Squared differences over gamma exceed the range of the element.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static T Value<T>(Tensor<T> x, Tensor<T> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Single(Pack(x, nameof(x), options), Pack(y, nameof(y), options), isCentred: false, options, "SoftDtw.Value");

    /// <inheritdoc cref="Value{T}(Tensor{T}, Tensor{T}, SoftDtwOptions?)"/>
    public static T Value<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Single(Pack(x, nameof(x), options), Pack(y, nameof(y), options), isCentred: false, options, "SoftDtw.Value");

    /// <summary>The value of two series and its gradients with respect to both.</summary>
    /// <returns>The value and gradients of the shapes of x and y, in the unit of samples.</returns>
    /// <exception cref="ArgumentException">As for a value; or the window leaves no path, so that there is no derivative; or more than 2 GiB of working memory are needed.</exception>
    /// <inheritdoc cref="Value{T}(Tensor{T}, Tensor{T}, SoftDtwOptions?)"/>
    public static SoftDtwGradient<T> ValueAndGradient<T>(Tensor<T> x, Tensor<T> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SoftProblem problem = ProblemOf(options);
        (SeriesPack<T> packX, SeriesPack<T> packY) = PackTwo(x, y, options);
        SoftGradient<T> gradient = SoftAlignments.Gradients(problem, packX, packY, [(0, 0)], MissingOf(options), options, "SoftDtw.ValueAndGradient")[0];
        return Public(problem, gradient, x.Lengths, y.Lengths);
    }

    /// <summary>Values and gradients of many pairs: of x[i] with y[i], for every i, shared over the threads.</summary>
    /// <param name="x">Series of any lengths.</param>
    /// <param name="y">As many series.</param>
    /// <param name="options">Gamma, window, threads; null for the defaults.</param>
    /// <returns>One for each pair.</returns>
    /// <exception cref="ArgumentException">As for one pair; or there are not as many series in y as in x.</exception>
    /// <inheritdoc cref="ValueAndGradient{T}"/>
    public static IReadOnlyList<SoftDtwGradient<T>> ValuesAndGradients<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SoftProblem problem = ProblemOf(options);
        SeriesPack<T> packX = SeriesPacking.Pack(x, nameof(x), MissingOf(options)), packY = SeriesPacking.Pack(y, nameof(y), MissingOf(options));
        SeriesPacking.RequireSameChannels(packX, packY, nameof(x), nameof(y));
        if (x.Count != y.Count) throw new ArgumentException($"x holds {x.Count} series, y {y.Count}: pairs need as many of both", nameof(y));
        (int, int)[] pairs = [.. Enumerable.Range(0, x.Count).Select(i => (i, i))];
        SoftGradient<T>[] gradients = SoftAlignments.Gradients(problem, packX, packY, pairs, MissingOf(options), options, "SoftDtw.ValuesAndGradients");
        return [.. gradients.Select((gradient, i) => Public(problem, gradient, x[i].Lengths, y[i].Lengths))];
    }

    /// <summary>The divergence of two series: the value less the mean of either's value against itself (Blondel, Mensch and Vert 2021).</summary>
    /// <returns>0 for equal series, and above 0 for others in all known cases; symmetric.</returns>
    /// <inheritdoc cref="Value{T}(Tensor{T}, Tensor{T}, SoftDtwOptions?)"/>
    public static T Divergence<T>(Tensor<T> x, Tensor<T> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Single(Pack(x, nameof(x), options), Pack(y, nameof(y), options), isCentred: true, options, "SoftDtw.Divergence");

    /// <inheritdoc cref="Divergence{T}(Tensor{T}, Tensor{T}, SoftDtwOptions?)"/>
    public static T Divergence<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Single(Pack(x, nameof(x), options), Pack(y, nameof(y), options), isCentred: true, options, "SoftDtw.Divergence");

    /// <summary>The divergence of two series and its gradients with respect to both.</summary>
    /// <inheritdoc cref="ValueAndGradient{T}"/>
    public static SoftDtwGradient<T> DivergenceAndGradient<T>(Tensor<T> x, Tensor<T> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SoftProblem problem = ProblemOf(options);
        (SeriesPack<T> packX, SeriesPack<T> packY) = PackTwo(x, y, options);
        SeriesPack<T> both = Joined(packX, packY);
        SoftGradient<T>[] gradients = SoftAlignments.Gradients(problem, both, both, [(0, 1), (0, 0), (1, 1)], MissingOf(options), options, "SoftDtw.DivergenceAndGradient");
        return new(
            T.CreateChecked(problem.Unit * (gradients[0].Value - (0.5 * (gradients[1].Value + gradients[2].Value)))),
            Tensor.Create(LessMean(gradients[0].X, gradients[1]), x.Lengths),
            Tensor.Create(LessMean(gradients[0].Y, gradients[2]), y.Lengths));
    }

    /// <summary>The expected alignment: the share of all alignments, weighted by exp(-cost / gamma), that match sample i of x with sample j of y; the derivative of the value with respect to the costs.</summary>
    /// <returns>time of x, time of y; from 0 to 1, 1 in the first and the last pair, 0 outside the window.</returns>
    /// <exception cref="InvalidOperationException">Memory does not hold the table; its bytes are named.</exception>
    /// <inheritdoc cref="ValueAndGradient{T}"/>
    public static Tensor<T> ExpectedAlignment<T>(Tensor<T> x, Tensor<T> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SoftProblem problem = ProblemOf(options);
        (SeriesPack<T> packX, SeriesPack<T> packY) = PackTwo(x, y, options);
        int rows = packX.Lengths[0], columns = packY.Lengths[0];
        Warping.RequireTableFits<T>(rows, columns, "SoftDtw.ExpectedAlignment", "ask for the value and its gradients, which keep no table, or thin the series out");
        using Execution execution = Execution.Begin<T>(options, "SoftDtw.ExpectedAlignment");
        execution.Skipped(packX.MissingValues + packY.MissingValues);
        T[] expected = HostArray.Create<T>("SoftDtw.ExpectedAlignment", rows, columns);
        Soft.Expected<T>(execution.Engine, problem, packX, packY, expected, execution.Settings);
        SoftAlignments.Complete<T>(execution, problem, packX, packY, passes: 2);
        if (MissingOf(options) == MissingSamples.Propagate && (SeriesPacking.HasNonFinite<T>(packX[0]) || SeriesPacking.HasNonFinite<T>(packY[0]))) Array.Fill(expected, T.NaN);
        return Tensor.Create(expected, [rows, columns]);
    }

    private static MissingSamples MissingOf(SoftDtwOptions? options) => options?.Missing ?? MissingSamples.Reject;

    private static SoftProblem ProblemOf(SoftDtwOptions? options) => SoftProblem.SoftDtw(
        SoftAlignments.Positive(options?.Gamma ?? 1, nameof(SoftDtwOptions.Gamma)),
        SoftAlignments.Contiguous(options?.Window ?? WarpingWindow.None),
        MissingOf(options) == MissingSamples.Skip);

    private static T Single<T>(SeriesPack<T> x, SeriesPack<T> y, bool isCentred, SoftDtwOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SoftProblem problem = ProblemOf(options);
        return SoftAlignments.Matrix(problem, new SoftFinish(problem.Unit, IsExponential: false, isCentred), x, y, MissingOf(options), "x", "y", options, operation)[0, 0];
    }

    private static SeriesPack<T> Pack<T>(Tensor<T> series, string name, SoftDtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series, name);
        return SeriesPacking.PackOne<T>(series.AsReadOnlyTensorSpan(), name, MissingOf(options));
    }

    private static SeriesPack<T> Pack<T>(ReadOnlySpan<T> series, string name, SoftDtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SeriesPacking.PackOne(new ReadOnlyTensorSpan<T>(series), name, MissingOf(options));

    private static (SeriesPack<T> X, SeriesPack<T> Y) PackTwo<T>(Tensor<T> x, Tensor<T> y, SoftDtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> packX = Pack(x, nameof(x), options), packY = Pack(y, nameof(y), options);
        SeriesPacking.RequireSameChannels(packX, packY, nameof(x), nameof(y));
        return (packX, packY);
    }

    private static SeriesPack<T> Joined<T>(SeriesPack<T> x, SeriesPack<T> y)
        where T : unmanaged
    {
        SeriesPack<T> both = new([x.Lengths[0], y.Lengths[0]], x.Channels) { MissingValues = x.MissingValues + y.MissingValues };
        x[0].CopyTo(both[0]);
        y[0].CopyTo(both[1]);
        return both;
    }

    private static T[] LessMean<T>(T[] gradient, SoftGradient<T> own)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateChecked(0.5);
        T[] result = new T[gradient.Length];
        for (int i = 0; i < result.Length; i++) result[i] = gradient[i] - (half * (own.X[i] + own.Y[i]));
        return result;
    }

    private static SoftDtwGradient<T> Public<T>(SoftProblem problem, SoftGradient<T> gradient, ReadOnlySpan<nint> shapeX, ReadOnlySpan<nint> shapeY)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(T.CreateChecked(problem.Unit * gradient.Value), Tensor.Create(gradient.X, shapeX), Tensor.Create(gradient.Y, shapeY));
}
