using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Every kernel on every engine against its definition in float64.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.EveryWarp))]
[Parallelizable]
public sealed class GramComputeTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (int Rows, int Columns, int Features)[] s_shapes =
        [(0, 5, 3), (5, 0, 3), (0, 0, 2), (1, 1, 1), (2, 3, 0), (7, 11, 2), (13, 5, 8), (12, 32, 9), (13, 33, 17), (31, 29, 64), (5, 37, 401)];

    private static readonly (int Rows, int Columns, int Features)[] s_simulatedShapes = [(0, 5, 3), (1, 1, 1), (7, 11, 2), (13, 33, 17)];

    private bool IsSimulated => engine.Kind == DeviceKind.IlgpuCpu;

    private (int Rows, int Columns, int Features)[] Shapes => IsSimulated ? s_simulatedShapes : s_shapes;

    private GramOptions Options => new() { Device = engine.Device };

    [Test]
    public void Every_kernel_computes_every_shape([ValueSource(typeof(KernelCases), nameof(KernelCases.Table))] Kernel kernel)
    {
        foreach ((int rows, int columns, int features) in Shapes) Check(kernel, rows, columns, features);
    }

    [Test]
    public void Every_composition_computes_every_shape([ValueSource(typeof(KernelCases), nameof(KernelCases.Composed))] Kernel kernel)
    {
        foreach ((int rows, int columns, int features) in Shapes.Where(shape => shape.Features > 0)) Check(kernel, rows, columns, features);
    }

    [Test]
    public void Tiles_meet_at_their_edges()
    {
        foreach (Kernel kernel in (Kernel[])[Kernel.Rbf(), Kernel.Linear() + Kernel.Rbf(), Kernel.Laplacian().Centered()])
        {
            Check(kernel, 97, IsSimulated ? 65 : 1025, 3);
            Check(kernel, IsSimulated ? 67 : 193, IsSimulated ? 64 : 191, 9);
        }
    }

    /// <summary>Of 16 MiB and more, which hosts store around the caches where rows are whole cache lines; short rows and long ones.</summary>
    [TestCase(2064, 3)]
    [TestCase(2061, 3)]
    [TestCase(2064, 1030)]
    public void A_large_result_is_right_and_symmetric_to_the_last_bit(int rows, int features)
    {
        if (IsSimulated) Assert.Ignore("the device simulates too slowly");
        double[,] x = GramAssert.Rows<T>(rows, features, 1);
        double gamma = 1.0 / features, tolerance = Tolerances.Gram<T>(features);
        Tensor<T> rectangular = Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(x), Kernel.Rbf(gamma), Options);
        Tensor<T> symmetric = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Rbf(gamma), Options);
        T[] values = GramAssert.Elements(symmetric);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (values[(i * rows) + j] != values[(j * rows) + i]) Assert.Fail($"({i}, {j}) and ({j}, {i}) differ");
            }
        }

        Random random = new(2);
        for (int draw = 0; draw < 2000; draw++)
        {
            int i = random.Next(rows), j = random.Next(rows);
            double squared = Enumerable.Range(0, features).Sum(k => (x[i, k] - x[j, k]) * (x[i, k] - x[j, k]));
            Assert.That(double.CreateChecked(symmetric[i, j]), Is.EqualTo(Math.Exp(-gamma * squared)).Within(tolerance), $"({i}, {j})");
            Assert.That(double.CreateChecked(rectangular[i, j]), Is.EqualTo(Math.Exp(-gamma * squared)).Within(tolerance), $"({i}, {j}) of the rectangle");
        }
    }

    [Test]
    public void Rows_may_lie_anyhow([ValueSource(typeof(KernelCases), nameof(KernelCases.Table))] Kernel kernel)
    {
        bool histograms = KernelCases.NeedsHistograms(kernel);
        double[,] x = GramAssert.Rows<T>(23, 19, 1, histograms), y = GramAssert.Rows<T>(17, 19, 2, histograms);
        T[] spacedX = new T[23 * 64], spacedY = new T[19 * 40], target = new T[23 * 21];
        for (int i = 0; i < 23; i++)
        {
            for (int k = 0; k < 19; k++) spacedX[(i * 64) + (3 * k)] = T.CreateChecked(x[i, k]);
        }

        for (int j = 0; j < 17; j++)
        {
            for (int k = 0; k < 19; k++) spacedY[(k * 40) + (2 * j)] = T.CreateChecked(y[j, k]);
        }

        T guard = T.CreateChecked(-77);
        Array.Fill(target, guard);
        ReadOnlyTensorSpan<T> stridedX = new(spacedX, [23, 19], [64, 3]), transposedY = new(spacedY, [17, 19], [2, 40]);
        Gram.Compute(stridedX, transposedY, kernel, new TensorSpan<T>(target, [23, 17], [21, 1]), Options);

        Tensor<T> result = Tensor.CreateFromShape<T>([23, 17]);
        for (int i = 0; i < 23; i++)
        {
            for (int j = 0; j < 17; j++) result[i, j] = target[(i * 21) + j];
            for (int j = 17; j < 21; j++) Assert.That(target[(i * 21) + j], Is.EqualTo(guard), "beside the result");
        }

        GramAssert.Near(result, kernel, x, y, $"{kernel} strided");
    }

    [Test]
    public void A_range_of_features_equals_the_slice()
    {
        double[,] x = GramAssert.Rows<T>(40, 12, 1, histograms: true), slice = new double[40, 5];
        for (int i = 0; i < 40; i++)
        {
            for (int k = 0; k < 5; k++) slice[i, k] = x[i, k + 4];
        }

        foreach (Kernel kernel in IsSimulated ? [Kernel.Cosine(), Kernel.Rbf()] : KernelCases.Table)
        {
            Tensor<T> restricted = Gram.Compute(GramAssert.Tensor<T>(x), kernel.On(4..9), Options);
            GramAssert.SameBits(restricted, Gram.Compute(GramAssert.Tensor<T>(slice), kernel, Options), kernel.ToString());
            Tensor<T> nested = Gram.Compute(GramAssert.Tensor<T>(x), kernel.On(1..^1).On(2..10), Options);
            Assert.That(nested.Lengths[0], Is.EqualTo((nint)40));
        }
    }

    [Test]
    public void Views_fuse_as_the_sum_of_their_matrices()
    {
        double[,] x = GramAssert.Rows<T>(50, 14, 1);
        Kernel first = Kernel.Rbf(0.4).On(..6), second = Kernel.Polynomial(degree: 2).On(6..);
        Tensor<T> a = Gram.Compute(GramAssert.Tensor<T>(x), first, Options), b = Gram.Compute(GramAssert.Tensor<T>(x), second, Options);
        Tensor<T> fused = Gram.Compute(GramAssert.Tensor<T>(x), (0.5 * first) + (2 * second), Options);
        double[,] expected = new double[50, 50];
        for (int i = 0; i < 50; i++)
        {
            for (int j = 0; j < 50; j++) expected[i, j] = (0.5 * double.CreateChecked(a[i, j])) + (2 * double.CreateChecked(b[i, j]));
        }

        GramAssert.Near(fused, expected, expected, 8 * Tolerances.Epsilon<T>(), "fused");
    }

    [Test]
    public void Given_matrices_take_part()
    {
        double[,] x = GramAssert.Rows<T>(30, 6, 1), y = GramAssert.Rows<T>(20, 6, 2), given = GramAssert.Rows<T>(30, 20, 3);
        Tensor<T> values = GramAssert.Tensor<T>(given);
        GramAssert.SameBits(Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), Kernel.Precomputed(values), Options), values, "alone");
        Tensor<T> sum = Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), Kernel.Precomputed(values) + Kernel.Rbf(), Options);
        Tensor<T> rbf = Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), Kernel.Rbf(), Options);
        double[,] expected = GramAssert.Array(rbf);
        for (int i = 0; i < 30; i++)
        {
            for (int j = 0; j < 20; j++) expected[i, j] += given[i, j];
        }

        GramAssert.Near(sum, expected, expected, 8 * Tolerances.Epsilon<T>(), "sum");
        Tensor<T> square = GramAssert.Tensor<T>(GramAssert.Rows<T>(30, 30, 4));
        Tensor<T> symmetric = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Precomputed(square), Options);
        GramAssert.Symmetric(symmetric, "a given matrix that is not symmetric");
        Assert.That(symmetric[2, 7], Is.EqualTo(square[2, 7]), "the upper half is read");
    }

    [Test]
    public void Summaries_and_diagonals_agree_with_the_matrix()
    {
        int rows = IsSimulated ? 37 : 131;
        foreach (Kernel kernel in KernelCases.Table.Concat(KernelCases.Composed))
        {
            double[,] x = GramAssert.Rows<T>(rows, 7, 1, KernelCases.NeedsHistograms(kernel));
            GramSummary<T> summary = Gram.Summarize(GramAssert.Tensor<T>(x), kernel, Options);
            Tensor<T> diagonal = Gram.Diagonal(GramAssert.Tensor<T>(x), kernel, Options);
            double[,] gram = GramAssert.Array(summary.Matrix);
            double largest = 1 + gram.Cast<double>().Max(Math.Abs), tolerance = 16 * Tolerances.Gram<T>(7) * largest, trace = 0, all = 0;
            for (int i = 0; i < rows; i++)
            {
                double sum = 0;
                for (int j = 0; j < rows; j++) sum += gram[i, j];
                Assert.That(summary.RowMeans[i], Is.EqualTo(sum / rows).Within(tolerance), $"{kernel}: mean of row {i}");
                Assert.That(double.CreateChecked(diagonal[i]), Is.EqualTo(gram[i, i]).Within(tolerance), $"{kernel}: diagonal {i}");
                trace += gram[i, i];
                all += sum;
            }

            Assert.That(summary.Trace, Is.EqualTo(trace).Within(Tolerances.Sum<double>(rows, 0) * rows * largest));
            Assert.That(summary.Mean, Is.EqualTo(all / ((double)rows * rows)).Within(tolerance));
            GramAssert.Symmetric(summary.Matrix, kernel.ToString());
        }
    }

    private void Check(Kernel kernel, int rows, int columns, int features)
    {
        bool histograms = KernelCases.NeedsHistograms(kernel);
        double[,] x = GramAssert.Rows<T>(rows, features, 1, histograms), y = GramAssert.Rows<T>(columns, features, 2, histograms);
        string what = $"{engine.Name} {typeof(T).Name} {kernel} {rows} x {columns} of {features}";
        GramAssert.Near(Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), kernel, Options), kernel, x, y, what);
        Tensor<T> symmetric = Gram.Compute(GramAssert.Tensor<T>(x), kernel, Options);
        GramAssert.Near(symmetric, kernel, x, x, what + " symmetric");
        GramAssert.Symmetric(symmetric, what);
    }
}
