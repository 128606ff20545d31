using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace FusionKernels.Tests.Correlation;

/// <summary>HSIC, centred alignment and distance correlation, on every engine, against their definitions and values by hand.</summary>
/// <typeparam name="T">The element.</typeparam>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
[Parallelizable]
internal sealed class DependenceTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double s_near = typeof(T) == typeof(float) ? 2e-5 : 1e-12;

    private KernelAlignmentOptions Options => new() { Device = engine.Device };

    private KernelAlignmentOptions Unbiased => new() { Device = engine.Device, Unbiased = true };

    [SetUp]
    public void RequirePrecision() => Assume.That(typeof(T) == typeof(float) || engine.Device.Description.SupportsFloat64, "the device has no float64");

    [Test]
    public void Two_rows_by_hand()
    {
        // K = L = I, centred 1/2 and -1/2: the squares add up to 1.
        Tensor<T> gram = GramAssert.Tensor<T>(new double[,] { { 1, 0 }, { 0, 1 } });
        Assert.That(KernelAlignment.Hsic(gram, gram, Options), Is.EqualTo(1).Within(1e-15));
        Assert.That(KernelAlignment.Centered(gram, gram, Options), Is.EqualTo(1).Within(1e-15));

        // Distances 0, 1: V^2 = 1/4 and R = 1; a side that does not vary has 0.
        Tensor<T> x = GramAssert.Tensor<T>(new double[,] { { 0 }, { 1 } });
        DistanceCorrelationResult result = Distance(x, x);
        Assert.That((result.Correlation, result.SquaredCovariance, result.SquaredVarianceX), Is.EqualTo((1.0, 0.25, 0.25)).Within(1e-7));
        Assert.That(Distance(x, GramAssert.Tensor<T>(new double[,] { { 3 }, { 3 } })).Correlation, Is.Zero);
    }

    [Test]
    public void The_four_corners_of_a_square_are_independent()
    {
        Tensor<T> x = GramAssert.Tensor<T>(new double[,] { { 0 }, { 0 }, { 1 }, { 1 } }), y = GramAssert.Tensor<T>(new double[,] { { 5 }, { 7 }, { 5 }, { 7 } });
        Assert.That(Distance(x, y).Correlation, Is.Zero.Within(1e-7));
        Assert.That(KernelAlignment.Hsic(x, Kernel.Rbf(1), y, Kernel.Rbf(1), Options), Is.Zero.Within(1e-7));
        Assert.That(KernelAlignment.Centered(x, Kernel.Rbf(1), y, Kernel.Rbf(1), Options), Is.Zero.Within(1e-7));
    }

    [Test]
    public void A_linear_relation_has_correlation_1_with_and_without_correction()
    {
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(30, 1, 1));
        Tensor<T> y = CorrelatedViews.Of<T>((CorrelatedViews.ToMatrix(x) * -4).Add(3));
        Assert.That(Distance(x, y).Correlation, Is.EqualTo(1).Within(s_near));
        Assert.That(Distance(x, y, biasCorrected: true).Correlation, Is.EqualTo(1).Within(s_near));
    }

    [Test]
    public void Every_measure_is_what_its_definition_says()
    {
        const int Rows = 67;
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(Rows, 3, 2)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(Rows, 9, 3));
        for (int i = 0; i < Rows; i++) y[i, 0] += x[i, 0] * x[i, 0];
        Kernel left = Kernel.Rbf(0.5), right = Kernel.Laplacian(0.2);
        Matrix<double> k = Values(left, x), l = Values(right, y), a = Values(Kernel.Distance(), x), b = Values(Kernel.Distance(), y);
        double hsic = Product(Centred(k), Centred(l)) / (66.0 * 66), cka = Product(Centred(k), Centred(l)) / Math.Sqrt(Product(Centred(k), Centred(k)) * Product(Centred(l), Centred(l)));
        Assert.That(KernelAlignment.Hsic(x, left, y, right, Options), Is.EqualTo(hsic).Within(s_near));
        Assert.That(KernelAlignment.Centered(x, left, y, right, Options), Is.EqualTo(cka).Within(s_near));
        Assert.That(KernelAlignment.Centered(Gram.Compute(x, left), Gram.Compute(y, right), Options), Is.EqualTo(cka).Within(s_near));
        Assert.That(KernelAlignment.Centered(x, left, x, 5 * left, Options), Is.EqualTo(1).Within(s_near));
        DistanceCorrelationResult biased = Distance(x, y), corrected = Distance(x, y, biasCorrected: true);
        Assert.That(biased.SquaredCovariance, Is.EqualTo(Product(Centred(a), Centred(b)) / (Rows * Rows)).Within(s_near));
        Assert.That(biased.Correlation, Is.EqualTo(Math.Sqrt(Product(Centred(a), Centred(b)) / Math.Sqrt(Product(Centred(a), Centred(a)) * Product(Centred(b), Centred(b))))).Within(s_near));
        Assert.That(corrected.SquaredCovariance, Is.EqualTo(Product(UCentred(a), UCentred(b)) / (Rows * (Rows - 3))).Within(s_near));
        Assert.That(corrected.Correlation, Is.EqualTo(Product(UCentred(a), UCentred(b)) / Math.Sqrt(Product(UCentred(a), UCentred(a)) * Product(UCentred(b), UCentred(b)))).Within(s_near));
    }

    [Test]
    public void The_unbiased_criterion_is_the_mean_over_all_quadruples()
    {
        const int Rows = 6;
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(Rows, 2, 4)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(Rows, 2, 5));
        Matrix<double> k = Values(Kernel.Rbf(1), x), l = Values(Kernel.Rbf(1), y);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Rows; j++)
            {
                for (int q = 0; q < Rows; q++)
                {
                    for (int r = 0; r < Rows; r++)
                    {
                        if (i == j || i == q || i == r || j == q || j == r || q == r) continue;
                        sum += k[i, j] * (l[i, j] + l[q, r] - (2 * l[i, q]));
                        count++;
                    }
                }
            }
        }

        Assert.That(KernelAlignment.Hsic(x, Kernel.Rbf(1), y, Kernel.Rbf(1), Unbiased), Is.EqualTo(sum / count).Within(s_near));
    }

    [Test]
    public void Linear_alignment_comes_from_covariances_or_pairs_and_shifts_change_nothing()
    {
        Tensor<T>[] views = CorrelatedViews.Tensors<T>(50, [4, 3], 6);
        double pairs = KernelAlignment.Centered(views[0], Kernel.Linear(), views[1], Kernel.Linear(), Options);
        Assert.That(KernelAlignment.Linear(views[0], views[1]), Is.EqualTo(pairs).Within(s_near));
        Tensor<T> shifted = CorrelatedViews.Shifted(views[0], 100);
        double tolerance = typeof(T) == typeof(float) ? 2e-2 : 1e-9;
        Assert.That(KernelAlignment.Linear(shifted, views[1]), Is.EqualTo(pairs).Within(typeof(T) == typeof(float) ? 1e-4 : 1e-9));
        Assert.That(KernelAlignment.Centered(shifted, Kernel.Linear(), views[1], Kernel.Linear(), Options), Is.EqualTo(pairs).Within(tolerance));
        Assert.That(KernelAlignment.Hsic(shifted, Kernel.Rbf(0.1), views[1], Kernel.Rbf(0.1), Options), Is.EqualTo(KernelAlignment.Hsic(views[0], Kernel.Rbf(0.1), views[1], Kernel.Rbf(0.1), Options)).Within(10 * s_near));
        Assert.That(Distance(shifted, views[1]).Correlation, Is.EqualTo(Distance(views[0], views[1]).Correlation).Within(10 * s_near));
    }

    [Test]
    public void Permutations_tell_dependence_from_independence_and_repeat()
    {
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(100, 2, 7)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(100, 2, 8)), z = GramAssert.Tensor<T>(new double[100, 2]);
        for (int i = 0; i < 100; i++) z[i, 0] = x[i, 0] * x[i, 0];
        Assert.That(Distance(x, z, permutations: 199).PValue, Is.LessThanOrEqualTo(0.02));
        double? free = Distance(x, y, permutations: 199).PValue;
        Assert.That(free, Is.GreaterThan(0.05));
        Assert.That(Distance(x, y, permutations: 199).PValue, Is.EqualTo(free));
        Assert.That(Distance(x, z, biasCorrected: true, permutations: 199).PValue, Is.LessThanOrEqualTo(0.02));
        Assert.That(Distance(x, y).PValue, Is.Null);
        Tensor<T> same = GramAssert.Tensor<T>(new double[,] { { 1 }, { 1 }, { 1 }, { 1 } });
        Assert.That(Distance(same, same, permutations: 9).PValue, Is.EqualTo(1));
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(5, 2, 9)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(4, 2, 9)), constant = GramAssert.Tensor<T>(new double[5, 2]);
        Assert.That(() => KernelAlignment.Hsic(x, Kernel.Linear(), y, Kernel.Linear(), Options), Throws.ArgumentException.With.Message.Contains("x has 5 rows, y has 4"));
        Assert.That(() => KernelAlignment.Centered(x, x, Options), Throws.ArgumentException.With.Message.Contains("'gramX' is 5 x 2; the Gram matrix"));
        Assert.That(() => KernelAlignment.Centered(x, Kernel.Linear(), constant, Kernel.Linear(), Options), Throws.ArgumentException.With.Message.Contains("the kernel of y tells no two rows apart"));
        Assert.That(() => KernelAlignment.Linear(x, constant), Throws.ArgumentException.With.Message.Contains("a side does not vary"));
        Tensor<T> three = GramAssert.Tensor<T>(new double[3, 1]);
        Assert.That(() => Distance(three, three, biasCorrected: true), Throws.ArgumentException.With.Message.Contains("x has 3 rows; 4 at least"));
        Assert.That(() => DistanceCorrelation.Compute(x, x, new() { Permutations = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Tensor<T> gram = Gram.Compute(x, Kernel.Linear());
        gram[3, 1] = T.NaN;
        Assert.That(() => KernelAlignment.Hsic(gram, gram, Options), Throws.ArgumentException.With.Message.Contains("row 3 of a Gram matrix is not finite"));
        x[2, 1] = T.NaN;
        Assert.That(() => Distance(x, x), Throws.ArgumentException.With.Message.Contains("[2, 1] is not a finite number"));
    }

    private DistanceCorrelationResult Distance(Tensor<T> x, Tensor<T> y, bool biasCorrected = false, int permutations = 0) =>
        DistanceCorrelation.Compute(x, y, new() { Device = engine.Device, BiasCorrected = biasCorrected, Permutations = permutations });

    /// <summary>The Gram matrix by its definition in float64.</summary>
    private static Matrix<double> Values(Kernel kernel, Tensor<T> rows)
    {
        double[,] values = GramAssert.Array(rows);
        return Matrix<double>.Build.DenseOfArray(Kernels.Grams.GramReference.Compute(kernel.Compile(values.GetLength(1)).Program, values, values));
    }

    private static Matrix<double> Centred(Matrix<double> matrix)
    {
        Matrix<double> h = Matrix<double>.Build.DenseIdentity(matrix.RowCount) - (Matrix<double>.Build.Dense(matrix.RowCount, matrix.RowCount, 1) / matrix.RowCount);
        return h * matrix * h;
    }

    private static Matrix<double> UCentred(Matrix<double> matrix)
    {
        double n = matrix.RowCount, total = matrix.RowSums().Sum();
        Vector sums = matrix.RowSums();
        return Matrix<double>.Build.Dense(matrix.RowCount, matrix.RowCount, (i, j) => i == j ? 0 : matrix[i, j] - (sums[i] / (n - 2)) - (sums[j] / (n - 2)) + (total / ((n - 1) * (n - 2))));
    }

    private static double Product(Matrix<double> a, Matrix<double> b) => a.PointwiseMultiply(b).RowSums().Sum();
}
