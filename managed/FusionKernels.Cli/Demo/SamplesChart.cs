namespace FusionKernels.Cli;

/// <summary>One image of each digit, side by side.</summary>
internal static class SamplesChart
{
    private const int Gap = 1;

    /// <summary>The drawing.</summary>
    /// <param name="samples">64 grey values each, 0 to 1.</param>
    public static string Svg(IReadOnlyList<double[]> samples)
    {
        int width = (samples.Count * (Digits.Edge + Gap)) - Gap;
        byte[,] pixels = new byte[Digits.Edge, width];
        for (int i = 0; i < samples.Count; i++)
        {
            for (int k = 0; k < samples[i].Length; k++) pixels[k / Digits.Edge, (i * (Digits.Edge + Gap)) + (k % Digits.Edge)] = (byte)Math.Round(255 * samples[i][k]);
        }

        (byte, byte, byte)[] greys = [.. Enumerable.Range(0, 256).Select(value => ((byte)(255 - value), (byte)(255 - value), (byte)(255 - value)))];
        return $"<svg class=\"strip\" viewBox=\"0 0 {width} {Digits.Edge}\" role=\"img\" aria-label=\"One image of each digit\">"
            + $"<image class=\"samples\" width=\"{width}\" height=\"{Digits.Edge}\" href=\"{PngImage.DataUri(pixels, greys)}\"/></svg>";
    }
}
