namespace FusionKernels;

/// <summary>Which rows a <see cref="Nystrom"/> approximation leans on.</summary>
public enum LandmarkChoice
{
    /// <summary>Rows by chance, each as likely.</summary>
    Uniform,

    /// <summary>Rows by chance, as likely as their ridge leverage scores: those that others say little of come first (Musco and Musco 2017, with one round from uniform landmarks). Takes a second block of the Gram matrix.</summary>
    Leverage,
}
