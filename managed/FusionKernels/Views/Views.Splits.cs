namespace FusionKernels;

/// <content>Splits: group-disjoint where there are groups, stratified where there are labels.</content>
public sealed partial class Views
{
    /// <summary>Splits rows into folds; each is once the test set.</summary>
    /// <remarks>
    /// With groups, no group is on both sides: the groups, in an order by the seed and the largest first, go to the fold that holds the
    /// fewest rows. Otherwise the rows of each class, in an order by the seed, go to the folds in turn; without labels, all rows do.
    /// </remarks>
    /// <param name="count">Folds, 2 or more.</param>
    /// <param name="seed">What the orders follow from.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds.</exception>
    /// <exception cref="ArgumentException">There are fewer rows or groups than folds, or a class has one row.</exception>
    public IReadOnlyList<ViewsSplit> Folds(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (Rows < count) throw new ArgumentException($"{Rows} rows cannot be {count} folds");
        int[] fold = _groups is null ? StratifiedFolds(count, seed) : GroupFolds(count, seed);
        ViewsSplit[] result = new ViewsSplit[count];
        for (int which = 0; which < count; which++)
        {
            ILookup<bool, int> rows = Enumerable.Range(0, Rows).ToLookup(row => fold[row] == which);
            result[which] = SplitAt([.. rows[false]], [.. rows[true]]);
        }

        return result;
    }

    /// <summary>One split: about the fraction of the rows to be judged on, of every class where there are labels and no groups.</summary>
    /// <param name="testFraction">Above 0 and below 1.</param>
    /// <param name="seed">What the choice follows from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">A side would be empty, there is one group, or a class has one row.</exception>
    public ViewsSplit Split(double testFraction, int seed)
    {
        if (!(testFraction is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "the fraction of test rows is between 0 and 1");
        Random random = new(seed);
        List<int> test = [];
        int wanted = (int)Math.Round(testFraction * Rows);
        if (_groups is not null)
        {
            int[] groups = [.. _groups.Distinct().Order()];
            if (groups.Length < 2) throw new ArgumentException("all rows are of one group: they cannot be split without it being on both sides");
            random.Shuffle(groups);
            foreach (int one in groups.Take(groups.Length - 1))
            {
                int[] rows = RowsWhere(_groups, one);
                if (test.Count > 0 && Math.Abs(test.Count + rows.Length - wanted) >= Math.Abs(test.Count - wanted)) continue;
                test.AddRange(rows);
            }
        }
        else
        {
            foreach (int[] rows in Strata(random)) test.AddRange(rows.Take(Math.Clamp((int)Math.Round(testFraction * rows.Length), _labels is null ? 0 : 1, rows.Length - 1)));
        }

        int[] sorted = [.. test.Order()];
        if (sorted.Length == 0 || sorted.Length == Rows) throw new ArgumentException($"{Rows} rows leave one side of the split empty");
        return SplitAt([.. Enumerable.Range(0, Rows).Except(sorted)], sorted);
    }

    /// <summary>One split in the order of the rows: those from <paramref name="firstTestRow"/> on are judged on.</summary>
    /// <param name="firstTestRow">1 to rows - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side would be empty.</exception>
    public ViewsSplit SplitFrom(int firstTestRow)
    {
        if (firstTestRow < 1 || firstTestRow >= Rows) throw new ArgumentOutOfRangeException(nameof(firstTestRow), firstTestRow, $"of {Rows} rows, the first test row is 1 to {Rows - 1}");
        return SplitAt([.. Enumerable.Range(0, firstTestRow)], [.. Enumerable.Range(firstTestRow, Rows - firstTestRow)]);
    }

    private ViewsSplit SplitAt(int[] train, int[] test) => new(Take(train), Take(test), train, test);

    private int[] StratifiedFolds(int count, int seed)
    {
        int[] fold = new int[Rows];
        int next = 0;
        foreach (int[] rows in Strata(new Random(seed)))
        {
            foreach (int row in rows) fold[row] = next++ % count;
        }

        return fold;
    }

    private int[] GroupFolds(int count, int seed)
    {
        int[] groups = [.. _groups!.Distinct().Order()];
        if (groups.Length < count) throw new ArgumentException($"{groups.Length} groups cannot be {count} folds without one being on both sides");
        new Random(seed).Shuffle(groups);
        int[] fold = new int[Rows], sizes = new int[count];
        foreach (int[] rows in groups.Select(one => RowsWhere(_groups!, one)).OrderByDescending(rows => rows.Length))
        {
            int least = Array.IndexOf(sizes, sizes.Min());
            foreach (int row in rows) fold[row] = least;
            sizes[least] += rows.Length;
        }

        return fold;
    }

    /// <summary>The rows of every class, or all of them, in an order by chance.</summary>
    private List<int[]> Strata(Random random)
    {
        List<int[]> strata = [];
        if (_labels is null) strata.Add([.. Enumerable.Range(0, Rows)]);
        else strata.AddRange(_labels.Distinct().Order().Select(one => RowsWhere(_labels, one)));
        foreach (int[] rows in strata)
        {
            if (_labels is not null && rows.Length == 1) throw new ArgumentException($"class {NameOf(_labels[rows[0]])} has one row: it cannot be on both sides of a split");
            random.Shuffle(rows);
        }

        return strata;
    }

    /// <summary>A label as people know it.</summary>
    internal string NameOf(int label) => _classNames is null ? $"{label}" : $"'{_classNames[label]}'";

    private static int[] RowsWhere(int[] values, int wanted) => [.. Enumerable.Range(0, values.Length).Where(row => values[row] == wanted)];
}
