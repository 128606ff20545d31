namespace FusionKernels;

/// <summary>How many of some series a classifier gets wrong.</summary>
/// <param name="Errors">Series whose predicted class is not their own.</param>
/// <param name="Total">All series.</param>
public readonly record struct DtwClassifierScore(int Errors, int Total)
{
    /// <summary>The part that is wrong, 0 to 1.</summary>
    public double Error => (double)Errors / Total;

    /// <summary>The part that is right, 0 to 1.</summary>
    public double Accuracy => (double)(Total - Errors) / Total;
}
