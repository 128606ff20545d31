namespace FusionKernels;

/// <summary>The first rows of the orthonormal cosine transform (DCT-II), each times what the lifter makes of it.</summary>
internal sealed class CosineTransform
{
    private readonly int inputs;
    private readonly double[] rows;

    /// <summary>Makes the table.</summary>
    /// <param name="inputs">The numbers that are transformed.</param>
    /// <param name="outputs">The coefficients that are kept.</param>
    /// <param name="lifter">The period of the lifter; 0 for none.</param>
    public CosineTransform(int inputs, int outputs, int lifter)
    {
        this.inputs = inputs;
        rows = new double[outputs * inputs];
        for (int n = 0; n < outputs; n++)
        {
            double scale = Math.Sqrt((n == 0 ? 1.0 : 2.0) / inputs);
            if (lifter > 0)
                scale *= 1 + (0.5 * lifter * double.SinPi((double)n / lifter));
            for (int m = 0; m < inputs; m++)
                rows[(n * inputs) + m] = scale * double.CosPi(n * (m + 0.5) / inputs);
        }
    }

    /// <summary>Transforms one vector.</summary>
    public void Apply(ReadOnlySpan<double> values, Span<double> coefficients)
    {
        for (int n = 0; n < coefficients.Length; n++)
        {
            double sum = 0;
            for (int m = 0; m < inputs; m++)
                sum += rows[(n * inputs) + m] * values[m];
            coefficients[n] = sum;
        }
    }
}
