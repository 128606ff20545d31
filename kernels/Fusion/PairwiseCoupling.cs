namespace FusionKernels.Kernels.Fusion;

/// <summary>Probabilities of classes from those of every pair of classes (Wu, Lin and Weng 2004, second approach, algorithm 2).</summary>
internal static class PairwiseCoupling
{
    /// <summary>Couples one row.</summary>
    /// <param name="pairs">classes x classes: element (i, j) is the probability of i given that it is i or j; the diagonal is not read.</param>
    /// <param name="probabilities">Receives one probability per class; they add up to 1.</param>
    public static void Couple(ReadOnlySpan<double> pairs, Span<double> probabilities)
    {
        int classes = probabilities.Length;
        double[] q = new double[classes * classes], qp = new double[classes];
        for (int t = 0; t < classes; t++)
        {
            for (int j = 0; j < classes; j++)
            {
                if (j == t) continue;
                q[(t * classes) + t] += pairs[(j * classes) + t] * pairs[(j * classes) + t];
                q[(t * classes) + j] = -pairs[(j * classes) + t] * pairs[(t * classes) + j];
            }
        }

        probabilities.Fill(1.0 / classes);
        // Wu, Lin and Weng stop at 0.005 / classes; a tenth of a per cent of that keeps rounding of the order of float32's.
        double tolerance = 5e-6 / classes;
        for (int sweep = 0; sweep < Math.Max(1000, classes); sweep++)
        {
            double total = 0, worst = 0;
            for (int t = 0; t < classes; t++)
            {
                qp[t] = 0;
                for (int j = 0; j < classes; j++) qp[t] += q[(t * classes) + j] * probabilities[j];
                total += probabilities[t] * qp[t];
            }

            for (int t = 0; t < classes; t++) worst = Math.Max(worst, Math.Abs(qp[t] - total));
            if (worst < tolerance) break;
            for (int t = 0; t < classes; t++)
            {
                double diagonal = q[(t * classes) + t], change = (total - qp[t]) / diagonal;
                probabilities[t] += change;
                total = (total + (change * ((change * diagonal) + (2 * qp[t])))) / ((1 + change) * (1 + change));
                for (int j = 0; j < classes; j++)
                {
                    qp[j] = (qp[j] + (change * q[(t * classes) + j])) / (1 + change);
                    probabilities[j] /= 1 + change;
                }
            }
        }
    }
}
