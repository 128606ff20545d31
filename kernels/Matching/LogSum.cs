using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>Sums of exponentials kept as their largest exponent and the sum relative to it.</summary>
internal static class LogSum
{
    /// <summary>The largest exponent of no terms: finite, so that differences from it are, and below every exponent that is admitted.</summary>
    public const double None32 = -1e35;

    /// <inheritdoc cref="None32"/>
    public const double None64 = -1e300;

    /// <summary>The largest magnitude of an exponent that is admitted: its rounding error is far above 1, but nothing overflows.</summary>
    public static double LargestExponent<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? 1e30 : 1e290;

    /// <summary>The largest exponent of no terms.</summary>
    public static T None<T>()
        where T : unmanaged => Element.Of<T>(typeof(T) == typeof(float) ? None32 : None64);

    /// <summary>Adds one sum to another.</summary>
    public static void Merge(ref double maximum, ref double sum, double otherMaximum, double otherSum)
    {
        double largest = Math.Max(maximum, otherMaximum);
        sum = (sum * Math.Exp(maximum - largest)) + (otherSum * Math.Exp(otherMaximum - largest));
        maximum = largest;
    }

    /// <summary>The logarithm of a sum; -infinity of no terms.</summary>
    public static double Log(double maximum, double sum) => sum > 0 ? maximum + Math.Log(sum) : double.NegativeInfinity;

    /// <summary>Potentials as a kernel reads them: in the element, with -infinity behind them for one vector of any width.</summary>
    public static T[] Padded<T>(ReadOnlySpan<double> potentials)
        where T : unmanaged
    {
        T[] padded = GC.AllocateUninitializedArray<T>(potentials.Length + 16, pinned: true);
        for (int j = 0; j < potentials.Length; j++) padded[j] = Element.Of<T>(potentials[j]);
        padded.AsSpan(potentials.Length).Fill(Element.Of<T>(double.NegativeInfinity));
        return padded;
    }
}
