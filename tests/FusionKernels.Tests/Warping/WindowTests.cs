using FusionKernels.Kernels.Warping;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Windows pair for pair, against the masks of the libraries they are named for and against what holds for any window.</summary>
[Parallelizable]
public sealed class WindowTests
{
    private static readonly (int Rows, int Columns)[] Lengths = [(1, 1), (1, 9), (9, 1), (2, 2), (3, 3), (5, 8), (8, 5), (9, 9), (10, 31), (31, 30)];

    // tests/test_masks.py and docstrings of tslearn.
    [TestCase(6, 6, 2.0, "1..... .11... .111.. ..111. ...11. .....1")]
    [TestCase(6, 6, 3.0, "1..... .111.. .1111. .1111. ..111. .....1")]
    [TestCase(4, 4, 2.0, "1... .11. .11. ...1")]
    [TestCase(5, 7, 2.0, "1...... .11.... ..111.. ....11. ......1")]
    [TestCase(7, 5, 2.0, "1.... .1... .11.. ..1.. ..11. ...1. ....1")]
    [TestCase(5, 8, 3.0, "1....... .1111... ..1111.. ...1111. .......1")]
    public void Tslearn_s_parallelogram_is_its_mask(int rows, int columns, double maxSlope, string mask) =>
        Assert.That(MaskOf(LibraryWindows.TslearnItakura(maxSlope), rows, columns), Is.EqualTo(mask));

    [TestCase(7, 3, 1, "11. 111 111 111 111 111 .11")]
    [TestCase(3, 7, 1, "111111. 1111111 .111111")]
    [TestCase(5, 8, 0, "1111.... .1111... ..1111.. ...1111. ....1111")]
    [TestCase(8, 5, 0, "1.... 11... 111.. 1111. .1111 ..111 ...11 ....1")]
    [TestCase(4, 4, 2, "111. 1111 1111 .111")]
    public void Tslearn_s_band_is_its_mask_and_dtaidistance_s_of_one_more(int rows, int columns, int radius, string mask)
    {
        Assert.That(MaskOf(LibraryWindows.Tslearn(radius), rows, columns), Is.EqualTo(mask));
        Assert.That(MaskOf(LibraryWindows.Dtaidistance(radius + 1), rows, columns), Is.EqualTo(mask));
    }

    // create_bounding_matrix of aeon; the first is in its tests.
    [TestCase(8, 8, 0.5, "11111... 111111.. 1111111. 11111111 11111111 .1111111 ..111111 ...11111")]
    [TestCase(5, 10, 0.2, "1111...... 111111.... ..111111.. ....111111 ......1111")]
    [TestCase(10, 5, 0.2, "11... 11... 111.. 111.. .111. .111. ..111 ..111 ...11 ...11")]
    [TestCase(10, 10, 0.2, "111....... 1111...... 11111..... .11111.... ..11111... ...11111.. ....11111. .....11111 ......1111 .......111")]
    [TestCase(4, 9, 0.0, "11....... ..11..... ....111.. .......11")]
    [TestCase(9, 4, 0.3, "11.. 11.. 111. 111. .111 .111 .111 ..11 ..11")]
    [TestCase(8, 9, 0.25, "111...... 1111..... 111111... .111111.. ..111111. ...111111 ....11111 ......111")]
    [TestCase(9, 8, 0.25, "111..... 1111.... 11111... .11111.. ..11111. ..11111. ...11111 ....1111 .....111")]
    public void Aeon_s_band_is_its_mask(int rows, int columns, double fraction, string mask) =>
        Assert.That(MaskOf(LibraryWindows.Aeon(fraction), rows, columns), Is.EqualTo(mask));

    [TestCase(5, 7, 0.5, "1...... .1111.. ..111.. ..1111. ......1")]
    [TestCase(7, 5, 0.5, "1.... .1... .111. .111. .111. ...1. ....1")]
    [TestCase(9, 9, 0.5, "1........ .1111.... .111111.. .111111.. .1111111. ..111111. ..111111. ....1111. ........1")]
    [TestCase(10, 10, 0.2, "1......... .11....... .1111..... ..11111... ..11111... ...11111.. ...11111.. .....1111. .......11. .........1")]
    [TestCase(8, 8, 0.3, "1....... .11..... .1111... ..1111.. ..1111.. ...1111. .....11. .......1")]
    public void Aeon_s_parallelogram_is_its_mask(int rows, int columns, double maxSlope, string mask) =>
        Assert.That(MaskOf(LibraryWindows.AeonItakura(maxSlope), rows, columns), Is.EqualTo(mask));

    // fill_off_diagonal of librosa keeps these.
    [TestCase(8, 8, 0.25, "11...... 111..... .111.... ..111... ...111.. ....111. .....111 ......11")]
    [TestCase(8, 12, 0.25, "111111...... 1111111..... .1111111.... ..1111111... ...1111111.. ....1111111. .....1111111 ......111111")]
    public void Librosa_s_band_is_its_mask(int rows, int columns, double radius, string mask) =>
        Assert.That(MaskOf(LibraryWindows.Librosa(radius), rows, columns), Is.EqualTo(mask));

