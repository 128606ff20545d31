namespace FusionKernels;

/// <summary>What it costs to match one sample with another.</summary>
public enum PointCost
{
    /// <summary>The sum over the channels of (x - y)^2: the default.</summary>
    SquaredEuclidean,

    /// <summary>The sum over the channels of |x - y|.</summary>
    Absolute,

    /// <summary>The square root of the sum over the channels of (x - y)^2; of one channel, |x - y|.</summary>
    Euclidean,

    /// <summary>1 - x.y / (|x||y|) over the channels; 1 where either sample is zero.</summary>
    Cosine,
}
