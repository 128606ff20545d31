namespace FusionKernels;

/// <summary>How a barycentre of dynamic time warping is searched.</summary>
public enum DbaMethod
{
    /// <summary>Every sample becomes the mean of what members match it with, again and again; the cost never rises (Petitjean, Ketterlin and Gancarski 2011): the default.</summary>
    MajorizeMinimize,

    /// <summary>A step along the subgradient of one member at a time, in random order (Schultz and Jain 2018): may leave a poor start behind, and need not descend.</summary>
    Subgradient,
}
