using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>The members of a barycentre, checked, with everything that the methods of searching share.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class BarycenterSearch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Execution _execution;
    private readonly BarycenterOptions _options;
    private readonly bool _isVector;

    /// <summary>Checks members, options and the start.</summary>
    /// <exception cref="ArgumentException">They do not fit each other.</exception>
    public BarycenterSearch(IReadOnlyList<Tensor<T>> series, Tensor<T>? start, BarycenterOptions options, in Execution execution)
    {
        (_options, _execution) = (options, execution);
        Members = SeriesPacking.Pack(series, nameof(series), options.Missing);
        _isVector = series[0].Rank == 1;
        ArgumentOutOfRangeException.ThrowIfNegative(options.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Iterations);
        ArgumentNullException.ThrowIfNull(options.Window);
        if (!(options.Tolerance >= 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Tolerance, $"{nameof(options.Tolerance)} must be 0 or more");
        Weights = WeightsOf(options.Weights, Members.Count);
        Problem = new() { Window = options.Window, SkipsMissing = options.Missing == MissingSamples.Skip };
        RequireEveryChannel(nameof(series));
        if (start is null)
        {
            Length = options.Length == 0 ? Members.LongestLength : options.Length;
            Point = IsNonFinite ? new double[Length * Members.Channels] : BarycenterStarts.Compute(this, options.Start, Length);
        }
        else
        {
            SeriesPack<T> given = SeriesPacking.PackOne<T>(start.AsReadOnlyTensorSpan(), nameof(start), MissingSamples.Reject);
            SeriesPacking.RequireSameChannels(Members, given, nameof(series), nameof(start));
            if (options.Length != 0 && options.Length != given.Lengths[0])
            {
                throw new ArgumentException($"the start has {given.Lengths[0]} samples, the options ask for {options.Length}: leave {nameof(options.Length)} out", nameof(start));
            }

            Length = given.Lengths[0];
            Point = Array.ConvertAll(given.Values, double.CreateChecked);
        }
    }

    /// <summary>The members.</summary>
    public SeriesPack<T> Members { get; }

    /// <summary>Their weights, which add up to 1.</summary>
    public double[] Weights { get; }

    /// <summary>Samples of the barycentre.</summary>
    public int Length { get; }

    /// <summary>The start: time x channels.</summary>
    public double[] Point { get; }

    /// <summary>Who computes.</summary>
    public Engine Engine => _execution.Engine;

    /// <summary>How.</summary>
    public RunSettings Settings => _execution.Parts;

    /// <summary>Dynamic time warping of squared costs in the options' window.</summary>
    public WarpingProblem Problem { get; }

    /// <summary>Whether a sample of a member that counts makes the barycentre NaN.</summary>
    public bool IsNonFinite => _options.Missing == MissingSamples.Propagate
        && Enumerable.Range(0, Members.Count).Any(k => Weights[k] > 0 && SeriesPacking.HasNonFinite<T>(Members[k]));

    /// <summary>Whether an iteration's decrease is too small to go on.</summary>
    public bool IsSettled(double before, double now) => before - now < _options.Tolerance * Math.Max(1, Math.Abs(before));

    /// <summary>Tells how far the search is.</summary>
    public void Report(int iteration) => _options.Progress?.Report(Math.Min(1, iteration / (double)Math.Max(1, _options.Iterations)));

    /// <summary>A point as the kernels read it.</summary>
    public SeriesPack<T> Pack(double[] point)
    {
        SeriesPack<T> pack = new([Length], Members.Channels);
        for (int i = 0; i < point.Length; i++) pack.Values[i] = T.CreateChecked(point[i]);
        return pack;
    }

    /// <summary>The result in the members' shape.</summary>
    public BarycenterResult<T> Result(double[] point, List<double> costs, bool converged)
    {
        T[] values = Array.ConvertAll(point, T.CreateChecked);
        _execution.Skipped(Members.MissingValues);
        _execution.CompleteWhole<T>($"{costs.Count} passes over {Members.Count} series", 3.0 * costs.Count * Length * Members.Steps * Members.Channels, (long)(values.Length + Members.Values.Length) * Element.SizeOf<T>());
        return new(Tensor.Create(values, _isVector ? [Length] : [Length, Members.Channels]), costs, converged) { SkippedValues = Members.MissingValues };
    }

    /// <summary>What is computed of samples that propagate.</summary>
    public BarycenterResult<T> NotANumber()
    {
        Array.Fill(Point, double.NaN);
        return Result(Point, [double.NaN], converged: false);
    }

    /// <summary>Refuses members that say nothing at all about a channel.</summary>
    /// <exception cref="ArgumentException">All samples of a channel are missing.</exception>
    private void RequireEveryChannel(string name)
    {
        if (_options.Missing != MissingSamples.Skip) return;
        for (int channel = 0; channel < Members.Channels; channel++)
        {
            int c = channel;
            bool isThere = Enumerable.Range(0, Members.Count).Any(k => Weights[k] > 0 && Enumerable.Range(0, Members.Lengths[k]).Any(step => !T.IsNaN(Members[k][(step * Members.Channels) + c])));
            if (!isThere) throw new ArgumentException($"all samples of channel {channel} are missing, so nothing is known of its barycentre: leave the channel out", name);
        }
    }

    /// <summary>Weights that add up to 1.</summary>
    /// <exception cref="ArgumentException">They do not fit the members.</exception>
    public static double[] WeightsOf(IReadOnlyList<double>? weights, int count)
    {
        if (weights is null)
        {
            double[] equal = new double[count];
            Array.Fill(equal, 1.0 / count);
            return equal;
        }

        if (weights.Count != count) throw new ArgumentException($"there are {weights.Count} weights for {count} series: one for each is needed", nameof(weights));
        double sum = 0;
        for (int k = 0; k < count; k++)
        {
            if (!(weights[k] >= 0) || double.IsInfinity(weights[k])) throw new ArgumentException(FormattableString.Invariant($"weight {k} is {weights[k]}: weights are finite numbers of 0 or more"), nameof(weights));
            sum += weights[k];
        }

        if (sum == 0) throw new ArgumentException("all weights are 0: at least one series must count", nameof(weights));
        return [.. weights.Select(weight => weight / sum)];
    }
}
