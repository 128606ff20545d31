using System.Numerics;
using ILGPU;

namespace FusionKernels.Kernels.Peaks;

/// <summary>Eight independent chains of multiply-adds in registers, one thread each: nothing else takes time.</summary>
/// <remarks>A multiply-add takes about four cycles; the threads of a full multiprocessor and eight chains of each hide them.</remarks>
internal static class MultiplyAddKernel
{
    /// <summary>Independent sums of one thread.</summary>
    public const int Chains = 8;

    /// <summary>Steps of every chain in one round.</summary>
    public const int StepsPerRound = 256;

    /// <summary>Steps that are written out, so that the loop's own counting is lost beside them.</summary>
    private const int Unrolled = 4;

    /// <summary>Every chain goes s = s x + y, with 0 &lt; x &lt; 1, so that it neither overflows nor becomes denormal.</summary>
    /// <param name="sums">One element per thread, written so that no compiler drops the chains.</param>
    /// <param name="x">The factor.</param>
    /// <param name="y">The term.</param>
    /// <param name="rounds">How often <see cref="StepsPerRound"/> steps are done.</param>
    public static void Run<T>(ArrayView<T> sums, T x, T y, int rounds)
        where T : unmanaged, INumber<T>
    {
        T a = x, b = a + y, c = b + y, d = c + y, e = d + y, f = e + y, g = f + y, h = g + y;
        for (int i = 0; i < rounds * (StepsPerRound / Unrolled); i++)
        {
            a = (a * x) + y; b = (b * x) + y; c = (c * x) + y; d = (d * x) + y; e = (e * x) + y; f = (f * x) + y; g = (g * x) + y; h = (h * x) + y;
            a = (a * x) + y; b = (b * x) + y; c = (c * x) + y; d = (d * x) + y; e = (e * x) + y; f = (f * x) + y; g = (g * x) + y; h = (h * x) + y;
            a = (a * x) + y; b = (b * x) + y; c = (c * x) + y; d = (d * x) + y; e = (e * x) + y; f = (f * x) + y; g = (g * x) + y; h = (h * x) + y;
            a = (a * x) + y; b = (b * x) + y; c = (c * x) + y; d = (d * x) + y; e = (e * x) + y; f = (f * x) + y; g = (g * x) + y; h = (h * x) + y;
        }

        sums[Grid.GlobalIndex.X] = a + b + c + d + e + f + g + h;
    }
}
