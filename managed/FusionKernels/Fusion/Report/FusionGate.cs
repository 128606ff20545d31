using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>How far a gated unit opens to a view: of each feature of its code, 0 to 1, over the present views of sum 1.</summary>
/// <param name="Mean">The mean over features, test rows and folds.</param>
/// <param name="Least">The feature that is least open, its mean over test rows; of all folds.</param>
/// <param name="Most">The feature that is most open.</param>
public sealed record FusionGate(double Mean, double Least, double Most)
{
    /// <summary>The gate of one view, over the rows that have any.</summary>
    /// <param name="gates">rows x features x views.</param>
    /// <param name="view">The view.</param>
    internal static FusionGate Of(Tensor<double> gates, int view)
    {
        (int rows, int features, int views) = ((int)gates.Lengths[0], (int)gates.Lengths[1], (int)gates.Lengths[2]);
        int[] there = [.. Enumerable.Range(0, rows).Where(row => Enumerable.Range(0, views).Any(m => gates[row, 0, m] > 0))];
        double[] means = [.. Enumerable.Range(0, features).Select(feature => there.Select(row => gates[row, feature, view]).DefaultIfEmpty().Average())];
        return new(means.Average(), means.Min(), means.Max());
    }

    /// <summary>One gate of several folds.</summary>
    internal static FusionGate Of(IReadOnlyList<FusionGate> folds) => new(folds.Average(one => one.Mean), folds.Min(one => one.Least), folds.Max(one => one.Most));
}
