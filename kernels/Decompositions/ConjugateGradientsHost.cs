using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Conjugate gradients for many right-hand sides that share every product with the matrix (Golub and Van Loan 2013, algorithm 11.5.1), recurrences in float64.</summary>
/// <remarks>Sides that have converged leave the product. Where rounding has let a residual drift, the recurrence starts again from the true one, as long as that halves it.</remarks>
internal sealed class ConjugateGradientsHost(ILinearOperator matrix, ILinearOperator? preconditioner, int size, RunSettings settings)
{
    /// <summary>The share of the residual before that a restart must come below to be worth another.</summary>
    private const double WorthARestart = 0.5;

    private double _told;

    /// <summary>Solves.</summary>
    /// <param name="right">size x width, row by row.</param>
    /// <param name="width">Right-hand sides.</param>
    /// <param name="tolerance">The relative residual at which a side has converged.</param>
    /// <param name="most">Iterations at most.</param>
    /// <exception cref="NumericalException">The matrix is not positive definite.</exception>
    /// <returns>Solution size x width, iterations and true relative residuals by side.</returns>
    public (double[] Solution, int[] Iterations, double[] Residuals) Solve(double[] right, int width, double tolerance, int most)
    {
        double[] solution = new double[right.Length], residuals = new double[width];
        int[] iterations = new int[width];
        double[][] sides = [.. Enumerable.Range(0, width).Select(c => Side(right, width, c))];
        double[] scales = [.. sides.Select(side => Math.Sqrt(Dot(side, side)))];
        List<int> active = [.. Enumerable.Range(0, width).Where(c => scales[c] > 0)];
        double[][] current = [.. sides.Select(side => (double[])side.Clone())], found = [.. sides.Select(_ => new double[size])];
        foreach (int c in active) residuals[c] = 1;
        while (active.Count > 0)
        {
            Iterate(active, current, found, scales, iterations, tolerance, most);
            double[] before = (double[])residuals.Clone();
            Refresh(active, sides, current, found, scales, residuals);
            active.RemoveAll(c => residuals[c] <= tolerance || iterations[c] >= most || residuals[c] > WorthARestart * before[c]);
        }

        for (int c = 0; c < width; c++)
        {
            for (int i = 0; i < size; i++) solution[(i * width) + c] = found[c][i];
        }

        settings.Progress?.Report(1);
        return (solution, iterations, residuals);
    }

    /// <summary>Iterates from the residuals as they stand until the recurrence says that each side has converged.</summary>
    private void Iterate(List<int> sides, double[][] residual, double[][] found, double[] scales, int[] iterations, double tolerance, int most)
    {
        List<int> active = [.. sides];
        Dictionary<int, double[]> images = Apply(preconditioner, active, residual), directions = active.ToDictionary(c => c, c => (double[])images[c].Clone());
        Dictionary<int, double> products = active.ToDictionary(c => c, c => Dot(residual[c], images[c]));
        while (active.Count > 0)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            Dictionary<int, double[]> curved = Apply(matrix, active, directions);
            foreach (int c in active)
            {
                double curvature = Dot(directions[c], curved[c]);
                if (!(curvature > 0 && double.IsFinite(curvature)))
                {
                    throw new NumericalException(
                        settings.Operation, $"iteration {iterations[c]}", FormattableString.Invariant($"a direction has the curvature {curvature:g3}: the matrix is not positive definite; add a larger ridge"));
                }

                double step = products[c] / curvature;
                Add(step, directions[c], found[c]);
                Add(-step, curved[c], residual[c]);
                iterations[c]++;
            }

            Tell(active, residual, scales, tolerance);
            active.RemoveAll(c => Math.Sqrt(Dot(residual[c], residual[c])) <= tolerance * scales[c] || iterations[c] >= most);
            images = Apply(preconditioner, active, residual);
            foreach (int c in active)
            {
                double product = Dot(residual[c], images[c]), factor = product / products[c];
                double[] direction = directions[c], image = images[c];
                for (int i = 0; i < size; i++) direction[i] = image[i] + (factor * direction[i]);
                products[c] = product;
            }
        }
    }

    /// <summary>The true residuals of some sides.</summary>
    private void Refresh(List<int> active, double[][] sides, double[][] current, double[][] found, double[] scales, double[] residuals)
    {
        Dictionary<int, double[]> images = Apply(matrix, active, found);
        foreach (int c in active)
        {
            for (int i = 0; i < size; i++) current[c][i] = sides[c][i] - images[c][i];
            residuals[c] = Math.Sqrt(Dot(current[c], current[c])) / scales[c];
        }
    }

    private Dictionary<int, double[]> Apply(ILinearOperator? map, List<int> active, Dictionary<int, double[]> vectors) => Apply(map, active, c => vectors[c]);

    private Dictionary<int, double[]> Apply(ILinearOperator? map, List<int> active, double[][] vectors) => Apply(map, active, c => vectors[c]);

    private Dictionary<int, double[]> Apply(ILinearOperator? map, List<int> active, Func<int, double[]> vectors)
    {
        if (map is null || active.Count == 0) return active.ToDictionary(c => c, c => (double[])vectors(c).Clone());
        int width = active.Count;
        double[] packed = new double[size * width], product = new double[size * width];
        for (int place = 0; place < width; place++)
        {
            double[] vector = vectors(active[place]);
            for (int i = 0; i < size; i++) packed[(i * width) + place] = vector[i];
        }

        map.Multiply(packed, width, product);
        return Enumerable.Range(0, width).ToDictionary(place => active[place], place => Side(product, width, place));
    }

    /// <summary>The share of the way to the tolerance, on the scale of digits, that the slowest side has gone.</summary>
    private void Tell(List<int> active, double[][] residual, double[] scales, double tolerance)
    {
        if (settings.Progress is not { } progress) return;
        double slowest = active.Max(c => Math.Sqrt(Dot(residual[c], residual[c])) / scales[c]);
        double share = tolerance is > 0 and < 1 && slowest > 0 ? Math.Log(slowest) / Math.Log(tolerance) : 0;
        progress.Report(_told = Math.Clamp(share, _told, 1));
    }

    private double[] Side(double[] matrixOfSides, int width, int side)
    {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) values[i] = matrixOfSides[(i * width) + side];
        return values;
    }

    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    private static void Add(double factor, double[] x, double[] y)
    {
        for (int i = 0; i < x.Length; i++) y[i] += factor * x[i];
    }
}
