using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Two series on their way to an engine under an elastic measure.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct ElasticPair<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Execution _execution;

    /// <summary>Checks, packs and transforms the series.</summary>
    /// <param name="x">time, or time x channels.</param>
    /// <param name="y">The same with as many channels.</param>
    /// <param name="options">The measure; one pair is for the host unless a device is named.</param>
    /// <param name="operation">The operation's public name.</param>
    /// <exception cref="ArgumentException">A series or the options are wrong.</exception>
    public ElasticPair(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, ElasticOptions options, string operation)
    {
        (X, Y) = (SeriesPacking.PackOne(x, nameof(x), options.Missing), SeriesPacking.PackOne(y, nameof(y), options.Missing));
        SeriesPacking.RequireSameChannels(X, Y, nameof(x), nameof(y));
        Problem = options.Problem(X.Channels);
        IsNonFinite = SeriesPacking.HasNonFinite<T>(X[0]) || SeriesPacking.HasNonFinite<T>(Y[0]);
        (FromX, FromY) = (options.Transform(X), options.Transform(Y));
        _execution = Execution.Begin<T>(options, HostExecution.Device, operation);
    }

    /// <summary>What is computed.</summary>
    public WarpingProblem Problem { get; }

    /// <summary>x as it was given.</summary>
    public SeriesPack<T> X { get; }

    /// <summary>y as it was given.</summary>
    public SeriesPack<T> Y { get; }

    /// <summary>What of x is aligned.</summary>
    public SeriesPack<T> FromX { get; }

    /// <summary>What of y is aligned.</summary>
    public SeriesPack<T> FromY { get; }

    /// <summary>Whether a sample that is not finite makes the distance NaN.</summary>
    public bool IsNonFinite { get; }

    /// <summary>Who runs it.</summary>
    public Engine Engine => _execution.Engine;

    /// <summary>How to run it.</summary>
    public RunSettings Settings => _execution.Settings;

    /// <summary>Refuses what has a distance but no path or table.</summary>
    /// <exception cref="ArgumentException">A sample is not finite.</exception>
    public void RequireFinite()
    {
        if (IsNonFinite) throw new ArgumentException($"{Settings.Operation}: a series holds a sample that is not finite, so there is no path: fill it");
    }

    /// <summary>Tells what ran, where somebody asked.</summary>
    public void Complete() => _execution.Complete<T>("one pair", (double)FromX.Steps * FromY.Steps, FromX.Bytes + FromY.Bytes);

    /// <inheritdoc/>
    public void Dispose() => _execution.Dispose();
}
