using System.Globalization;
using System.Text;

namespace FusionKernels;

/// <summary>Shapes in words.</summary>
internal static class Shape
{
    /// <summary>E.g. <c>752 x 20</c>; <c>scalar</c> for no dimensions.</summary>
    public static string Of(ReadOnlySpan<nint> lengths)
    {
        if (lengths.IsEmpty) return "scalar";
        StringBuilder words = new();
        foreach (nint length in lengths)
        {
            if (words.Length > 0) words.Append(" x ");
            words.Append(CultureInfo.InvariantCulture, $"{length}");
        }

        return words.ToString();
    }
}
