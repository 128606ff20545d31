namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>What becomes of the value of a soft table, in units of ln 2.</summary>
/// <param name="Scale">Its factor.</param>
/// <param name="IsExponential">Whether the result is e^-(scaled value).</param>
/// <param name="IsCentred">Whether the mean of either series' value against itself is subtracted before: 0 for a series against itself.</param>
internal readonly record struct SoftFinish(double Scale, bool IsExponential, bool IsCentred)
{
    /// <summary>The result.</summary>
    /// <param name="value">The table's value.</param>
    /// <param name="ownX">That of x against itself; not read unless <see cref="IsCentred"/>.</param>
    /// <param name="ownY">That of y against itself.</param>
    public double Apply(double value, double ownX, double ownY)
    {
        double scaled = Scale * (IsCentred ? value - (0.5 * (ownX + ownY)) : value);
        return IsExponential ? Math.Exp(-scaled) : scaled;
    }
}
