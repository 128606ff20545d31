namespace FusionKernels;

/// <summary>A rectangle of a drawing.</summary>
/// <param name="Left">Its left edge.</param>
/// <param name="Top">Its upper edge.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
internal readonly record struct PlotBox(double Left, double Top, double Width, double Height)
{
    /// <summary>Its right edge.</summary>
    public double Right => Left + Width;

    /// <summary>Its lower edge.</summary>
    public double Bottom => Top + Height;

    /// <summary>A rectangle element over it.</summary>
    public string Rectangle(string attributes) =>
        $"<rect x=\"{SvgText.Number(Left)}\" y=\"{SvgText.Number(Top)}\" width=\"{SvgText.Number(Width)}\" height=\"{SvgText.Number(Height)}\" {attributes}/>";
}
