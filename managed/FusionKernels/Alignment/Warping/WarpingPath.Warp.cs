using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Bringing one modality onto the clock of the other.</content>
public sealed partial class WarpingPath
{
    /// <summary>Resamples a modality that runs with y onto the samples of x: each gets the mean of the samples that it is matched with.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="modality">time, or time x features, one row for each sample of y: y itself, or anything recorded with it.</param>
    /// <returns>As many rows as x has samples up to the path's last one; a sample that no pair holds lies between its neighbours, and one before the first pair is like the first.</returns>
    /// <exception cref="ArgumentException">The modality has fewer rows than the path needs, or another rank.</exception>
    public Tensor<T> WarpOntoX<T>(Tensor<T> modality)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Warp(modality, _x, _y, nameof(modality));

    /// <summary>Resamples a modality that runs with x onto the samples of y: each gets the mean of the samples that it is matched with.</summary>
    /// <param name="modality">time, or time x features, one row for each sample of x: x itself, or anything recorded with it.</param>
    /// <returns>As many rows as y has samples up to the path's last one; a sample that no pair holds lies between its neighbours, and one before the first pair is like the first.</returns>
    /// <inheritdoc cref="WarpOntoX{T}(Tensor{T})"/>
    public Tensor<T> WarpOntoY<T>(Tensor<T> modality)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Warp(modality, _y, _x, nameof(modality));

    /// <summary>The map between the clocks of the two series.</summary>
    /// <param name="timesX">The time of each sample of x, rising; in any unit.</param>
    /// <param name="timesY">The time of each sample of y, rising.</param>
    /// <exception cref="ArgumentException">There are fewer times than samples, or they fall.</exception>
    public ClockMap Clocks(ReadOnlySpan<double> timesX, ReadOnlySpan<double> timesY)
    {
        RequireTimes(timesX, _x[^1], nameof(timesX));
        RequireTimes(timesY, _y[^1], nameof(timesY));
        double[] x = new double[Count], y = new double[Count];
        for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (timesX[_x[i]], timesY[_y[i]]);
        return new(x, y);
    }

    /// <summary>The map between the clocks of two series that are sampled evenly from time 0 on.</summary>
    /// <param name="rateX">Samples of x per unit of time, above 0.</param>
    /// <param name="rateY">Samples of y per unit of time, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not a finite number above 0.</exception>
    public ClockMap Clocks(double rateX, double rateY)
    {
        RequireRate(rateX, nameof(rateX));
        RequireRate(rateY, nameof(rateY));
        return new(Array.ConvertAll(_x, sample => sample / rateX), Array.ConvertAll(_y, sample => sample / rateY));
    }

    private static Tensor<T> Warp<T>(Tensor<T> modality, int[] onto, int[] from, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(modality, name);
        if (modality.Rank is not (1 or 2) || modality.Lengths[0] <= from[^1])
        {
            throw new ArgumentException($"'{name}' is {Shape.Of(modality.Lengths)}; the path needs time, or time x features, with at least {from[^1] + 1} rows", name);
        }

        int features = modality.Rank == 2 ? checked((int)modality.Lengths[1]) : 1;
        T[] values = new T[modality.FlattenedLength];
        modality.FlattenTo(values);
        int rows = onto[^1] + 1;
        double[] sums = new double[checked(rows * features)];
        int[] matches = new int[rows];
        for (int i = 0; i < onto.Length; i++)
        {
            matches[onto[i]]++;
            for (int f = 0; f < features; f++) sums[(onto[i] * features) + f] += double.CreateChecked(values[(from[i] * features) + f]);
        }

        for (int row = 0; row < rows; row++)
        {
            for (int f = 0; f < features && matches[row] > 1; f++) sums[(row * features) + f] /= matches[row];
        }

        FillGaps(sums, matches, features);
        T[] warped = Array.ConvertAll(sums, T.CreateChecked);
        return modality.Rank == 2 ? Tensor.Create(warped, [rows, features]) : Tensor.Create(warped, [rows]);
    }

    /// <summary>Rows that no pair holds: on the line between the rows around them; before the first one, like it.</summary>
    private static void FillGaps(double[] values, int[] matches, int features)
    {
        int before = -1;
        for (int row = 0; row < matches.Length; row++)
        {
            if (matches[row] == 0) continue;
            for (int gap = before + 1; gap < row; gap++)
            {
                double part = before < 0 ? 1 : (gap - before) / (double)(row - before);
                for (int f = 0; f < features; f++)
                {
                    double from = before < 0 ? 0 : values[(before * features) + f];
                    values[(gap * features) + f] = from + (part * (values[(row * features) + f] - from));
                }
            }

            before = row;
        }
    }

    private static void RequireTimes(ReadOnlySpan<double> times, int last, string name)
    {
        if (times.Length <= last) throw new ArgumentException($"'{name}' holds {times.Length} times; the path needs {last + 1}, one for each sample", name);
        for (int i = 0; i < times.Length; i++)
        {
            if (!double.IsFinite(times[i]) || (i > 0 && times[i] < times[i - 1]))
            {
                throw new ArgumentException(FormattableString.Invariant($"{name}[{i}] is {times[i]}: times are finite and never fall"), name);
            }
        }
    }

    private static void RequireRate(double rate, string name)
    {
        if (!(rate > 0) || double.IsInfinity(rate)) throw new ArgumentOutOfRangeException(name, rate, "a rate is a finite number above 0");
    }
}
