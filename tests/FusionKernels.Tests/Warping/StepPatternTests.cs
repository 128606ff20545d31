using FusionKernels.Kernels.Warping;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>The step patterns of the dtw package of R against what that package answers.</summary>
/// <remarks>Sums and paths as dtw-python computes them; a path is the rows, then the columns, a digit each.</remarks>
[Parallelizable]
public sealed class StepPatternTests
{
    // The example of Myers, which the package's documentation works through by hand.
    private static readonly double[,] MyersCosts =
    {
        { 1, 2, 3, 4, 5 },
        { 3, 2, 1, 2, 3 },
        { 4, 3, 1, 3, 4 },
        { 4, 3, 1, 3, 4 },
        { 5, 4, 3, 2, 1 },
    };

    private static readonly double[] Query = [0, 1, 2, 3, 2, 1, 0, 1];
    private static readonly double[] Reference = [0, 0, 1, 3, 3, 2, 0, 0, 1, 1];

    /// <summary>Pattern, sum, rows and columns of the path through <see cref="MyersCosts"/>.</summary>
    public static readonly string[] MyersAnswers =
    [
        "symmetric1 8 01234 01234",
        "symmetric2 12 0012334 0122234",
        "asymmetric 5 01234 02224",
        "asymmetricP0 5 0012334 0122234",
        "symmetricP05 13 012344 012234",
        "asymmetricP05 6.5 012344 012234",
        "symmetricP1 13 012344 012234",
        "asymmetricP1 6.5 012344 012234",
        "symmetricP2 15 01234 01234",
        "asymmetricP2 8 01234 01234",
        "typeIa 5 012334 011234",
        "typeIb 8 01234 01234",
        "typeIc 7 012344 012234",
        "typeId 13 012344 012234",
        "typeIas 5.5 012344 012234",
        "typeIbs 8 01234 01234",
        "typeIcs 6.5 012344 012234",
        "typeIds 12.5 012344 012234",
        "typeIIa 5 0134 0124",
        "typeIIb 7 0134 0124",
        "typeIIc 6 0134 0124",
        "typeIId 11 0134 0124",
        "typeIIIc 6 01234 01224",
        "typeIVc 5 01234 02224",
        "mori2006 19 012344 012234",
        "RJ1a 1 000001234 012344444",
        "RJ1as 1 000001234 012344444",
        "RJ1b 8 01234 01234",
        "RJ1bs 8 01234 01234",
        "RJ1c 5 000123334 012222344",
        "RJ1cs 5 000123334 012222344",
        "RJ1d 12 0012334 0122234",
        "RJ1ds 12 0012334 0122234",
        "RJ2a 5 012334 011234",
        "RJ2as 5.5 012344 012234",
        "RJ2b 8 01234 01234",
        "RJ2bs 8 01234 01234",
        "RJ2c 7 012344 012234",
        "RJ2cs 6.5 012344 012234",
        "RJ2d 13 012344 012234",
        "RJ2ds 12.5 012344 012234",
        "RJ3a 5 0134 0124",
        "RJ3as 5 0134 0124",
        "RJ3b 7 0134 0124",
        "RJ3bs 7 0134 0124",
        "RJ3c 6 0134 0124",
        "RJ3cs 6 0134 0124",
        "RJ3d 11 0134 0124",
        "RJ3ds 11 0134 0124",
        "RJ4a 5 01234 01224",
        "RJ4as 4.5 01234 02244",
        "RJ4b 7 01234 01224",
        "RJ4bs 7 01234 01224",
        "RJ4c 6 01234 01224",
        "RJ4cs 6 01234 01224",
        "RJ4d 11 01234 01224",
        "RJ4ds 11 01234 01224",
        "RJ5a 5 012334 011234",
        "RJ5as 5.5 012344 012234",
        "RJ5b 8 01234 01234",
        "RJ5bs 8 01234 01234",
        "RJ5c 7 012344 012234",
        "RJ5cs 6.5 012344 012234",
        "RJ5d 13 012344 012234",
        "RJ5ds 12.5 012344 012234",
        "RJ6a 8 01234 01234",
        "RJ6as 8 01234 01234",
        "RJ6b 8 01234 01234",
        "RJ6bs 8 01234 01234",
        "RJ6c 8 01234 01234",
        "RJ6cs 8 01234 01234",
        "RJ6d 15 01234 01234",
        "RJ6ds 15 01234 01234",
        "RJ7a 3 01234 02224",
        "RJ7as 3 01234 02224",
        "RJ7b 7 01234 02224",
        "RJ7bs 6.999999999999999 01234 02224",
        "RJ7c 5 01234 02224",
        "RJ7cs 5 01234 02224",
        "RJ7d 9 01234 02224",
        "RJ7ds 9 01234 02224",
    ];

