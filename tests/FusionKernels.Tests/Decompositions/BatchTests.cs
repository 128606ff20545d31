using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Singular values and triangular systems of many small matrices, on every engine, against their definition.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class BatchTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void Singular_values_of_a_batch_are_those_of_its_items([Values(null, 3)] int? count)
    {
        using ComputeDevice host = ComputeDevice.Open("host");
        foreach ((int items, int rows, int columns) in ((int, int, int)[])[(1, 5, 4), (4, 19, 6), (3, 7, 12), (2, 30, 30)])
        {
            Tensor<T>[] all = [.. Enumerable.Range(0, items).Select(item => FactorMatrices.Random<T>(rows, columns, item + rows))];
            SvdOptions options = new() { Device = engine.Device, Count = count, Threads = 2 };
            SvdResult<T> found = Svd.ComputeBatched(Joined(all), options);
            int kept = count ?? Math.Min(rows, columns);
            Assert.That(found.U!.Lengths.ToArray(), Is.EqualTo((nint[])[items, rows, kept]));
            Assert.That(found.V!.Lengths.ToArray(), Is.EqualTo((nint[])[items, columns, kept]));
            T[] alone = GramAssert.Elements(Svd.ComputeBatched(Joined(all), options with { Vectors = false }).Values);
            for (int item = 0; item < items; item++)
            {
                SvdResult<T> one = new(Item(found.U!, item), Tensor.Create(GramAssert.Elements(found.Values)[(item * kept)..((item + 1) * kept)], [kept]), Item(found.V!, item), "");
                SvdResult<double> expected = Svd.Compute(GramAssert.Tensor<double>(GramAssert.Array(all[item])), new() { Device = host, Count = kept });
                double tolerance = Tolerances.Qr<T>(rows, columns);
                string what = $"item {item} of {items} x {rows} x {columns}: {found.Route}";
                Assert.That(one.Orthogonality(), Is.LessThan(tolerance), what);
                if (count is null) Assert.That(one.Residual(all[item]), Is.LessThan(tolerance), what);
                if (count is null) Assert.That(found.Residual(Joined(all)), Is.GreaterThanOrEqualTo(one.Residual(all[item])).And.LessThan(tolerance), what);
                Assert.That(found.Orthogonality(), Is.GreaterThanOrEqualTo(one.Orthogonality()).And.LessThan(tolerance), what);
                for (int k = 0; k < kept; k++)
                {
                    Assert.That(double.CreateChecked(one.Values[k]), Is.EqualTo(expected.Values[k]).Within(tolerance * expected.Values[0]), what);
                    Assert.That(double.CreateChecked(alone[(item * kept) + k]), Is.EqualTo(expected.Values[k]).Within(tolerance * expected.Values[0]), what);
                }
            }
        }
    }

    [Test]
    public void Triangular_systems_of_a_batch_are_solved_each_with_its_triangle([Values] bool upper, [Values] bool transpose)
    {
        foreach ((int items, int size, int width) in ((int, int, int)[])[(1, 1, 1), (3, 8, 5), (2, 45, 3)])
        {
            Tensor<T>[] triangles = [.. Enumerable.Range(0, items).Select(item => FactorMatrices.PositiveDefinite<T>(size, item + 1))];
            Tensor<T> b = Joined([.. Enumerable.Range(0, items).Select(item => FactorMatrices.Random<T>(size, width, item + 9))]);
            TriangularSolverOptions options = new() { Device = engine.Device, Upper = upper, Transpose = transpose };
            Tensor<T> found = TriangularSolver.SolveBatched(Joined(triangles), b, options);
            for (int item = 0; item < items; item++)
            {
                T[] alone = GramAssert.Elements(TriangularSolver.Solve(triangles[item], Item(b, item), options));
                Assert.That(GramAssert.Elements(Item(found, item)), Is.EqualTo(alone), $"{items} x {size} x {width}, item {item}");
            }
        }
    }

    [Test]
    public void What_factors_of_a_batch_keep_is_that_of_the_worst_item()
    {
        Tensor<T> batch = Joined([.. Enumerable.Range(0, 3).Select(item => FactorMatrices.Random<T>(9, 4, item + 1))]), symmetric = Joined([.. Enumerable.Range(0, 3).Select(item => FactorMatrices.PositiveDefinite<T>(6, item + 1))]);
        QrBatchResult<T> factors = Qr.FactorBatched(batch, new() { Device = engine.Device });
        Assert.That(factors.Residual(batch), Is.LessThan(Tolerances.Qr<T>(9, 4)));
        Assert.That(factors.Orthogonality(), Is.LessThan(Tolerances.Qr<T>(9, 4)));
        SymmetricEigenResult<T> spectra = SymmetricEigen.ComputeBatched(symmetric, new() { Device = engine.Device });
        Assert.That(spectra.Residual(symmetric), Is.LessThan(Tolerances.Qr<T>(6, 6)));
        Assert.That(spectra.Orthogonality(), Is.LessThan(Tolerances.Qr<T>(6, 6)));

        // One item that is wrong shows, whichever it is.
        for (int item = 0; item < 3; item++)
        {
            Tensor<T> q = Tensor.Create(GramAssert.Elements(factors.Q), factors.Q.Lengths), vectors = Tensor.Create(GramAssert.Elements(spectra.Vectors!), spectra.Vectors!.Lengths);
            q[item, 2, 1] += T.CreateChecked(0.5);
            vectors[item, 3, 2] += T.CreateChecked(0.5);
            Assert.That((factors with { Q = q }).Residual(batch), Is.GreaterThan(0.01));
            Assert.That((factors with { Q = q }).Orthogonality(), Is.GreaterThan(0.01));
            Assert.That((spectra with { Vectors = vectors }).Residual(symmetric), Is.GreaterThan(0.001));
            Assert.That((spectra with { Vectors = vectors }).Orthogonality(), Is.GreaterThan(0.01));
        }

        Assert.That(() => factors.Residual(symmetric), Throws.ArgumentException.With.Message.Contains("3 x 9 x 4 was factored"));
        Assert.That(() => spectra.Residual(Item(symmetric, 0)), Throws.ArgumentException.With.Message.Contains("a batch of 3"));
    }

    [Test]
    public void Nothing_gives_nothing_and_what_is_wrong_is_said_with_its_item()
    {
        SvdOptions options = new() { Device = engine.Device };
        TriangularSolverOptions solves = new() { Device = engine.Device };
        Assert.That(Svd.ComputeBatched(Tensor.CreateFromShape<T>([0, 3, 2]), options).Values.Lengths.ToArray(), Is.EqualTo((nint[])[0, 2]));
        Assert.That(Svd.ComputeBatched(Tensor.CreateFromShape<T>([2, 0, 2]), options).Values.Lengths.ToArray(), Is.EqualTo((nint[])[2, 0]));
        Tensor<T> triangles = Joined([FactorMatrices.PositiveDefinite<T>(3, 1), FactorMatrices.PositiveDefinite<T>(3, 2)]), b = Joined([FactorMatrices.Random<T>(3, 2, 1), FactorMatrices.Random<T>(3, 2, 2)]);
        Assert.That(TriangularSolver.SolveBatched(triangles, Tensor.CreateFromShape<T>([2, 3, 0]), solves).Lengths.ToArray(), Is.EqualTo((nint[])[2, 3, 0]));
        Assert.That(() => TriangularSolver.SolveBatched(triangles, Tensor.CreateFromShape<T>([2, 4, 1]), solves), Throws.ArgumentException.With.Message.Contains("2 x 4 x 1").And.Message.Contains("2 of 3 rows"));
        (triangles[1, 2, 2], b[1, 2, 0]) = (T.Zero, T.NaN);
        Assert.That(() => TriangularSolver.SolveBatched(triangles, b, solves), Throws.ArgumentException.With.Message.Contains("b[1][2, 0]"));
        b[1, 2, 0] = T.One;
        Assert.That(() => TriangularSolver.SolveBatched(triangles, b, solves), Throws.TypeOf<NumericalException>().With.Message.Contains("triangles[1][2, 2]"));
        Assert.That(() => Svd.ComputeBatched(b, options with { Full = true }), Throws.ArgumentException.With.Message.Contains("thin"));
        Assert.That(() => Svd.ComputeBatched(b, options with { Count = 3 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("2 singular values"));
        b[0, 1, 1] = T.PositiveInfinity;
        Assert.That(() => Svd.ComputeBatched(b, options), Throws.ArgumentException.With.Message.Contains("batch[0][1, 1]"));
    }

    private static Tensor<T> Joined(Tensor<T>[] items) => Tensor.Create([.. items.SelectMany(GramAssert.Elements)], [items.Length, .. items[0].Lengths]);

    private static Tensor<T> Item(Tensor<T> batch, int item)
    {
        int size = (int)(batch.Lengths[1] * batch.Lengths[2]);
        return Tensor.Create(GramAssert.Elements(batch)[(item * size)..((item + 1) * size)], [batch.Lengths[1], batch.Lengths[2]]);
    }
}
