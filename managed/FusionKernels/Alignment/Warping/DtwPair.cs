using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Two series on their way to an engine.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct DtwPair<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Execution _execution;
    private readonly DtwOptions _options;

    /// <summary>Checks and packs the series.</summary>
    /// <param name="x">time, or time x channels.</param>
    /// <param name="y">The same with as many channels.</param>
    /// <param name="options">What is computed, and how; one pair is for the host unless a device is named.</param>
    /// <param name="operation">The operation's public name.</param>
    /// <param name="isForPath">Whether the order of equal steps matters.</param>
    /// <exception cref="ArgumentException">A series or the options are wrong.</exception>
    public DtwPair(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, DtwOptions? options, string operation, bool isForPath = true)
    {
        _options = options ?? new();
        Problem = _options.Problem(isForPath);
        X = SeriesPacking.PackOne(x, nameof(x), _options.Missing);
        Y = SeriesPacking.PackOne(y, nameof(y), _options.Missing);
        SeriesPacking.RequireSameChannels(X, Y, nameof(x), nameof(y));
        IsNonFinite = _options.Missing == MissingSamples.Propagate
            && (SeriesPacking.HasNonFinite<T>(X.Values) || SeriesPacking.HasNonFinite<T>(Y.Values));
        _execution = Execution.Begin<T>(options, HostExecution.Device, operation);
        _execution.Skipped(X.MissingValues + Y.MissingValues);
    }

    /// <summary>What is computed.</summary>
    public WarpingProblem Problem { get; }

    /// <summary>x, the only series of its pack.</summary>
    public SeriesPack<T> X { get; }

    /// <summary>y, the only series of its pack.</summary>
    public SeriesPack<T> Y { get; }

    /// <summary>Whether a sample that is not finite makes the distance NaN.</summary>
    public bool IsNonFinite { get; }

    /// <summary>Who runs it.</summary>
    public Engine Engine => _execution.Engine;

    /// <summary>How to run it.</summary>
    public RunSettings Settings => _execution.Settings;

    /// <summary>Refuses what has a distance but no single path or table.</summary>
    /// <exception cref="ArgumentException">Channels are aligned one by one, or a sample is not finite.</exception>
    public void RequirePath()
    {
        if (Problem.Independent && X.Channels > 1)
        {
            throw new ArgumentException($"{Settings.Operation}: channels that are aligned one by one have a path each, not one together; align them one at a time, or as vectors ({nameof(ChannelAlignment.Dependent)})");
        }

        if (IsNonFinite) throw new ArgumentException($"{Settings.Operation}: a series holds a sample that is not finite, so there is no path; ask for {nameof(MissingSamples)}.{nameof(MissingSamples.Skip)}");
    }

    /// <summary>The sum over the lengths that the step pattern names; null where it names none.</summary>
    public T? Normalized(WarpingAlignment<T> found) => Normalized(found, _options.Step);

    /// <summary>The sum over the lengths that a step pattern names; null where it names none.</summary>
    public static T? Normalized(WarpingAlignment<T> found, StepPattern step)
    {
        // With open ends, the lengths of what was matched.
        T x = T.CreateChecked(found.X[^1] - found.X[0] + 1), y = T.CreateChecked(found.Y[^1] - found.Y[0] + 1);
        return step.Normalization switch
        {
            StepNormalization.X => found.EndValue / x,
            StepNormalization.Y => found.EndValue / y,
            StepNormalization.XPlusY => found.EndValue / (x + y),
            _ => null,
        };
    }

    /// <summary>Tells what ran, where somebody asked.</summary>
    public T Complete(T result)
    {
        if (!_execution.IsReported) return result;
        WarpingPlan plan = new(Problem, X.Lengths, Y.Lengths, isSymmetric: false, X.Channels, Kernels.Simd.Element.SizeOf<T>());
        _execution.Complete<T>("one pair", plan.TableCells, plan.InputBytes);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _execution.Dispose();
}
