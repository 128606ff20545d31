using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>A = Q R on every engine: blocks of reflectors, a tree of them, Cholesky factors.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class QrTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (int Rows, int Columns)[] s_small = [(0, 0), (0, 3), (3, 0), (1, 1), (1, 5), (5, 1), (7, 7), (40, 33), (33, 40), (65, 31)];
    private static readonly (int Rows, int Columns)[] s_large = [(64, 64), (131, 97), (97, 131), (300, 128), (2047, 9), (2048, 9), (2049, 40), (9001, 3)];

    private ExecutionOptions Options => new() { Device = engine.Device };

    [Test]
    public void Every_shape_factors()
    {
        foreach ((int rows, int columns) in ((int, int)[])[.. s_small, .. s_large])
        {
            Tensor<T> a = FactorMatrices.Random<T>(rows, columns, rows + columns);
            QrFactor<T> factor = Qr.Factor(a, Options);
            AssertFactors(factor, a, $"{rows} x {columns} by {factor.Route}");
            QrRoute expected = engine.Kind != DeviceKind.Host && rows >= columns ? QrRoute.CholeskyQr
                : rows >= 2048 ? QrRoute.TallSkinny : QrRoute.Householder;
            Assert.That(factor.Route, Is.EqualTo(expected), $"{rows} x {columns}: {factor.Why}");
        }
    }

    [Test]
    public void It_is_the_factorisation_of_the_reference()
    {
        foreach ((int rows, int columns) in ((int, int)[])[(9, 4), (40, 33), (12, 20)])
        {
            Tensor<T> a = FactorMatrices.Random<T>(rows, columns, 7);
            QrFactor<T> factor = Qr.Factor(a, Options);
            (DenseMatrix q, DenseMatrix r) = DecompositionsReference.Qr(FactorMatrices.Dense(a));
            double tolerance = 100 * Tolerances.Qr<T>(rows, columns);
            for (int i = 0; i < r.Rows; i++)
            {
                for (int j = 0; j < columns; j++) Assert.That(double.CreateChecked(factor.R[i, j]), Is.EqualTo(r[i, j]).Within(tolerance), $"R at {i}, {j}");
                for (int j = 0; j < rows; j++) Assert.That(double.CreateChecked(factor.Q[j, i]), Is.EqualTo(q[j, i]).Within(tolerance), $"Q at {j}, {i}");
            }
        }
    }

    [Test]
    public void Scaled_and_graded_matrices_lose_nothing([Values(1e-30, 1e30)] double scale)
    {
        (int rows, int columns) = (300, 40);
        Tensor<T> a = FactorMatrices.Scaled(FactorMatrices.Random<T>(rows, columns, 3), (_, _) => scale);
        AssertFactors(Qr.Factor(a, Options), a, "scaled");
        Tensor<T> graded = FactorMatrices.Scaled(FactorMatrices.Random<T>(rows, columns, 4), (_, j) => Math.Pow(10, (j % 7 * 9) - 27));
        QrFactor<T> factor = Qr.Factor(graded, Options);
        Assert.That(factor.Orthogonality(), Is.LessThan(Tolerances.Qr<T>(rows, columns)));
        for (int j = 0; j < columns; j++)
        {
            double own = 0, made = 0;
            for (int i = 0; i < rows; i++) own += Math.Pow(double.CreateChecked(graded[i, j]), 2);
            for (int i = 0; i <= j; i++) made += Math.Pow(double.CreateChecked(factor.R[i, j]), 2);
            Assert.That(Math.Sqrt(made / own), Is.EqualTo(1).Within(Tolerances.Qr<T>(rows, columns)), $"column {j}");
        }
    }

    [Test]
    public void Nearly_dependent_columns_are_taken_apart()
    {
        (int rows, int columns) = (400, 30);
        double small = typeof(T) == typeof(float) ? 1e-5 : 1e-12;
        Tensor<T> a = FactorMatrices.Random<T>(rows, columns, 5), noise = FactorMatrices.Random<T>(rows, columns, 6);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 1; j < columns; j++) a[i, j] = a[i, 0] + (noise[i, j] * T.CreateChecked(small));
        }

        AssertFactors(Qr.Factor(a, Options), a, "nearly dependent");
    }

    [Test]
    public void Dependent_columns_leave_nothing_on_the_diagonal()
    {
        (int rows, int columns) = (100, 12);
        Tensor<T> a = FactorMatrices.Random<T>(rows, columns, 8);
        for (int i = 0; i < rows; i++)
        {
            a[i, 3] = T.Zero;
            a[i, 4] = a[i, 1];
        }

        QrFactor<T> factor = Qr.Factor(a, Options);
        AssertFactors(factor, a, "dependent");
        Assert.That(double.CreateChecked(factor.R[3, 3]), Is.Zero.Within(Tolerances.Qr<T>(rows, columns)));
        Assert.That(double.CreateChecked(factor.R[4, 4]), Is.Zero.Within(8 * Tolerances.Qr<T>(rows, columns)));
        if (engine.Kind != DeviceKind.Host) Assert.That(factor.Why, Does.Contain("depend on each other").And.Contain("host"));
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        if (engine.Shared is not HostEngine host) return;
        using ComputeDevice many = ComputeDevice.Over(new HostEngine(5, host.Width));
        foreach ((int rows, int columns) in (ReadOnlySpan<(int, int)>)[(300, 200), (5000, 20)])
        {
            Tensor<T> a = FactorMatrices.Random<T>(rows, columns, 1);
            QrFactor<T> one = Qr.Factor(a, new() { Device = many, Threads = 1 }), all = Qr.Factor(a, new() { Device = many });
            GramAssert.SameBits(all.Q, one.Q, "Q");
            GramAssert.SameBits(all.R, one.R, "R");
        }
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<T> broken = FactorMatrices.Random<T>(6, 4, 1), huge = FactorMatrices.Scaled(FactorMatrices.Random<T>(4, 1, 1), (_, _) => 0);
        broken[5, 2] = T.PositiveInfinity;
        T largest = typeof(T) == typeof(float) ? T.CreateChecked(float.MaxValue) : T.CreateChecked(double.MaxValue);
        for (int i = 0; i < 4; i++) huge[i, 0] = largest;
        Assert.That(() => Qr.Factor(broken, Options), Throws.ArgumentException.With.Message.Contains("a[5, 2]"));
        Assert.That(() => Qr.Factor(Tensor.Create(new T[4], [4]), Options), Throws.ArgumentException.With.Message.Contains("matrix"));
        Assert.That(() => Qr.Factor(huge, Options), Throws.TypeOf<NumericalException>().With.Message.Contains("column 0").And.Message.Contains("range"));
    }

    [Test]
    public void Batches_factor_item_by_item()
    {
        foreach ((int items, int rows, int columns) in ((int, int, int)[])[(0, 3, 3), (2, 0, 4), (1, 1, 1), (5, 7, 7), (3, 33, 12), (4, 9, 20), (2, 130, 131), (130, 5, 3)])
        {
            Tensor<T>[] all = [.. Enumerable.Range(0, items).Select(item => FactorMatrices.Scaled(FactorMatrices.Random<T>(rows, columns, item + 1), (i, j) => Math.Pow(10, (j % 5 * 8) - 16)))];
            QrBatchResult<T> found = Qr.FactorBatched(Tensor.Create([.. all.SelectMany(one => GramAssert.Elements(one))], [items, rows, columns]), Options);
            int steps = Math.Min(rows, columns);
            Assert.That(found.Q.Lengths.ToArray(), Is.EqualTo((nint[])[items, rows, steps]));
            for (int item = 0; item < items && steps > 0; item++)
            {
                QrOutcome<T> one = new(GramAssert.Elements(found.Q)[(item * rows * steps)..((item + 1) * rows * steps)], GramAssert.Elements(found.R)[(item * steps * columns)..((item + 1) * steps * columns)], QrPlan.OnHost(rows, columns));
                AssertFactors(new(one, rows, columns), all[item], $"item {item} of {items} x {rows} x {columns}");
            }
        }

        Tensor<T> dependent = Tensor.Create([.. Enumerable.Range(0, 24).Select(i => T.CreateChecked(i % 3 == 2 ? 0 : i / 3 % 2))], [2, 4, 3]);
        Assert.That(GramAssert.Elements(Qr.FactorBatched(dependent, Options).R), Is.All.Matches<T>(T.IsFinite));
        dependent[1, 2, 0] = T.NaN;
        Assert.That(() => Qr.FactorBatched(dependent, Options), Throws.ArgumentException.With.Message.Contains("batch[1][2, 0]"));
        Assert.That(() => Qr.FactorBatched(FactorMatrices.Random<T>(3, 3, 1), Options), Throws.ArgumentException.With.Message.Contains("items x rows x columns"));
    }

    private static void AssertFactors(QrFactor<T> factor, Tensor<T> a, string what)
    {
        (int rows, int columns) = ((int)a.Lengths[0], (int)a.Lengths[1]);
        double tolerance = Tolerances.Qr<T>(rows, columns);
        Assert.That(factor.Residual(a), Is.LessThanOrEqualTo(tolerance), $"{what}: residual");
        Assert.That(factor.Orthogonality(), Is.LessThanOrEqualTo(tolerance), $"{what}: orthogonality");
        for (int i = 0; i < Math.Min(rows, columns); i++)
        {
            Assert.That(double.CreateChecked(factor.R[i, i]), Is.GreaterThanOrEqualTo(0), $"{what}: diagonal {i}");
            for (int j = 0; j < i; j++) Assert.That(T.IsZero(factor.R[i, j]), $"{what}: R at {i}, {j}");
        }
    }
}
