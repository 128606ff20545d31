using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>The two-class problems of labels: every pair of classes, or each class against the others.</summary>
internal sealed class ClassPairs
{
    private readonly int[] _labels;

    /// <summary>Finds the classes.</summary>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public ClassPairs(ReadOnlySpan<int> labels)
    {
        _labels = labels.ToArray();
        Classes = [.. _labels.Distinct().Order()];
        if (Classes.Length < 2)
        {
            throw new ArgumentException($"the {labels.Length} labels are of {(Classes.Length == 1 ? $"one class, {Classes[0]}" : "no class")}: two classes at least are needed", nameof(labels));
        }
    }

    /// <summary>The labels that occur, in ascending order.</summary>
    public int[] Classes { get; }

    /// <summary>Requires two rows of every class, so that one can be held out.</summary>
    /// <exception cref="ArgumentException">A class has one row.</exception>
    public void RequireTwoRows()
    {
        foreach (int one in Classes)
        {
            if (_labels.Count(label => label == one) < 2) throw new ArgumentException($"class {one} has one row: probabilities hold rows out, and need two of every class");
        }
    }

    /// <summary>Pairs (0, 1), (0, 2), ... of classes, the first of each +1.</summary>
    public List<SvmProblem> Problems(double cost, double tolerance)
    {
        List<SvmProblem> problems = [];
        for (int a = 0; a < Classes.Length; a++)
        {
            for (int b = a + 1; b < Classes.Length; b++)
            {
                (int first, int second) = (Classes[a], Classes[b]);
                int[] rows = [.. Enumerable.Range(0, _labels.Length).Where(row => _labels[row] == first || _labels[row] == second)];
                problems.Add(new(rows, [.. rows.Select(row => (sbyte)(_labels[row] == first ? 1 : -1))], cost, 0, tolerance));
            }
        }

        return problems;
    }

    /// <summary>Each class against all others, with a hard margin and a ridge; of two classes, the first alone.</summary>
    public List<SvmProblem> AgainstOthers(double ridge, double tolerance)
    {
        int[] rows = [.. Enumerable.Range(0, _labels.Length)];
        return [.. Classes.Take(Classes.Length == 2 ? 1 : Classes.Length)
            .Select(one => new SvmProblem(rows, [.. _labels.Select(label => (sbyte)(label == one ? 1 : -1))], double.PositiveInfinity, ridge, tolerance))];
    }

    /// <summary>rows x classes, 1 in the column of the row's class.</summary>
    public double[] Indicators()
    {
        double[] values = new double[_labels.Length * Classes.Length];
        for (int i = 0; i < _labels.Length; i++) values[(i * Classes.Length) + Array.BinarySearch(Classes, _labels[i])] = 1;
        return values;
    }
}
