namespace FusionKernels;

/// <summary>Which rows a <see cref="Nystrom"/> approximation leans on.</summary>
public enum LandmarkChoice
{
    /// <summary>Rows by chance, each as likely.</summary>
    Uniform,

    /// <summary>Rows by chance, as likely as their ridge leverage scores: those that others say little of come first (Alaoui and Mahoney 2015, section 3.5). Takes a second block of the Gram matrix.</summary>
    Leverage,
}
