using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>Stacked regressions (Breiman 1996) of one set of views: each output is its mean and a sum of the views' deviations from it, with weights of 0 or more.</summary>
/// <remarks>
/// Weights are non-negative least squares on out-of-fold predictions: Breiman found that this constraint, and no penalty, is what makes
/// stacking (Wolpert 1992) better than its best part, as predictions of one target are nearly collinear. Views that know nothing get 0, so
/// that targets of chance are predicted by their mean.
/// </remarks>
internal sealed class StackedValues : Stacker
{
    private readonly bool[] _present;
    private readonly DenseMatrix _weights;
    private readonly double[] _means;

    private StackedValues(bool[] present, DenseMatrix weights, double[] means) => (_present, _weights, _means) = (present, weights, means);

    /// <summary>Fits to the out-of-fold values of rows that have all of the views; null where these are no more than the views.</summary>
    public static StackedValues? Fit(LateBase fitted, double[] targets, double[] means, bool[] present, LateFusionOptions options)
    {
        int outputs = means.Length, views = present.Length;
        int[] kept = [.. Enumerable.Range(0, views).Where(m => present[m])], rows = RowsOf(fitted, kept, targets.Length / outputs);
        if (kept.Length == 0 || rows.Length <= kept.Length) return null;
        ExecutionOptions host = KernelFusionFit.OnHost(options);
        const string Name = "LateFusion.Stacking";
        DenseMatrix weights = new(views, outputs), x = new(rows.Length, kept.Length);
        for (int c = 0; c < outputs; c++)
        {
            for (int at = 0; at < rows.Length; at++)
            {
                for (int k = 0; k < kept.Length; k++) x[at, k] = fitted.OutOfFold[(((rows[at] * views) + kept[k]) * outputs) + c] - means[c];
            }

            double[] deviations = [.. rows.Select(i => targets[(i * outputs) + c] - means[c])];
            double[] solved = new NonNegativeHost(HostExecution.Engine(host, Name), x, HostExecution.Settings(host, Name)).Solve(deviations).X;
            for (int k = 0; k < kept.Length; k++) weights[kept[k], c] = solved[k];
        }

        return new(present, weights, means);
    }

    /// <summary>Reads the regression of a set of views; null where the file has none.</summary>
    public static StackedValues? Read(ModelStateReader file, string present, double[] means)
    {
        if (!file.Has("stacker")) return null;
        double[] weights = file.Numbers("stacker", present.Length, means.Length);
        return weights.All(weight => weight >= 0)
            ? new([.. present.Select(one => one == '1')], new(present.Length, means.Length, weights), means)
            : throw file.Error("stacker", "weights of 0 or more", $"{weights.Min()}");
    }

    /// <inheritdoc/>
    public override void Write(ModelStateWriter file) => file.Add("stacker", _weights.Elements, _weights.Rows, _weights.Columns);

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<double[]?> said, Span<double> result)
    {
        _means.CopyTo(result);
        for (int m = 0; m < _present.Length; m++)
        {
            for (int c = 0; c < result.Length && _present[m]; c++) result[c] += _weights[m, c] * (said[m]![c] - _means[c]);
        }
    }

    /// <inheritdoc/>
    public override double[] ViewWeights() => Shares([.. Enumerable.Range(0, _present.Length).Select(m => _weights.Row(m).ToArray().Sum())]);
}
