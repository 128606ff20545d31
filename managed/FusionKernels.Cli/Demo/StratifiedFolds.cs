namespace FusionKernels.Cli;

/// <summary>Splits rows into folds with the classes in equal parts.</summary>
/// <remarks>
/// The rows of a class go to the folds in blocks, in the order of the file: neighbours there often come from one hand, which
/// so stays mostly on one side of a split. No chance is involved.
/// </remarks>
internal static class StratifiedFolds
{
    /// <summary>The fold of each row.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="folds">How many folds.</param>
    public static int[] Assign(int[] labels, int folds)
    {
        int[] fold = new int[labels.Length];
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]))
        {
            int count = rows.Count(), position = 0;
            foreach (int row in rows) fold[row] = position++ * folds / count;
        }

        return fold;
    }

    /// <summary>The rows outside and inside a fold.</summary>
    public static (int[] Train, int[] Test) Split(int[] fold, int which)
    {
        ILookup<bool, int> rows = Enumerable.Range(0, fold.Length).ToLookup(row => fold[row] == which);
        return ([.. rows[false]], [.. rows[true]]);
    }
}
