namespace FusionKernels;

/// <summary>Where the search for a barycentre starts.</summary>
public enum BarycenterStart
{
    /// <summary>The weighted mean of the members at each time, of those that last so long, stretched to the barycentre's length: the default.</summary>
    Mean,

    /// <summary>The weighted mean of the members, each stretched to the barycentre's length.</summary>
    StretchedMean,

    /// <summary>The member with the least weighted sum of distances to all others, stretched to the barycentre's length.</summary>
    Medoid,
}
