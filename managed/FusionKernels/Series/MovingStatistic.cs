namespace FusionKernels;

/// <summary>What <see cref="MovingStatistics"/> computes of the samples inside a window.</summary>
public enum MovingStatistic
{
    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The root of the mean squared difference from the mean: the sum is divided by the window, as z-normalisation of series does.</summary>
    Deviation,

    /// <summary>The smallest sample: the lower envelope.</summary>
    Minimum,

    /// <summary>The largest sample: the upper envelope.</summary>
    Maximum,
}