    [Test]
    public void R_s_windows_are_their_definitions_beside_the_first_pair()
    {
        foreach ((int rows, int columns) in Lengths)
        {
            Check(LibraryWindows.RSakoeChiba(3), (i, j, _, _) => Math.Abs(j - i) <= 3);
            Check(WarpingWindow.Slanted(0), (i, j, n, m) => j * n == i * m);
            Check(WarpingWindow.Slanted(2), (i, j, n, m) => Math.Abs(j - ((double)i * m / n)) <= 2);
            Check(LibraryWindows.RItakura, (i, j, n, m) => j < 2 * i && i <= 2 * j && i >= n - 1 - (2 * (m - j)) && j > m - 1 - (2 * (n - i)));

            void Check(WarpingWindow window, Func<int, int, int, int, bool> allows)
            {
                for (int i = 0; i < rows; i++)
                {
                    // Nothing leads to the rest of the first row where the first pair is outside of it.
                    bool onlyFirst = i == 0 && !allows(1, 1, rows, columns);
                    for (int j = 0; j < columns; j++)
                    {
                        bool expected = onlyFirst ? j == 0 : allows(i + 1, j + 1, rows, columns);
                        Assert.That(window.Allows(i, j, rows, columns), Is.EqualTo(expected), $"{window} at {i}, {j} of {rows} x {columns}");
                    }
                }
            }
        }
    }

    [Test]
    public void The_parallelogram_holds_the_pairs_within_its_slopes()
    {
        foreach ((int rows, int columns) in Lengths)
        {
            foreach (int slope in (int[])[1, 2, 3])
            {
                WarpingWindow window = WarpingWindow.Itakura(slope);
                for (int i = 0; i < rows; i++)
                {
                    for (int j = 0; j < columns; j++)
                    {
                        // The four sides in whole numbers.
                        long x = (long)i * (columns - 1), y = (long)j * (rows - 1), end = (long)(rows - 1) * (columns - 1);
                        bool isInside = y <= slope * x && x <= slope * y && end - y <= slope * (end - x) && end - x <= slope * (end - y);
                        Assert.That(window.Allows(i, j, rows, columns), Is.EqualTo(isInside), $"slope {slope} at {i}, {j} of {rows} x {columns}");
                    }
                }
            }
        }
    }

    [Test]
    public void Equal_lengths_draw_one_parallelogram_and_one_band_by_any_name()
    {
        for (int length = 1; length < 40; length++)
        {
            Assert.That(MaskOf(WarpingWindow.Itakura(2), length, length), Is.EqualTo(MaskOf(LibraryWindows.TslearnItakura(2), length, length)));
            string band = MaskOf(WarpingWindow.Radius(3), length, length);
            Assert.That(MaskOf(LibraryWindows.Tslearn(3), length, length), Is.EqualTo(band));
            Assert.That(MaskOf(LibraryWindows.Dtaidistance(4), length, length), Is.EqualTo(band));
            Assert.That(MaskOf(LibraryWindows.RSakoeChiba(3), length, length), Is.EqualTo(band));
            Assert.That(MaskOf(WarpingWindow.Slanted(3), length, length), Is.EqualTo(band));
            Assert.That(MaskOf(LibraryWindows.Aeon(3.5 / Math.Max(4, length)), length, length), Is.EqualTo(MaskOf(WarpingWindow.Radius((int)(3.5 / Math.Max(4, length) * length)), length, length)));
        }
    }

    [Test]
    public void Symmetric_windows_are_transposed_by_swapped_lengths()
    {
        foreach (WarpingWindow window in Windows())
        {
            if (!window.IsSymmetric) continue;
            foreach ((int rows, int columns) in Lengths)
            {
                Assert.That(MaskOf(window, columns, rows), Is.EqualTo(TransposeOf(MaskOf(window, rows, columns))), $"{window}, {rows} x {columns}");
            }
        }
    }

    [Test]
    public void Wider_windows_never_cost_more()
    {
        Random random = new(5);
        foreach ((int rows, int columns) in Lengths)
        {
            double[][] x = Series(random, rows), y = Series(random, columns);
            foreach (Func<int, WarpingWindow> family in (Func<int, WarpingWindow>[])
                [WarpingWindow.Radius, WarpingWindow.Slanted, LibraryWindows.Tslearn, LibraryWindows.RSakoeChiba, width => WarpingWindow.Fraction(width / 10.0), width => WarpingWindow.Itakura(width + 1), width => LibraryWindows.Aeon(width / 10.0)])
            {
                double before = double.PositiveInfinity;
                for (int width = 0; width <= 10; width++)
                {
                    double distance = WarpingReference.Distance(new() { Window = family(width) }, x, y);
                    Assert.That(distance, Is.LessThanOrEqualTo(before), $"{family(width)}, {rows} x {columns}");
                    before = distance;
                }
            }
        }
    }

