namespace FusionKernels;

/// <summary>A window that was chosen by leaving out one training series at a time.</summary>
/// <param name="Fraction">Its radius as a part of the length: the least of those with the fewest errors.</param>
/// <param name="Score">Its errors on the training series left out.</param>
public readonly record struct DtwWindowChoice(double Fraction, DtwClassifierScore Score)
{
    /// <summary>The window.</summary>
    public WarpingWindow Window => WarpingWindow.Fraction(Fraction);
}
