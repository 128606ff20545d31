using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>A series as a drawing shows it.</summary>
/// <param name="Name">What stands beside it.</param>
/// <param name="Channels">The values of each channel that is drawn, at least one.</param>
internal sealed record PlotSeries(string Name, IReadOnlyList<double[]> Channels)
{
    /// <summary>More lines on top of one another cannot be told apart.</summary>
    private const int MaximumChannels = 6;

    private const int MaximumName = 34;

    /// <summary>Samples.</summary>
    public int Length => Channels[0].Length;

    /// <summary>The least finite value; 0 where there is none.</summary>
    public double Minimum => Finite.Min();

    /// <summary>The greatest finite value; 0 where there is none.</summary>
    public double Maximum => Finite.Max();

    private IEnumerable<double> Finite => Channels.SelectMany(channel => channel).Where(double.IsFinite).DefaultIfEmpty(0);

    /// <summary>Takes the first channels of a series, under a letter and the name of its file.</summary>
    /// <param name="letter">A or B.</param>
    /// <param name="path">The file.</param>
    /// <param name="series">time x channels.</param>
    public static PlotSeries Of<T>(string letter, string path, Tensor<T> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = (int)series.Lengths[0], channels = (int)Math.Min(series.Lengths[1], MaximumChannels);
        double[][] values = [.. Enumerable.Range(0, channels).Select(channel => Enumerable.Range(0, length).Select(time => double.CreateChecked(series[time, channel])).ToArray())];
        string name = string.Concat(Path.GetFileName(path).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
        if (name.Length > MaximumName) name = name[..(MaximumName - 1)] + "…";
        string shape = series.Lengths[1] == 1 ? $"{length} samples" : $"{length} x {series.Lengths[1]} samples";
        return new($"{letter}: {name}, {shape}", values);
    }
}
