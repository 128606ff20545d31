namespace FusionKernels;

/// <summary>How well ridges correlate rows that they were not fitted to.</summary>
public sealed class RidgeScores
{
    internal RidgeScores(IReadOnlyList<double> ridges, double[][] scores)
    {
        Ridges = [.. ridges];
        FoldScores = scores;
        Scores = [.. scores.Select(folds => folds.Average())];
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (Scores[i] > Scores[best] || (Scores[i].Equals(Scores[best]) && Ridges[i] > Ridges[best])) best = i;
        }

        BestRidge = Ridges[best];
    }

    /// <summary>The ridges.</summary>
    public IReadOnlyList<double> Ridges { get; }

    /// <summary>Per ridge, the mean over the folds of the mean held-out correlation of the scored components, -1 to 1.</summary>
    public IReadOnlyList<double> Scores { get; }

    /// <summary>Per ridge and fold, the mean held-out correlation of the scored components.</summary>
    public IReadOnlyList<IReadOnlyList<double>> FoldScores { get; }

    /// <summary>The ridge of the highest score; of equal ones, the largest.</summary>
    public double BestRidge { get; }
}
