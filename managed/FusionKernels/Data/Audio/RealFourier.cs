namespace FusionKernels;

/// <summary>The power spectrum of real signals of one length, a power of two: a complex transform of half the length on even and odd samples, then parted.</summary>
/// <remarks>Tables are made once; a transform allocates nothing. Radix 2, decimation in time (Cooley and Tukey 1965). Not safe for several threads at once.</remarks>
internal sealed class RealFourier
{
    private readonly int half;

    // cos and sin of 2 pi k / size for k = 0 .. half.
    private readonly double[] cos;
    private readonly double[] sin;
    private readonly int[] reversed;
    private readonly double[] re;
    private readonly double[] im;

    /// <summary>Makes the tables.</summary>
    /// <param name="size">The points of a signal: a power of two from 2.</param>
    public RealFourier(int size)
    {
        half = size / 2;
        cos = new double[half + 1];
        sin = new double[half + 1];
        for (int k = 0; k <= half; k++)
            (sin[k], cos[k]) = double.SinCosPi(2.0 * k / size);
        reversed = new int[half];
        for (int k = 1; k < half; k++)
            reversed[k] = (reversed[k >> 1] >> 1) | ((k & 1) * (half >> 1));
        re = new double[half];
        im = new double[half];
    }

    /// <summary>The bins of a spectrum: the frequencies from 0 to half the sample rate.</summary>
    public int Bins => half + 1;

    /// <summary>Squares of the magnitudes of the transform.</summary>
    /// <param name="signal">As many points as the tables were made for.</param>
    /// <param name="power">One number for each bin.</param>
    public void PowerSpectrum(ReadOnlySpan<double> signal, Span<double> power)
    {
        for (int k = 0; k < half; k++)
        {
            re[reversed[k]] = signal[2 * k];
            im[reversed[k]] = signal[(2 * k) + 1];
        }

        for (int span = 1; span < half; span *= 2)
            Combine(span);

        for (int k = 0; k <= half; k++)
        {
            int a = k & (half - 1), b = (half - k) & (half - 1);
            double evenRe = 0.5 * (re[a] + re[b]), evenIm = 0.5 * (im[a] - im[b]);
            double oddRe = 0.5 * (im[a] + im[b]), oddIm = 0.5 * (re[b] - re[a]);
            double x = evenRe + (cos[k] * oddRe) + (sin[k] * oddIm);
            double y = evenIm + (cos[k] * oddIm) - (sin[k] * oddRe);
            power[k] = (x * x) + (y * y);
        }
    }

    /// <summary>Makes transforms of twice the length from pairs of transforms.</summary>
    private void Combine(int span)
    {
        // Twiddle j of this stage is exp(-i pi j / span), entry j half/span of the tables.
        int stride = half / span;
        for (int start = 0; start < half; start += 2 * span)
        {
            for (int j = 0; j < span; j++)
            {
                int low = start + j, high = low + span;
                double c = cos[j * stride], s = sin[j * stride];
                double x = (c * re[high]) + (s * im[high]);
                double y = (c * im[high]) - (s * re[high]);
                (re[high], im[high]) = (re[low] - x, im[low] - y);
                (re[low], im[low]) = (re[low] + x, im[low] + y);
            }
        }
    }
}
