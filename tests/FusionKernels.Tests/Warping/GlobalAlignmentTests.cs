using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>The global alignment kernel against its definition and published values, and as a kernel among others.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class GlobalAlignmentTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double s_epsilon = Tolerances.Epsilon<T>();

    [Test]
    public void Logarithms_are_those_of_the_definition()
    {
        foreach ((int rows, int columns, int channels) in new[] { (1, 1, 1), (1, 6, 1), (17, 33, 2), (64, 50, 1), (3, 200, 1) })
        {
            double[][] x = SoftCases.Walk<T>(rows, channels, 1), y = SoftCases.Walk<T>(columns, channels, 2);
            double[,] squares = WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y);
            foreach (double sigma in new[] { 0.02, 0.5, 40 })
            {
                double expected = WarpingReference.LogGlobalAlignment(squares, sigma, WarpingWindow.None);
                double actual = double.CreateChecked(GlobalAlignment.Log(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), Options(sigma) with { Normalized = false }));
                double tolerance = SoftCases.Tolerance<T>(engine, rows + columns, channels, expected, 1);
                Assert.That(actual, Is.EqualTo(expected).Within(tolerance), $"{rows} x {columns} x {channels}, sigma {sigma}");
            }
        }
    }

    [Test]
    public void Published_values_of_tslearn()
    {
        Near(Value([1, 2, 3], [1, 2, 2, 3], 2, normalized: true), 0.8393369079368088);
        Near(Value([1, 2, 3], [1, 2, 2, 3, 4], 1, normalized: true), 0.2733855908733379);
        Near(Value([1, 2, 2, 3], [1, 2, 3, 4], 2, normalized: true), 0.6562966099203166);
        Near(Value([1, 2, 3], [1, 2, 2, 3], 2, normalized: false), 15.358189998480215);
        Near(Value([1, 2, 3], [1, 2, 2, 3, 4], 1, normalized: false), 3.166011071272158);
        Near(Value([1, 2, 2, 3], [1, 2, 3, 4], 1, normalized: false), 3.745674509201063);
        Tensor<T> gram = GlobalAlignment.Gram([Series(1, 2, 2, 3), Series(1, 2, 3, 4)], Options(2));
        SoftCases.Near(gram, new[,] { { 1, 0.6562966099203166 }, { 0.6562966099203166, 1 } }, 64 * s_epsilon, "Gram matrix");

        static void Near(double actual, double expected) => Assert.That(actual, Is.EqualTo(expected).Within(64 * s_epsilon * expected));
    }

    [Test]
    public void Long_series_do_not_overflow()
    {
        // The number of alignments of 600 and 600 samples, about e^1052, exceeds a double.
        Tensor<T> zeros = Series(new double[600]);
        double log = double.CreateChecked(GlobalAlignment.Log(zeros, zeros, Options(1) with { Normalized = false }));
        double tolerance = engine.Kind == DeviceKind.Host ? 5000 * s_epsilon : SoftCases.Tolerance<T>(engine, 1200, 1, log, 1);
        Assert.That(log, Is.EqualTo(1052.1303051074908).Within(tolerance));
        Assert.That(GlobalAlignment.Value(zeros, zeros, Options(1)), Is.EqualTo(T.One));
        Tensor<T> ones = Series([.. Enumerable.Repeat(1.0, 600)]);
        double far = double.CreateChecked(GlobalAlignment.Log(zeros, ones, Options(0.01)));
        Assert.That(far, Is.EqualTo(-600 * (5000 + Math.Log(2))).Within(1100), "a normalised kernel that underflows keeps its logarithm");
        Assert.That(GlobalAlignment.Value(zeros, ones, Options(0.01)), Is.EqualTo(T.Zero));
    }

    [Test]
    public void Gram_matrices_are_symmetric_and_positive_definite()
    {
        List<Tensor<T>> series = Set(15);
        Tensor<T> gram = GlobalAlignment.Gram(series, Options(1)), both = GlobalAlignment.Gram(series, series, Options(1));
        MathNet.Numerics.LinearAlgebra.Matrix<double> matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(SoftCases.Array(gram));
        Assert.That(matrix.Evd().EigenValues.Min(value => value.Real), Is.GreaterThan(-Tolerances.Eigenvalue<T>(15)));
        for (int i = 0; i < 15; i++)
        {
            Assert.That(gram[i, i], Is.EqualTo(T.One));
            for (int j = 0; j < 15; j++)
            {
                Assert.That(gram[j, i], Is.EqualTo(gram[i, j]));
                Assert.That(double.CreateChecked(both[i, j]), Is.EqualTo(double.CreateChecked(gram[i, j])).Within(100 * s_epsilon));
            }
        }
    }

    [Test]
    public void Sequences_and_vectors_fuse_in_one_kernel()
    {
        List<Tensor<T>> train = Set(12), test = Set(5);
        Random random = new(3);
        Tensor<T> rows = Rows(12), others = Rows(5);
        GlobalAlignmentKernel<T> sequences = GlobalAlignment.Fit(train, Options(0.7));
        Kernel vectors = Kernel.Rbf(0.3);
        GramOptions options = new() { Device = engine.Device };
        Tensor<T> fused = Gram.Compute(rows, (0.5 * vectors) + (0.5 * sequences.Training), options);
        Tensor<T> against = Gram.Compute(others, rows, (0.5 * vectors) + (0.5 * sequences.Against(test)), options);
        Tensor<T> own = Gram.Compute(rows, vectors, options), cross = Gram.Compute(others, rows, vectors, options);
        Tensor<T> alignments = GlobalAlignment.Gram(test, train, Options(0.7));
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 12; j++) Close(fused[i, j], own[i, j], sequences.Gram[i, j]);
            for (int j = 0; j < 5; j++) Close(against[j, i], cross[j, i], alignments[j, i]);
        }

        KernelRidge model = KernelRidge.Fit(fused, Tensor.Create([.. Enumerable.Range(0, 12).Select(i => (double)i)], [12]), 1e-3);
        Assert.That(model.Predict(against).Lengths[0], Is.EqualTo((nint)5));

        Tensor<T> Rows(int count) => Tensor.Create([.. Enumerable.Range(0, count * 3).Select(_ => T.CreateChecked(random.NextDouble()))], [count, 3]);

        static void Close(T actual, T vector, T sequence) =>
            Assert.That(double.CreateChecked(actual), Is.EqualTo((double.CreateChecked(vector) + double.CreateChecked(sequence)) / 2).Within(16 * s_epsilon));
    }

    [Test]
    public void The_median_heuristic_is_that_of_tslearn() =>
        Assert.That(GlobalAlignment.MedianSigma([Series(1, 2, 2, 3), Series(1, 2, 3, 4)]), Is.EqualTo(2));

    [Test]
    public void Without_a_path_the_kernel_is_0()
    {
        GlobalAlignmentOptions options = Options(1) with { Normalized = false, Window = WarpingWindow.Radius(0) };
        Tensor<T> x = Series(1, 2, 3);
        Assert.That(double.CreateChecked(GlobalAlignment.Value(x, x, options)), Is.EqualTo(1).Within(8 * s_epsilon), "one alignment of weight 1");
    }

    private static List<Tensor<T>> Set(int count) => [.. Enumerable.Range(0, count).Select(i => SoftCases.Tensor<T>(SoftCases.Walk<T>(10 + (3 * i), 2, i)))];

    private static Tensor<T> Series(params double[] values) => Tensor.Create([.. values.Select(T.CreateChecked)], [values.Length]);

    private double Value(double[] x, double[] y, double sigma, bool normalized) =>
        double.CreateChecked(GlobalAlignment.Value(Series(x), Series(y), Options(sigma) with { Normalized = normalized }));

    private GlobalAlignmentOptions Options(double sigma) => new() { Device = engine.Device, Sigma = sigma };
}
