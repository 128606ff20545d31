namespace FusionKernels.Kernels.Fusion;

/// <summary>P(+1 | f) = 1 / (1 + exp(A f + B)), by Newton's method with backtracking (Platt 2000; Lin, Lin and Weng 2007, appendix C).</summary>
/// <param name="A">Factor of the decision value; below 0 where larger values mean +1.</param>
/// <param name="B">Added to it.</param>
internal readonly record struct PlattSigmoid(double A, double B)
{
    private const int MostSteps = 100;

    /// <summary>Fits the sigmoid to decision values that the machine was not trained on.</summary>
    public static PlattSigmoid Fit(ReadOnlySpan<double> decisions, ReadOnlySpan<sbyte> signs)
    {
        double positive = 0;
        foreach (sbyte sign in signs) positive += sign > 0 ? 1 : 0;
        double negative = signs.Length - positive;
        double high = (positive + 1) / (positive + 2), low = 1 / (negative + 2);
        double[] targets = new double[signs.Length];
        for (int i = 0; i < targets.Length; i++) targets[i] = signs[i] > 0 ? high : low;
        PlattSigmoid fit = new(0, Math.Log((negative + 1) / (positive + 1)));
        double loss = fit.Loss(decisions, targets);
        for (int step = 0; step < MostSteps; step++)
        {
            (double gA, double gB, double hAA, double hAB, double hBB) = fit.Derivatives(decisions, targets);
            if (Math.Abs(gA) < 1e-5 && Math.Abs(gB) < 1e-5) break;
            double determinant = (hAA * hBB) - (hAB * hAB);
            double dA = -((hBB * gA) - (hAB * gB)) / determinant, dB = -((hAA * gB) - (hAB * gA)) / determinant;
            double slope = (gA * dA) + (gB * dB), length = 1;
            for (; length >= 1e-10; length /= 2)
            {
                PlattSigmoid next = new(fit.A + (length * dA), fit.B + (length * dB));
                double reached = next.Loss(decisions, targets);
                if (!(reached < loss + (1e-4 * length * slope))) continue;
                (fit, loss) = (next, reached);
                break;
            }

            if (length < 1e-10) break;
        }

        return fit;
    }

    /// <summary>The probability of +1.</summary>
    public double Probability(double decision)
    {
        double exponent = (A * decision) + B;
        return exponent >= 0 ? Math.Exp(-exponent) / (1 + Math.Exp(-exponent)) : 1 / (1 + Math.Exp(exponent));
    }

    private double Loss(ReadOnlySpan<double> decisions, double[] targets)
    {
        double sum = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            double exponent = (A * decisions[i]) + B;
            sum += exponent >= 0
                ? (targets[i] * exponent) + Math.Log(1 + Math.Exp(-exponent))
                : ((targets[i] - 1) * exponent) + Math.Log(1 + Math.Exp(exponent));
        }

        return sum;
    }

    private (double A, double B, double AA, double AB, double BB) Derivatives(ReadOnlySpan<double> decisions, double[] targets)
    {
        double gA = 0, gB = 0, hAA = 1e-12, hAB = 0, hBB = 1e-12;
        for (int i = 0; i < targets.Length; i++)
        {
            double p = Probability(decisions[i]), weight = p * (1 - p), error = targets[i] - p;
            hAA += decisions[i] * decisions[i] * weight;
            hAB += decisions[i] * weight;
            hBB += weight;
            gA += decisions[i] * error;
            gB += error;
        }

        return (gA, gB, hAA, hAB, hBB);
    }
}
