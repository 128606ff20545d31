using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>How many times faster one is than another.</summary>
/// <param name="Value">By the medians.</param>
/// <param name="Low">The least that the quartiles of both allow.</param>
/// <param name="High">The most.</param>
internal readonly record struct SpeedRatio(double Value, double Low, double High)
{
    /// <summary>Whether the spread covers equality, so that the difference is noise.</summary>
    public bool IsNoise => Low <= 1 && High >= 1;

    /// <summary>The geometric mean of some.</summary>
    public static SpeedRatio Mean(IReadOnlyCollection<SpeedRatio> ratios) => new(
        Math.Exp(ratios.Average(ratio => Math.Log(ratio.Value))),
        Math.Exp(ratios.Average(ratio => Math.Log(ratio.Low))),
        Math.Exp(ratios.Average(ratio => Math.Log(ratio.High))));

    /// <summary>Such as <c>2.31x (2.2-2.4)</c>, or that it is noise.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:0.00}x ({Low:0.00}-{High:0.00}{(IsNoise ? ", noise" : "")})");
}
