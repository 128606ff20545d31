namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What a kernel adds up for a pair of samples, where it is told at the launch.</summary>
internal enum DevicePointCost
{
    /// <summary>Squared differences.</summary>
    Squared,

    /// <summary>Absolute differences.</summary>
    Absolute,

    /// <summary>The length of the difference.</summary>
    Euclidean,

    /// <summary>1 - the dot product of samples of length 1.</summary>
    Cosine,

    /// <summary>The lengths of the differences of both halves of the channels, added.</summary>
    TwofoldEuclidean,

    /// <summary>Costs that were given, rows x columns, in place of x.</summary>
    Given,
}
