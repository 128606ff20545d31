using System.CommandLine.Parsing;
using System.Globalization;

namespace FusionKernels.Cli;

/// <summary>Reads numbers of options, in the invariant culture, and says what is wrong with the others.</summary>
internal static class OptionNumber
{
    /// <summary>A finite number.</summary>
    public static double? Finite(ArgumentResult result, string option)
    {
        string text = result.Tokens[^1].Value;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            result.AddError($"{option} {text}: a number is needed, with a decimal point");
        }
        else if (!double.IsFinite(number))
        {
            result.AddError($"{option} {text}: a finite number is needed");
        }

        return number;
    }

    /// <summary>A whole number within bounds.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="option">The option's name.</param>
    /// <param name="least">The least that makes sense.</param>
    /// <param name="most">The most that makes sense.</param>
    /// <param name="bounds">What to say of a number beyond them.</param>
    public static int Integer(ArgumentResult result, string option, int least, int most, string bounds)
    {
        string text = result.Tokens[^1].Value;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            result.AddError($"{option} {text}: a whole number is needed");
        }
        else if (number < least || number > most)
        {
            result.AddError($"{option} {text}: {bounds}");
        }

        return number;
    }
}
