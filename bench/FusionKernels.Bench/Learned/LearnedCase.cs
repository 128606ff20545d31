namespace FusionKernels.Bench;

/// <summary>What one learned method reaches on real data.</summary>
/// <param name="Method">The method.</param>
/// <param name="Data">Data and protocol.</param>
/// <param name="Measure">What is measured.</param>
/// <param name="Reference">What plain methods reach by the same protocol.</param>
/// <param name="Bar">What must be exceeded, or stayed below.</param>
/// <param name="IsBelow">Whether less is better.</param>
/// <param name="Reach">The figure for a seed.</param>
internal sealed record LearnedCase(string Method, string Data, string Measure, string Reference, double Bar, bool IsBelow, Func<ulong, LearnedFigure> Reach)
{
    /// <summary>Whether a figure passes.</summary>
    public bool Passes(double figure) => IsBelow ? figure < Bar : figure > Bar;

    /// <inheritdoc/>
    public override string ToString() => $"{Method}, {Data}, {Measure}";
}
