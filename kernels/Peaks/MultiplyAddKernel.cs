using System.Numerics;
using ILGPU;

namespace FusionKernels.Kernels.Peaks;

/// <summary>Sixteen independent chains of multiply-adds in registers, one thread each: nothing else takes time.</summary>
/// <remarks>
/// A multiply-add takes about four cycles; the threads of a full multiprocessor and the chains of each hide them. Every chain
/// ends in its own element, side by side, so that a compiler for processors can run the chains of a thread in one vector.
/// </remarks>
internal static class MultiplyAddKernel
{
    /// <summary>Independent sums of one thread.</summary>
    public const int Chains = 16;

    /// <summary>Steps of every chain in one round.</summary>
    public const int StepsPerRound = 256;

    /// <summary>Steps that are written out, so that the loop's own counting is lost beside them.</summary>
    private const int Unrolled = 2;

    /// <summary>Every chain goes s = s x + y, with 0 &lt; x &lt; 1, so that it neither overflows nor becomes denormal.</summary>
    /// <param name="sums"><see cref="Chains"/> elements per thread, written so that no compiler drops the chains.</param>
    /// <param name="x">The factor.</param>
    /// <param name="y">The term.</param>
    /// <param name="rounds">How often <see cref="StepsPerRound"/> steps are done.</param>
    public static void Run<T>(ArrayView<T> sums, T x, T y, int rounds)
        where T : unmanaged, INumber<T>
    {
        T a = x, b = a + y, c = b + y, d = c + y, e = d + y, f = e + y, g = f + y, h = g + y;
        T i = h + y, j = i + y, k = j + y, l = k + y, m = l + y, n = m + y, o = n + y, p = o + y;
        for (int step = 0; step < rounds * (StepsPerRound / Unrolled); step++)
        {
            a = (a * x) + y; b = (b * x) + y; c = (c * x) + y; d = (d * x) + y; e = (e * x) + y; f = (f * x) + y; g = (g * x) + y; h = (h * x) + y;
            i = (i * x) + y; j = (j * x) + y; k = (k * x) + y; l = (l * x) + y; m = (m * x) + y; n = (n * x) + y; o = (o * x) + y; p = (p * x) + y;
            a = (a * x) + y; b = (b * x) + y; c = (c * x) + y; d = (d * x) + y; e = (e * x) + y; f = (f * x) + y; g = (g * x) + y; h = (h * x) + y;
            i = (i * x) + y; j = (j * x) + y; k = (k * x) + y; l = (l * x) + y; m = (m * x) + y; n = (n * x) + y; o = (o * x) + y; p = (p * x) + y;
        }

        int first = Grid.GlobalIndex.X * Chains;
        sums[first] = a;
        sums[first + 1] = b;
        sums[first + 2] = c;
        sums[first + 3] = d;
        sums[first + 4] = e;
        sums[first + 5] = f;
        sums[first + 6] = g;
        sums[first + 7] = h;
        sums[first + 8] = i;
        sums[first + 9] = j;
        sums[first + 10] = k;
        sums[first + 11] = l;
        sums[first + 12] = m;
        sums[first + 13] = n;
        sums[first + 14] = o;
        sums[first + 15] = p;
    }
}