    /// <summary>The same for <see cref="Query"/> and <see cref="Reference"/> under absolute costs.</summary>
    public static readonly string[] SeriesAnswers =
    [
        "symmetric1 2 0012345677 0123456789",
        "symmetric2 2 001233456677 012234556789",
        "asymmetric 2 01234567 02445779",
        "asymmetricP0 2 001233456677 012234556789",
        "symmetricP05 5 01233456677 01234556789",
        "asymmetricP05 2.5 01123456677 01234556789",
        "symmetricP1 5 01233456677 01234556789",
        "asymmetricP1 2.5 01123456677 01234556789",
        "symmetricP2 6 0123345677 0123456789",
        "asymmetricP2 2.6666666666666665 0123345677 0123456789",
        "typeIa 2 01123456677 01234556789",
        "typeIb 3 0112345677 0123456789",
        "typeIc 3 0112345667 0123456789",
        "typeId 5 01123456677 01234556789",
        "typeIas 2 01123456677 01234556789",
        "typeIbs 3 0112345677 0123456789",
        "typeIcs 2.5 0112345677 0123456789",
        "typeIds 5 01123456677 01234556789",
        "typeIIa 1 0134567 0235679",
        "typeIIb 1 0134567 0235679",
        "typeIIc 1 0134567 0235679",
        "typeIId 2 0134567 0235679",
        "typeIIIc 2 01234567 02245579",
        "typeIVc 2 01234567 02345889",
        "mori2006 7 01123456677 01234556789",
        "RJ2c 3 0112345667 0123456789",
        "RJ2d 5 01123456677 01234556789",
        "RJ3c 1 0134567 0235679",
        "RJ3d 2 0134567 0235679",
        "RJ4c 2 01234567 02445779",
        "RJ4d 2 01234567 02245579",
        "RJ5c 3 011123444567 012344567899",
        "RJ5d 5 01123456677 01234556789",
        "RJ6c 3 0122345667 0123456789",
        "RJ6d 6 0123345677 0123456789",
        "RJ7c 2 01234567 02555899",
        "RJ7d 2 01234567 02555889",
    ];

    [TestCaseSource(nameof(MyersAnswers))]
    public void A_pattern_sums_a_given_cost_matrix_as_R_does(string answer)
    {
        string[] parts = answer.Split(' ');
        StepPattern pattern = StepPattern.ByName(parts[0]);
        Assert.That(Last(WarpingReference.Accumulate(MyersCosts, pattern, WarpingWindow.None, default)), Is.EqualTo(double.Parse(parts[1])).Within(1e-12));
    }

    [TestCaseSource(nameof(SeriesAnswers))]
    public void A_pattern_aligns_series_of_different_lengths_as_R_does(string answer)
    {
        string[] parts = answer.Split(' ');
        double[,] costs = WarpingReference.PointCosts(PointCost.Absolute, Steps(Query), Steps(Reference));
        double[,] table = WarpingReference.Accumulate(costs, StepPattern.ByName(parts[0]), WarpingWindow.None, default);
        Assert.That(Last(table), Is.EqualTo(double.Parse(parts[1])).Within(1e-12));
    }

    [TestCaseSource(nameof(SeriesAnswers))]
    public void The_path_of_a_pattern_is_R_s(string answer)
    {
        string[] parts = answer.Split(' ');
        DtwAlignment<double> found = Dtw.Align<double>(Query, Reference, DtwOptions.RDtw(StepPattern.ByName(parts[0])) with { Device = WarpingSeries.Host });
        Assert.That(found.Distance, Is.EqualTo(double.Parse(parts[1])).Within(1e-12));
        Assert.That(string.Concat(found.Path.X.ToArray()), Is.EqualTo(parts[2]));
        Assert.That(string.Concat(found.Path.Y.ToArray()), Is.EqualTo(parts[3]));
    }

    [Test]
    public void Names_lead_to_their_patterns_and_back()
    {
        foreach (string name in StepPattern.Names) Assert.That(StepPattern.ByName(name.ToUpperInvariant()).Name, Is.EqualTo(name));
        Assert.That(StepPattern.ByName("symmetric1"), Is.SameAs(StepPattern.Symmetric1));
        Assert.That(StepPattern.ByName("rj4cs").Name, Is.EqualTo("rj4cs"));
        Assert.That(StepPattern.ByName("mvm10").Steps, Has.Count.EqualTo(10));
    }

    [TestCase("rj8a")]
    [TestCase("rj1e")]
    [TestCase("rj1ax")]
    [TestCase("mvm0")]
    [TestCase("mvm17")]
    [TestCase("sideways")]
    public void An_unknown_name_is_an_error_that_lists_the_known_ones(string name) =>
        Assert.That(() => StepPattern.ByName(name), Throws.ArgumentException.With.Message.Contains("symmetricP05").And.Message.Contains(name));

