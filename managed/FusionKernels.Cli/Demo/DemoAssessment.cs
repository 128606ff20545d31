using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>Held-out accuracy of a Gram matrix by kernel ridge classification over stratified folds.</summary>
internal static class DemoAssessment
{
    /// <summary>Folds.</summary>
    public const int Folds = 5;

    /// <summary>Added to a diagonal of ones.</summary>
    private const double Ridge = 1e-2;

    /// <summary>The part of each fold that is named right by a model of the other folds.</summary>
    /// <param name="gram">rows x rows.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="cancellation">Checked between folds.</param>
    /// <returns>Right and all, fold by fold.</returns>
    public static IReadOnlyList<(int Right, int All)> Assess<T>(Tensor<T> gram, int[] labels, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] fold = StratifiedFolds.Assign(labels, Folds);
        List<(int, int)> results = [];
        for (int which = 0; which < Folds; which++)
        {
            cancellation.ThrowIfCancellationRequested();
            (int[] train, int[] test) = StratifiedFolds.Split(fold, which);
            var model = KernelRidgeClassifier.Fit(GramPart.Take(gram, train, train), [.. train.Select(row => labels[row])], Ridge);
            int[] named = model.Predict(GramPart.Take(gram, test, train));
            results.Add((test.Where((row, i) => named[i] == labels[row]).Count(), test.Length));
        }

        return results;
    }

    /// <summary>Accuracy of naming the most frequent class of the other folds.</summary>
    public static double Majority(int[] labels)
    {
        int[] fold = StratifiedFolds.Assign(labels, Folds);
        int right = 0;
        for (int which = 0; which < Folds; which++)
        {
            (int[] train, int[] test) = StratifiedFolds.Split(fold, which);
            int majority = train.GroupBy(row => labels[row]).OrderByDescending(rows => rows.Count()).ThenBy(rows => rows.Key).First().Key;
            right += test.Count(row => labels[row] == majority);
        }

        return (double)right / labels.Length;
    }
}
