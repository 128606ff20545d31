using System.Numerics.Tensors;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>Temperature scaling (Guo, Pleiss, Sun and Weinberger 2017): one number that makes scores, or logarithms of probabilities, as sure as they are right.</summary>
/// <remarks>Deterministic and thread-safe. NaN is rejected.</remarks>
public static class TemperatureCalibration
{
    /// <summary>Temperatures that are tried: 1/100 to 100.</summary>
    private const double Range = 4.605170185988092;

    /// <summary>The temperature of least negative log-likelihood, by golden sections of its logarithm.</summary>
    /// <param name="scores">rows x classes: scores of rows that whatever gave them had not seen.</param>
    /// <param name="classes">By row: the column of its class.</param>
    /// <returns>0.01 to 100; above 1 where the scores are too sure.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or a score is NaN.</exception>
    public static double Fit(Tensor<double> scores, ReadOnlySpan<int> classes)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Rank != 2 || scores.Lengths[0] != classes.Length) throw new ArgumentException($"the scores are {Shape.Of(scores.Lengths)}, there are classes of {classes.Length} rows", nameof(scores));
        int width = (int)scores.Lengths[1];
        double[] values = new double[scores.FlattenedLength];
        scores.FlattenTo(values);
        int wrong = Array.FindIndex(values, double.IsNaN);
        if (wrong >= 0) throw new ArgumentException($"the score of row {wrong / width}, class {wrong % width} is NaN", nameof(scores));
        int[] own = classes.ToArray();
        const double Golden = 0.6180339887498949;
        double low = -Range, high = Range, a = high - (Golden * (high - low)), b = low + (Golden * (high - low));
        double lossA = Loss(Math.Exp(a)), lossB = Loss(Math.Exp(b));
        while (high - low > 1e-4)
        {
            if (lossA <= lossB)
            {
                (high, b, lossB) = (b, a, lossA);
                a = high - (Golden * (high - low));
                lossA = Loss(Math.Exp(a));
            }
            else
            {
                (low, a, lossA) = (a, b, lossB);
                b = low + (Golden * (high - low));
                lossB = Loss(Math.Exp(b));
            }
        }

        return Math.Exp((low + high) / 2);

        double Loss(double temperature)
        {
            double sum = 0;
            double[] row = new double[width];
            for (int i = 0; i < own.Length; i++)
            {
                for (int c = 0; c < width; c++) row[c] = values[(i * width) + c] / temperature;
                double score = row[own[i]];
                sum += SoftmaxSolver.Softmax(row) - score;
            }

            return sum;
        }
    }

    /// <summary>Probabilities of scores over a temperature.</summary>
    /// <param name="scores">rows x classes.</param>
    /// <param name="temperature">Above 0.</param>
    /// <returns>rows x classes; a row adds up to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not above 0.</exception>
    public static Tensor<double> Softmax(Tensor<double> scores, double temperature)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (!(temperature > 0)) throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "a temperature is above 0");
        double[] values = new double[scores.FlattenedLength];
        scores.FlattenTo(values);
        int width = (int)scores.Lengths[^1];
        for (int at = 0; at < values.Length; at++) values[at] /= temperature;
        for (int at = 0; at < values.Length; at += width) SoftmaxSolver.Softmax(values.AsSpan(at, width));
        return Tensor.Create(values, scores.Lengths);
    }
}
