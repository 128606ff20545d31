using System.Numerics.Tensors;

namespace FusionKernels.Tests.Learnings;

/// <summary>Views that three hidden causes make, each with noise of its own.</summary>
internal static class LearnedData
{
    private const int Causes = 3;

    /// <summary>Two views, of 6 and 5 features.</summary>
    public static (Tensor<float> X, Tensor<float> Y) Pair(int seed, int rows = 240, bool isBent = false)
    {
        Random random = new(seed), mixing = new(77);
        double[,] toX = Matrix(mixing, 6), toY = Matrix(mixing, 5);
        float[] x = new float[rows * 6], y = new float[rows * 5];
        for (int i = 0; i < rows; i++)
        {
            double[] causes = [Normal(random), Normal(random), Normal(random)];
            for (int j = 0; j < 6; j++) x[(i * 6) + j] = (float)(Mix(causes, toX, j) + (0.5 * Normal(random)));
            for (int j = 0; j < 5; j++) y[(i * 5) + j] = (float)((isBent ? Math.Pow(Mix(causes, toY, j), 3) : Mix(causes, toY, j)) + (0.5 * Normal(random)));
        }

        return (Tensor.Create(x, [rows, 6]), Tensor.Create(y, [rows, 5]));
    }

    /// <summary>Three views a, b and c, of 6, 5 and 4 features, in units and around means of their own.</summary>
    public static Views Three(int seed, int rows = 240)
    {
        Random random = new(seed), mixing = new(78);
        int[] widths = [6, 5, 4];
        double[][,] mixes = [.. widths.Select(width => Matrix(mixing, width))];
        float[][] values = [.. widths.Select(width => new float[rows * width])];
        for (int i = 0; i < rows; i++)
        {
            double[] causes = [Normal(random), Normal(random), Normal(random)];
            for (int view = 0; view < widths.Length; view++)
            {
                for (int j = 0; j < widths[view]; j++) values[view][(i * widths[view]) + j] = (float)((10 * view) + ((view + 1) * (Mix(causes, mixes[view], j) + (0.3 * Normal(random)))));
            }
        }

        return Views.Of([.. widths.Select((width, view) => ("abc"[view].ToString(), View.Vectors(Tensor.Create(values[view], [rows, width]))))]);
    }

    private static double[,] Matrix(Random random, int columns)
    {
        double[,] matrix = new double[Causes, columns];
        for (int i = 0; i < Causes; i++)
        {
            for (int j = 0; j < columns; j++) matrix[i, j] = Normal(random);
        }

        return matrix;
    }

    private static double Mix(double[] causes, double[,] to, int column) => (causes[0] * to[0, column]) + (causes[1] * to[1, column]) + (causes[2] * to[2, column]);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
