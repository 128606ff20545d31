using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>Fuses views by putting their scaled features side by side: logistic regression for labels, ridge regression for targets.</summary>
/// <remarks>
/// The plain baseline. The features of a Gram matrix are the similarities to up to 128 training rows, evenly spaced; those of a series its samples
/// at up to 64 instants, evenly from its first to its last one, or, with time stamps, those of the row's views (<see cref="CommonClock"/>). A linear model has no
/// other way to leave a view out than to read its features as their mean, which is what absent ones count as here, with an indicator of
/// presence for each view beside them; what is stored there is never read. A row without any view is predicted as the prior, or the mean. Float64 on the host; rows features classes operations for each
/// of some tens of steps. Deterministic.
/// </remarks>
public static class Concatenation
{
    /// <summary>Fits the model.</summary>
    /// <param name="views">Views with labels of two classes at least, or with targets.</param>
    /// <param name="options">Regularisation, scaling; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are neither labels nor targets, there is one class only, a view is present nowhere, a Gram matrix is not square, or a present value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The cost is not above 0.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static ConcatenationModel Fit(Views views, ConcatenationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        if (!(options.Cost > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Cost, $"{nameof(ConcatenationOptions.Cost)} must be above 0");
        if (!(options.Ridge >= 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Ridge, $"{nameof(ConcatenationOptions.Ridge)} must be 0 or more");
        GramFeatures grams = GramFeatures.Fit(views);
        SeriesVectors series = SeriesVectors.Fit(views);
        Views known = series.Of(grams.Of(views));
        ViewEncoder encoder = ViewEncoder.Fit(known, options.Scaling);
        using Execution execution = HostExecution.BeginBeside<double>(options, "Concatenation.Fit", hasKernel: false);
        DenseMatrix x = ConcatenationModel.Rows(encoder, known, [.. Enumerable.Range(0, views.Count)], views.Names);
        if (views.Labels is { } labels)
        {
            int[] classes = new ClassPairs([.. labels]).Classes;
            SoftmaxSolver solver = new((HostEngine)execution.Engine, x, [.. labels.Select(label => Array.BinarySearch(classes, label))], classes.Length, options.Cost, execution.Parts);
            DenseMatrix solved = solver.Solve();
            return Model(solved, $"softmax regression, {solver.Evaluations} evaluations", 4.0 * solver.Evaluations * x.Elements.Length * classes.Length);
        }

        (double[] targets, int outputs) = views.RequireTargets();
        DenseMatrix weights = Ridge(new((HostEngine)execution.Engine, execution.Parts), x, new(views.Rows, outputs, (double[])targets.Clone()), options.Ridge);
        double columns = x.Columns;
        return Model(weights, "ridge regression", (x.Elements.Length * (columns + (2.0 * outputs))) + (columns * columns * columns / 3));

        ConcatenationModel Model(DenseMatrix fitted, string regression, double flops)
        {
            ConcatenationModel model = new(views, grams, series, encoder, fitted, options.Scaling);
            execution.CompleteWhole<double>($"{model.Strategy}: {x.Rows} rows of {x.Columns} features, {regression}", flops, 8L * x.Elements.Length);
            return model;
        }
    }

    /// <summary>(X'X + ridge I) W = X'Y, the last column's weights not regularised beyond what keeps the system definite.</summary>
    private static DenseMatrix Ridge(in DenseAlgebra algebra, DenseMatrix x, DenseMatrix y, double ridge)
    {
        DenseMatrix normal = algebra.MultiplySelf(x);
        for (int k = 0; k < normal.Rows - 1; k++) normal[k, k] += Math.Max(ridge, 1e-10);
        DenseMatrix factor = algebra.Cholesky(normal);
        return algebra.SolveLowerTransposed(factor, algebra.SolveLower(factor, algebra.TransposedMultiply(x, y)));
    }
}
