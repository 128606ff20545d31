using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>Logistic regression on the probabilities of one set of views.</summary>
internal sealed class StackedRegression : Stacker
{
    private readonly bool[] _present;
    private readonly DenseMatrix _weights;
    private readonly int _classes;

    private StackedRegression(bool[] present, DenseMatrix weights, int classes) => (_present, _weights, _classes) = (present, weights, classes);

    /// <summary>Fits to the out-of-fold probabilities of rows that have all of the views; null where a class has no such row.</summary>
    public static StackedRegression? Fit(LateBase fitted, int[] labels, bool[] present, LateFusionOptions options)
    {
        int classes = fitted.Classes.Length, views = present.Length;
        int[] kept = [.. Enumerable.Range(0, views).Where(m => present[m])];
        int[] rows = RowsOf(fitted, kept, labels.Length);
        if (kept.Length == 0 || rows.Select(i => labels[i]).Distinct().Count() < classes) return null;
        DenseMatrix x = new(rows.Length, (kept.Length * classes) + 1);
        for (int at = 0; at < rows.Length; at++)
        {
            Span<double> row = x.Row(at);
            row[^1] = 1;
            for (int k = 0; k < kept.Length; k++)
            {
                fitted.OutOfFold.AsSpan(((rows[at] * views) + kept[k]) * classes, classes).CopyTo(row[(k * classes)..]);
            }
        }

        ExecutionOptions host = KernelFusionFit.OnHost(options);
        const string Name = "LateFusion.Stacking";
        SoftmaxSolver solver = new(
            HostExecution.Engine(host, Name), x, [.. rows.Select(i => labels[i])], classes, options.StackingCost, HostExecution.Settings(host, Name));
        return new(present, solver.Solve(), classes);
    }

    /// <inheritdoc/>
    public override void Write(ModelStateWriter file) => file.Add("stacker", _weights.Elements, _weights.Rows, _weights.Columns);

    /// <summary>Reads the regression of a set of views; null where the file has none.</summary>
    public static StackedRegression? Read(ModelStateReader file, string present, int classes)
    {
        if (!file.Has("stacker")) return null;
        int rows = (present.Count(one => one == '1') * classes) + 1;
        return new([.. present.Select(one => one == '1')], new(rows, classes, file.Numbers("stacker", rows, classes)), classes);
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<double[]?> said, Span<double> result)
    {
        _weights.Row(_weights.Rows - 1).CopyTo(result);
        int feature = 0;
        for (int m = 0; m < _present.Length; m++)
        {
            if (!_present[m]) continue;
            foreach (double value in said[m]!)
            {
                ReadOnlySpan<double> row = _weights.Row(feature++);
                for (int c = 0; c < result.Length; c++) result[c] += value * row[c];
            }
        }

        SoftmaxSolver.Softmax(result);
    }

    /// <summary>By view: the length of its coefficients; they add up to 1.</summary>
    public override double[] ViewWeights()
    {
        double[] weights = new double[_present.Length];
        int feature = 0;
        for (int m = 0; m < weights.Length; m++)
        {
            if (!_present[m]) continue;
            double squares = 0;
            for (int k = 0; k < _classes; k++)
            {
                foreach (double value in _weights.Row(feature++)) squares += value * value;
            }

            weights[m] = Math.Sqrt(squares);
        }

        return Shares(weights);
    }
}
