namespace FusionKernels;

/// <summary>Targets around their means in units of their deviations, so that outputs count alike whatever their units.</summary>
internal static class StandardTargets
{
    /// <summary>The mean of each output of rows x outputs.</summary>
    public static double[] Means(double[] targets, int outputs)
    {
        double[] means = new double[outputs];
        int rows = outputs == 0 ? 0 : targets.Length / outputs;
        for (int at = 0; at < targets.Length; at++) means[at % outputs] += targets[at] / rows;
        return means;
    }

    /// <summary>Standardises rows x outputs; an output that is the same in every row is 0.</summary>
    /// <returns>rows x outputs of mean 0 and variance 1 (ddof 0), and by output the mean and the deviation.</returns>
    public static (double[] Deviations, double[] Means, double[] Scales) Of(double[] targets, int outputs)
    {
        int rows = outputs == 0 ? 0 : targets.Length / outputs;
        double[] result = (double[])targets.Clone(), means = Means(targets, outputs), scales = new double[outputs];
        for (int c = 0; c < outputs; c++)
        {
            double squares = 0, largest = 0;
            for (int i = 0; i < rows; i++)
            {
                double deviation = result[(i * outputs) + c] -= means[c];
                squares += deviation * deviation / rows;
                largest = Math.Max(largest, Math.Abs(targets[(i * outputs) + c]));
            }

            // The mean of equal numbers may be off by its rounding.
            scales[c] = Math.Sqrt(squares) is var spread && spread > 1e-14 * largest ? spread : 0;
            for (int i = 0; i < rows; i++) result[(i * outputs) + c] = scales[c] > 0 ? result[(i * outputs) + c] / scales[c] : 0;
        }

        return (result, means, scales);
    }
}