    [Test]
    public void A_radius_of_0_is_the_pointwise_distance()
    {
        Random random = new(6);
        double[][] x = Series(random, 17), y = Series(random, 17);
        double pointwise = x.Zip(y).Sum(pair => (pair.First[0] - pair.Second[0]) * (pair.First[0] - pair.Second[0]));
        foreach (WarpingWindow window in (WarpingWindow[])[WarpingWindow.Radius(0), WarpingWindow.Slanted(0), WarpingWindow.Itakura(1), LibraryWindows.Dtaidistance(1)])
        {
            Assert.That(WarpingReference.Distance(new() { Window = window }, x, y), Is.EqualTo(pointwise).Within(1e-12), $"{window}");
        }
    }

    [Test]
    public void A_mask_is_the_window_and_knows_its_holes_and_its_symmetry()
    {
        foreach (string mask in (string[])["11. 1.1 .11", "111 111 111", "1.11 .111", "... 111 ..1", "1"])
        {
            bool[,] pairs = Pairs(mask);
            int rows = pairs.GetLength(0), columns = pairs.GetLength(1);
            WarpingWindow window = WarpingWindow.Custom(pairs);
            Assert.That(MaskOf(window, rows, columns), Is.EqualTo(mask));
            Assert.That(window.HasHoles, Is.EqualTo(mask.Split(' ').Any(row => row.Trim('.').Contains('.', StringComparison.Ordinal))), mask);
            Assert.That(window.IsSymmetric, Is.EqualTo(rows == columns && mask == TransposeOf(mask)), mask);
        }
    }

    [Test]
    public void A_mask_that_changes_later_changes_no_window()
    {
        bool[,] mask = { { true, false }, { false, true } };
        WarpingWindow window = WarpingWindow.Custom(mask);
        mask[0, 1] = true;
        Assert.That(window.Allows(0, 1, 2, 2), Is.False);
    }

    [Test]
    public void A_window_that_leaves_no_path_makes_the_distance_infinite()
    {
        double[][] x = Series(new(1), 5), y = Series(new(2), 9);
        WarpingWindow[] none = [LibraryWindows.RSakoeChiba(1), WarpingWindow.Custom(new bool[5, 9]), LibraryWindows.AeonItakura(0)];
        foreach (WarpingWindow window in none)
        {
            Assert.That(WarpingReference.Distance(new() { Window = window }, x, y), Is.EqualTo(double.PositiveInfinity), $"{window}");
        }
    }

    [Test]
    public void Errors_name_the_number_and_its_range()
    {
        Assert.That(() => WarpingWindow.Slanted(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => WarpingWindow.Itakura(0.5), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1 or more"));
        Assert.That(() => WarpingWindow.Itakura(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LibraryWindows.Dtaidistance(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LibraryWindows.Dtaidistance(1, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LibraryWindows.Aeon(1.5), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 1"));
        Assert.That(() => WarpingWindow.Custom(new bool[0, 3]), Throws.ArgumentException.With.Message.Contains("0 x 3"));
        Assert.That(() => WarpingWindow.Custom(new bool[2, 3]).RequireFits(2, 4), Throws.ArgumentException.With.Message.Contains("2 x 3").And.Message.Contains("2 and 4"));
    }

    private static WarpingWindow[] Windows() =>
    [
        WarpingWindow.None, WarpingWindow.Radius(0), WarpingWindow.Radius(3), WarpingWindow.Radius(int.MaxValue), WarpingWindow.Fraction(0.3),
        WarpingWindow.Slanted(2), WarpingWindow.Itakura(1), WarpingWindow.Itakura(1.7), WarpingWindow.Itakura(2),
        LibraryWindows.Dtaidistance(1), LibraryWindows.Dtaidistance(4), LibraryWindows.Tslearn(2), LibraryWindows.TslearnItakura(2),
        LibraryWindows.Aeon(0), LibraryWindows.Aeon(0.1), LibraryWindows.Aeon(0.37), LibraryWindows.AeonItakura(0.5),
        LibraryWindows.RSakoeChiba(2), LibraryWindows.RItakura, LibraryWindows.Librosa(0.25), LibraryWindows.Librosa(0),
    ];

    private static double[][] Series(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => new[] { random.NextDouble() - 0.5 })];

    private static string MaskOf(WarpingWindow window, int rows, int columns) =>
        string.Join(' ', Enumerable.Range(0, rows).Select(i => string.Concat(Enumerable.Range(0, columns).Select(j => window.Allows(i, j, rows, columns) ? '1' : '.'))));

    private static string TransposeOf(string mask)
    {
        string[] rows = mask.Split(' ');
        return string.Join(' ', Enumerable.Range(0, rows[0].Length).Select(j => string.Concat(rows.Select(row => row[j]))));
    }

    private static bool[,] Pairs(string mask)
    {
        string[] rows = mask.Split(' ');
        bool[,] pairs = new bool[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows[i].Length; j++) pairs[i, j] = rows[i][j] == '1';
        }

        return pairs;
    }
}