    // Myers, Rabiner and Rosenberg's types I to IV are Rabiner and Juang's II, III, IV and VII, step for step.
    [TestCase("typeIa", "rj2a")]
    [TestCase("typeIb", "rj2b")]
    [TestCase("typeIc", "rj2c")]
    [TestCase("typeId", "rj2d")]
    [TestCase("typeIas", "rj2as")]
    [TestCase("typeIbs", "rj2bs")]
    [TestCase("typeIcs", "rj2cs")]
    [TestCase("typeIds", "rj2ds")]
    [TestCase("typeIIa", "rj3a")]
    [TestCase("typeIIb", "rj3b")]
    [TestCase("typeIIc", "rj3c")]
    [TestCase("typeIId", "rj3d")]
    [TestCase("typeIIIc", "rj4c")]
    [TestCase("typeIVc", "rj7c")]
    [TestCase("symmetric2", "symmetricP0")]
    [TestCase("symmetric2", "rj1d")]
    [TestCase("symmetricP1", "typeId")]
    public void Patterns_of_two_names_have_the_same_steps(string one, string other)
    {
        StepPattern first = StepPattern.ByName(one), second = StepPattern.ByName(other);
        Assert.That(first.Steps.Select(Text), Is.EquivalentTo(second.Steps.Select(Text)));
        Assert.That(first.Normalization, Is.EqualTo(second.Normalization));

        static string Text(WarpingStep step) => $"{step.Rows},{step.Columns}: {string.Join(' ', step.Cells)}";
    }

    [Test]
    public void A_symmetric_normalisation_goes_with_symmetric_steps()
    {
        foreach (string name in StepPattern.Names)
        {
            StepPattern pattern = StepPattern.ByName(name);
            if (pattern.Normalization == StepNormalization.XPlusY) Assert.That(pattern.IsSymmetric, name);
            if (name.StartsWith("asymmetric", StringComparison.Ordinal)) Assert.That(pattern.IsSymmetric, Is.False, name);
        }
    }

    [Test]
    public void Weights_along_any_path_add_up_to_the_normalisation()
    {
        // A path through costs of 1 sums its weights. The first pair weighs 1, as in R, where a step to it would weigh more.
        double[,] ones = new double[6, 7];
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 7; j++) ones[i, j] = 1;
        }

        foreach (string name in StepPattern.Names.Concat(["rj1c", "rj1d", "rj2c", "rj2ds", "rj3c", "rj3d", "rj4cs", "rj4d", "rj5cs", "rj5ds", "rj6c", "rj6d", "rj7c", "rj7d"]))
        {
            StepPattern pattern = StepPattern.ByName(name);
            (double weights, double first) = pattern.Normalization switch
            {
                StepNormalization.X => (6, 1.0),
                StepNormalization.Y => (21, 3.0), // Mori's weights are thrice the columns.
                StepNormalization.XPlusY => (13, 2.0),
                _ => (double.NaN, double.NaN),
            };
            double sum = Last(WarpingReference.Accumulate(ones, pattern, WarpingWindow.None, default));
            if (double.IsFinite(weights) && double.IsFinite(sum)) Assert.That(sum, Is.EqualTo(weights - first + 1).Within(1e-12).Or.EqualTo(weights).Within(1e-12), name);
        }
    }

    // tests/dtw_test.R.save of the package.
    [Test]
    public void The_package_s_own_regression_matrix_gives_its_costs()
    {
        double[,] costs = new double[6, 6];
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++) costs[i, j] = i == 1 || j == 4 ? 0 : 1;
        }

        costs[1, 4] = 0.01;
        double[,] table = WarpingReference.Accumulate(costs, StepPattern.Symmetric2, WarpingWindow.None, default);
        double[] row = [.. Enumerable.Range(0, 6).Select(j => table[1, j])];
        Assert.That(row, Is.EqualTo((double[])[1, 1, 1, 1, 1.01, 1.01]).Within(1e-12));
        Assert.That(Last(table), Is.EqualTo(2));
        Assert.That(Last(WarpingReference.Accumulate(costs, StepPattern.Asymmetric, WarpingWindow.None, default)), Is.EqualTo(2));
        Assert.That(Last(WarpingReference.Accumulate(costs, StepPattern.ByName("asymmetricP0"), WarpingWindow.None, default)), Is.EqualTo(1));
        Assert.That(Last(WarpingReference.Accumulate(costs, StepPattern.ByName("asymmetricP1"), WarpingWindow.None, default)), Is.EqualTo(3));
    }

    private static double Last(double[,] table) => table[table.GetLength(0) - 1, table.GetLength(1) - 1];

    private static double[][] Steps(double[] series) => Array.ConvertAll(series, value => new[] { value });
}
