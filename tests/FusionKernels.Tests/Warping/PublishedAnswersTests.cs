using FusionKernels.Kernels.Warping;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Presets and measures, by the definition and on the host, against what the libraries they follow print.</summary>
[Parallelizable]
public sealed class PublishedAnswersTests
{
    private static readonly double[] s_s1 = [0, 0, 1, 2, 1, 0, 1, 0, 0];
    private static readonly double[] s_s2 = [0, 1, 2, 0, 0, 0, 0, 0, 0];
    private static readonly double[] s_s3 = [1, 2, 0, 0, 0, 0, 0, 1];
    private static readonly double[] s_x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    private static readonly double[] s_y = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20];

    [Test]
    public void Measures_of_small_series_are_aeon_s()
    {
        foreach ((ElasticOptions options, double[] answers) in ElasticAnswers.Table)
        {
            for (int i = 0; i < answers.Length; i++)
            {
                (string name, double[][] x, double[][] y) = ElasticAnswers.Pairs[i];
                Assert.That(WarpingSeries.Expected(options, x, y), Is.EqualTo(answers[i]).Within(1e-9), $"{options} of {name}");
            }
        }

        foreach ((ElasticOptions options, double answer) in ElasticAnswers.OfRandomNumbers)
        {
            double[][] x = ElasticAnswers.Steps(ElasticAnswers.First), y = ElasticAnswers.Steps(ElasticAnswers.Second);
            Assert.That(WarpingSeries.Expected(options, x, y), Is.EqualTo(answer).Within(1e-12), $"{options} of random numbers");
        }

        foreach ((ElasticOptions options, double answer) in ElasticAnswers.OfSingleSamples)
        {
            Assert.That(WarpingSeries.Expected(options, [[10]], [[15]]), Is.EqualTo(answer).Within(1e-12), $"{options} of single samples");
        }
    }

    [Test]
    public void Measures_of_real_motions_are_aeon_s()
    {
        TimeSeriesSet<double> motions = Ts.Read<double>(SharedData.Require("ucr/BasicMotions_TRAIN.ts"));
        double[][] x = WarpingSeries.Steps(motions.Series[0]), y = WarpingSeries.Steps(motions.Series[1]);
        foreach ((ElasticOptions options, double answer) in ElasticAnswers.OfMotions)
        {
            Assert.That(WarpingSeries.Expected(options, x, y), Is.EqualTo(answer).Within(1e-4), $"{options}");
        }

        Check(DtwOptions.Aeon(0), x, y, 757.259719, 1e-5);
        Check(DtwOptions.Aeon(0.1), x, y, 330.834497, 1e-5);
        Check(DtwOptions.Aeon(1), x, y, 330.834497, 1e-5);
    }

    [Test]
    public void The_paper_s_border_of_real_penalties_costs_no_more_than_aeon_s()
    {
        (double[][] x, double[][] y) = (ElasticAnswers.Pairs[3].X, ElasticAnswers.Pairs[3].Y);
        Assert.That(WarpingSeries.Expected(new ErpOptions { Border = ErpBorder.Cumulative }, x, y), Is.EqualTo(1));
        Assert.That(WarpingSeries.Expected(new ErpOptions(), x, y), Is.EqualTo(3));
    }

    [Test]
    public void Dtaidistance_s_length_limit_makes_longer_differences_infinite()
    {
        foreach (int? window in (int?[])[null, 0, 2])
        {
            DtwOptions limited = DtwOptions.Dtaidistance(window, maxLengthDifference: 1), free = DtwOptions.Dtaidistance(window);
            Assert.That(Dtw.Distance<double>(s_s1, s_s3, limited), Is.EqualTo(Dtw.Distance<double>(s_s1, s_s3, free)), "lengths differ by 1");
            Assert.That(Dtw.Distance<double>(s_s1, s_s3.AsSpan(1), limited), Is.EqualTo(double.PositiveInfinity), "by 2");
            Assert.That(Dtw.Distance<double>(s_s3.AsSpan(1), s_s1, limited), Is.EqualTo(double.PositiveInfinity), "the other way");
            Assert.That(Dtw.Distance<double>(s_s1, s_s3.AsSpan(1), free), Is.LessThan(10));
        }
    }

    // Its loop skips pairs whose difference exceeds max_step.
    [Test]
    public void Dtaidistance_s_step_limit_is_a_custom_window()
    {
        bool[,] mask = new bool[s_s1.Length, s_s2.Length];
        for (int i = 0; i < s_s1.Length; i++)
        {
            for (int j = 0; j < s_s2.Length; j++) mask[i, j] = Math.Abs(s_s1[i] - s_s2[j]) <= 1;
        }

        double[,] table = new double[s_s1.Length + 1, s_s2.Length + 1];
        for (int i = 0; i <= s_s1.Length; i++)
        {
            for (int j = 0; j <= s_s2.Length; j++)
            {
                table[i, j] = i == 0 && j == 0 ? 0 : double.PositiveInfinity;
                if (i == 0 || j == 0 || Math.Abs(s_s1[i - 1] - s_s2[j - 1]) > 1) continue;
                table[i, j] = Math.Pow(s_s1[i - 1] - s_s2[j - 1], 2) + Math.Min(table[i - 1, j - 1], Math.Min(table[i - 1, j], table[i, j - 1]));
            }
        }

        Assert.That(Dtw.Distance<double>(s_s1, s_s2, DtwOptions.Dtaidistance() with { Window = WarpingWindow.Custom(mask) }), Is.EqualTo(Math.Sqrt(table[s_s1.Length, s_s2.Length])).And.LessThan(10));
    }

    // tests/test_dtw.py, test_penalty.py, test_dtw2d.py, and the library run on series of its documentation.
    [Test]
    public void Dtaidistance_s_options_give_its_distances()
    {
        (DtwOptions Options, double S1S2, double S1S3, double S3S1)[] answers =
        [
            (DtwOptions.Dtaidistance(), 1.4142135623730951, 2.23606797749979, 2.23606797749979),
            (DtwOptions.Dtaidistance(window: 1), 2.8284271247461903, 3.1622776601683795, 3.1622776601683795),
            (DtwOptions.Dtaidistance(window: 2), 1.4142135623730951, 2.23606797749979, 2.23606797749979),
            (DtwOptions.Dtaidistance(psi: WarpingEnds.Relaxed(1)), 1.4142135623730951, 1.7320508075688772, 1.7320508075688772),
            (DtwOptions.Dtaidistance(psi: WarpingEnds.Relaxed(2)), 1.4142135623730951, 1, 1),
            (DtwOptions.Dtaidistance(psi: new(1, 0, 0, 0)), 1.4142135623730951, 2, 2.23606797749979),
            (DtwOptions.Dtaidistance(psi: new(0, 1, 0, 0)), 1.4142135623730951, 2, 2),
            (DtwOptions.Dtaidistance(psi: new(0, 0, 1, 0)), 1.4142135623730951, 2.23606797749979, 2),
            (DtwOptions.Dtaidistance(psi: new(0, 0, 0, 1)), 1.4142135623730951, 2, 2),
            (DtwOptions.Dtaidistance(psi: new(2, 1, 0, 3)), 1.4142135623730951, 1.4142135623730951, 1.4142135623730951),
            (DtwOptions.Dtaidistance(penalty: 0.5), 1.5811388300841898, 2.3979157616563596, 2.3979157616563596),
            (DtwOptions.Dtaidistance(penalty: 1), 2, 2.8284271247461903, 2.8284271247461903),
            (DtwOptions.Dtaidistance(penalty: 0.1), 1.4212670403551895, 2.2427661492005804, 2.2427661492005804),
            (DtwOptions.Dtaidistance(euclidean: true), 2, 5, 5),
            (DtwOptions.Dtaidistance(euclidean: true, penalty: 0.5), 3, 6.5, 6.5),
            (DtwOptions.Dtaidistance(window: 2, penalty: 0.5, psi: WarpingEnds.Relaxed(1)), 1.4142135623730951, 1.8027756377319946, 1.8027756377319946),
        ];
        foreach ((DtwOptions options, double s1s2, double s1s3, double s3s1) in answers)
        {
            Check(options, s_s1, s_s2, s1s2);
            Check(options, s_s1, s_s3, s1s3);
            Check(options, s_s3, s_s1, s3s1);
        }
    }

    // Docstrings and tests/test_dtw.py, and the library run on the same series as above.
    [Test]
    public void Tslearn_s_options_give_its_distances()
    {
        Check(DtwOptions.Tslearn(), [1, 2, 3], [1, 2, 2, 3], 0);
        Check(DtwOptions.Tslearn(), [1, 2, 3], [1, 2, 2, 3, 4], 1);
        Check(DtwOptions.Tslearn(), [1, 2, 3], [3, 4, -3], 6.48074069840786);
        Check(DtwOptions.Tslearn(), [[1, 1], [2, 2], [3, 3]], [[3, 3], [4, 4], [-3, -3]], 9.16515138991168);
        Check(DtwOptions.Tslearn(), [1, 2, 2, 3], [2, 3, 4, 5], 2.44949, 1e-5);
        Check(DtwOptions.Tslearn(), [1, 2, 3, 4], [2, 3, 4, 5], 1.414214, 1e-5);
        Check(DtwOptions.Tslearn(sakoeChibaRadius: 0), s_s1, s_s3, 3.1622776601683795);
        Check(DtwOptions.Tslearn(sakoeChibaRadius: 0), s_s1, s_s2, 2.8284271247461903);
        Check(DtwOptions.Tslearn(sakoeChibaRadius: 0), s_s3[..5], s_s1, 2);
        Check(DtwOptions.Tslearn(sakoeChibaRadius: 1), s_s1, s_s3, 2.23606797749979);
        Check(DtwOptions.Tslearn(itakuraMaxSlope: 1.5), s_s1, s_s2, 2);
        Check(DtwOptions.Tslearn(itakuraMaxSlope: 1.5), s_s1, s_s3, 3.605551275463989);
        Check(DtwOptions.Tslearn(itakuraMaxSlope: 2), s_s1, s_s2, 1.7320508075688772);
        Check(DtwOptions.Tslearn(itakuraMaxSlope: 3), s_s1, s_s3, 3);
    }

    [Test]
    public void Aeon_s_options_give_its_distances()
    {
        Check(DtwOptions.Aeon(), s_x, s_y, 768);
        Check(DtwOptions.Aeon(0.2), s_x, s_y, 874);
        Check(DtwOptions.Aeon(0), s_x, s_y, 1000);
        Check(DtwOptions.Aeon(0.1), s_x, s_y, 929);
        Check(DtwOptions.Aeon(itakuraMaxSlope: 0.5), s_x, s_y, 932);
        Check(DtwOptions.Aeon(0.2), s_s1, s_s3, 10);
        Check(DtwOptions.Aeon(0.2), s_s3, s_s1, 10);
        Check(DtwOptions.Aeon(0.1), s_s1, s_s3, 13);
        Check(DtwOptions.Aeon(itakuraMaxSlope: 0.5), s_s1, s_s2, 3);
        Check(DtwOptions.Aeon(itakuraMaxSlope: 0.5), s_s1, s_s3, 9);
        (string _, double[][] wideX, double[][] wideY) = ElasticAnswers.Pairs[5];
        Check(DtwOptions.Aeon(), wideX, wideY, 564);
        Check(DtwOptions.Aeon(0.2), wideX, wideY, 615);
    }

    // tests/test_cran.py of dtw-python and dtw_test.R of the R package; the last ones by running it.
    [Test]
    public void R_s_options_give_its_distances()
    {
        double[] query = [0, 1, 2, 3, 2, 1, 0, 1], reference = [0, 0, 1, 3, 3, 2, 0, 0, 1, 1];
        Check(DtwOptions.RDtw(), [1, 2, 3], [2, 3, 4, 5, 6], 7);
        Check(DtwOptions.RDtw(), [1, 2, 3], [2, 3, 4], 2);
        Check(DtwOptions.RDtw(StepPattern.Asymmetric, openBegin: true, openEnd: true), [2.01, 3.01], [1, 2, 3, 4], 0.02);
        Check(DtwOptions.RDtw(StepPattern.Asymmetric, openEnd: true), query, reference, 2);
        Check(DtwOptions.RDtw(window: LibraryWindows.RSakoeChiba(2)), query, reference, 2);
        Check(DtwOptions.RDtw(window: LibraryWindows.RSakoeChiba(1)), query, reference, double.PositiveInfinity);
        Check(DtwOptions.RDtw(StepPattern.Asymmetric), [1, 1, 1, 1], new double[20], double.PositiveInfinity);
        double[] sine = [.. Enumerable.Range(0, 100).Select(i => Math.Sin(6.28 * i / 99))], cosine = [.. Enumerable.Range(0, 70).Select(i => Math.Cos(6.28 * i / 69) + 0.5)];
        Check(DtwOptions.RDtw(StepPattern.ByName("rj4c")), sine, cosine, 52.97950138380242);
    }

    // tests/test_dtw.py, after Mueller, Fundamentals of Music Processing.
    [Test]
    public void Librosa_s_options_give_its_costs()
    {
        double[] x = [1, 3, 3, 8, 1], y = [2, 0, 0, 8, 7, 2];
        Check(DtwOptions.Librosa(), x, y, 9);
        Check(DtwOptions.Librosa(globalConstraints: true, bandRadius: 0.5), x, y, 9);
        StepPattern uneven = new("librosa", [Step(1, 1, 2), Step(1, 2, 3), Step(2, 1, 3)]);
        Check(DtwOptions.Librosa(step: uneven), x, y, 13);
        Check(DtwOptions.Librosa(subsequence: true), [0, 1, 2, 3], [10, 10, 0, 1, 2, 3, 10, 10], 0);
        double[,] table = WarpingReference.Table(DtwOptions.Librosa(globalConstraints: true, bandRadius: 0.5).Problem(), ElasticAnswers.Steps(x), ElasticAnswers.Steps(y));
        const double Inf = double.PositiveInfinity;
        Assert.That(table, Is.EqualTo(new[,] { { 1, 2, 3, Inf, Inf, Inf }, { 2, 4, 5, 8, Inf, Inf }, { Inf, 5, 7, 10, 12, Inf }, { Inf, Inf, 13, 7, 8, 14 }, { Inf, Inf, Inf, 14, 13, 9 } }));

        static WarpingStep Step(int rows, int columns, double weight) => new(rows, columns, [new(0, 0, weight)]);
    }

    // tests/test_warping.py of dtaidistance, docstrings of tslearn, tests/test_dtw.py of librosa; the rest by running them.
    [Test]
    public void Paths_are_those_of_the_libraries()
    {
        double[] bump = [0, 0, 1, 2, 1, 0, 1, 0, 0, 0, 0], early = [0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0];
        CheckPath(DtwOptions.Dtaidistance(), bump, early, "0 0, 1 0, 2 1, 3 2, 4 3, 5 4, 5 5, 6 6, 7 7, 8 8, 9 9, 10 10");
        CheckPath(DtwOptions.Dtaidistance(), s_s1, s_s2, "0 0, 1 0, 2 1, 3 2, 4 3, 5 4, 5 5, 6 6, 7 7, 8 8");
        CheckPath(DtwOptions.Dtaidistance(window: 2), s_s1, s_s3, "0 0, 1 0, 2 0, 3 1, 4 2, 5 3, 5 4, 6 5, 7 6, 8 7");
        CheckPath(DtwOptions.Tslearn(), [1, 2, 3], [1, 2, 2, 3], "0 0, 1 1, 1 2, 2 3");
        CheckPath(DtwOptions.Tslearn(), [1, 2, 3], [1, 2, 2, 3, 4], "0 0, 1 1, 1 2, 2 3, 2 4");
        CheckPath(DtwOptions.Aeon(), s_s1, s_s3, "0 0, 1 0, 2 0, 3 1, 4 2, 5 3, 5 4, 6 5, 7 6, 8 7");
        CheckPath(DtwOptions.Librosa(), [1, 2, 3, 4, 5], [1, 1, 1, 2, 4, 5, 6, 5, 5], "0 0, 0 1, 0 2, 1 3, 2 3, 3 4, 4 5, 4 6, 4 7, 4 8");
        CheckPath(DtwOptions.Librosa(subsequence: true), [1, 2, 3, 4, 5], [1, 1, 1, 2, 4, 5, 6, 5, 5], "0 2, 1 3, 2 3, 3 4, 4 5");
        CheckPath(DtwOptions.Librosa(subsequence: true), [0, 1, 2, 3], [10, 10, 0, 1, 2, 3, 10, 10], "0 2, 1 3, 2 4, 3 5");
        CheckPath(DtwOptions.RDtw(), [1, 2, 3], [2, 3, 4, 5, 6], "0 0, 1 0, 2 1, 2 2, 2 3, 2 4");
        CheckPath(DtwOptions.RDtw(StepPattern.Asymmetric, openBegin: true, openEnd: true), [2.01, 3.01], [1, 2, 3, 4], "0 1, 1 2");
    }

    // tests/test_frechet.py of tslearn.
    [Test]
    public void The_Frechet_distance_is_tslearn_s()
    {
        Assert.That(WarpingSeries.Expected(new FrechetOptions(), [[1], [2], [3]], [[1], [2], [2], [3], [4]]), Is.EqualTo(1));
        Assert.That(WarpingSeries.Expected(new FrechetOptions(), [[1], [2], [3]], [[3], [4], [-3]]), Is.EqualTo(6));
        Assert.That(WarpingSeries.Expected(new FrechetOptions(), ElasticAnswers.Steps(s_s1), ElasticAnswers.Steps(s_s3)), Is.EqualTo(1));
        Assert.That(WarpingSeries.Expected(new FrechetOptions(), [[1, 2], [2, 3]], [[2, 3], [3, 4]]), Is.EqualTo(Math.Sqrt(2)).Within(1e-12));
    }

    [Test]
    public void Options_that_a_library_refuses_are_errors_here()
    {
        Assert.That(() => DtwOptions.Tslearn(1, 2), Throws.ArgumentException.With.Message.Contains("exclude"));
        Assert.That(() => DtwOptions.RDtw(openBegin: true), Throws.ArgumentException.With.Message.Contains("asymmetric"));
        Assert.That(() => DtwOptions.Dtaidistance(penalty: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => DtwOptions.Aeon(window: 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void CheckPath(DtwOptions options, double[] x, double[] y, string path)
    {
        DtwAlignment<double> found = Dtw.Align<double>(x, y, options with { Device = WarpingSeries.Host });
        Assert.That(string.Join(", ", found.Path.Select(pair => $"{pair.X} {pair.Y}")), Is.EqualTo(path), $"{options}");
    }

    private static void Check(DtwOptions options, double[] x, double[] y, double expected, double within = 1e-12) =>
        Check(options, ElasticAnswers.Steps(x), ElasticAnswers.Steps(y), expected, within);

    private static void Check(DtwOptions options, double[][] x, double[][] y, double expected, double within = 1e-12)
    {
        Assert.That(WarpingReference.Distance(options.Problem(), x, y), Is.EqualTo(expected).Within(within), $"{options}");
        Assert.That(Dtw.Distance(WarpingSeries.Tensor<double>(x), WarpingSeries.Tensor<double>(y), options with { Device = WarpingSeries.Host }), Is.EqualTo(expected).Within(within), $"{options}");
        Assert.That(WarpingReference.Distance(options.Problem(isForPath: false), x, y), Is.EqualTo(expected).Within(within), $"{options}");
    }
}
