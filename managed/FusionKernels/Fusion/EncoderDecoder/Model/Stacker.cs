namespace FusionKernels;

/// <summary>What makes one answer of those of one set of views, fitted to their out-of-fold answers.</summary>
internal abstract class Stacker
{
    /// <summary>Writes what was fitted.</summary>
    public abstract void Write(ModelStateWriter file);

    /// <summary>The answer to one row.</summary>
    /// <param name="said">By view: its answer; those of the set are there.</param>
    /// <param name="result">Probabilities, or values.</param>
    public abstract void Predict(ReadOnlySpan<double[]?> said, Span<double> result);

    /// <summary>By view: its part of the coefficients; they add up to 1.</summary>
    public abstract double[] ViewWeights();

    /// <summary>The rows that have an out-of-fold answer of all of these views.</summary>
    protected static int[] RowsOf(LateBase fitted, int[] kept, int rows)
    {
        int width = fitted.OutOfFold.Length / rows, columns = width / fitted.Models.Length;
        return [.. Enumerable.Range(0, rows).Where(i => kept.All(m => !double.IsNaN(fitted.OutOfFold[(i * width) + (m * columns)])))];
    }

    /// <summary>Weights that add up to 1, equal ones where all are 0.</summary>
    protected static double[] Shares(double[] weights)
    {
        double sum = weights.Sum();
        return sum > 0 ? [.. weights.Select(weight => weight / sum)] : [.. weights.Select(_ => 1.0 / weights.Length)];
    }
}
