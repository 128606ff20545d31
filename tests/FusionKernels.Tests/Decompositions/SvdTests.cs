using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Decompositions.Jacobi;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Singular value decompositions by the public call on the host at each width, on each of its routes.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Hosts))]
[Parallelizable]
public sealed class SvdTests(TestEngine engine)
{
    private SvdOptions Options => new() { Device = engine.Device };

    [Test]
    public void Every_kind_agrees_with_MathNet_float64([Values] MatrixKind kind) => Agree<double>(kind, [(1, 1), (2, 1), (1, 5), (23, 23), (24, 41), (53, 25), (61, 37)]);

    [Test]
    public void Every_kind_agrees_with_MathNet_float32([Values] MatrixKind kind) => Agree<float>(kind, [(13, 7), (31, 47)]);

    [Test]
    public void No_rows_and_no_columns_have_no_values()
    {
        foreach ((int rows, int columns) in ((int, int)[])[(0, 0), (0, 3), (4, 0)])
        {
            SvdResult<double> found = Svd.Compute(Tensor.CreateFromShape<double>([rows, columns]), Options);
            Assert.That(found.Values.ToArray(), Is.Empty);
            Assert.That(found.U!.Lengths.ToArray(), Is.EqualTo(new nint[] { rows, 0 }));
            SvdResult<double> full = Svd.Compute(Tensor.CreateFromShape<double>([rows, columns]), Options with { Full = true });
            Assert.That(full.Orthogonality(), Is.Zero);
        }
    }

    [Test]
    public void Values_alone_are_those_beside_vectors()
    {
        foreach ((int rows, int columns, int? count) in ((int, int, int?)[])[(17, 17, null), (40, 9, null), (70, 60, null), (60, 130, null), (90, 50, 5), (2100, 12, null)])
        {
            foreach (MatrixKind kind in (MatrixKind[])[MatrixKind.Random, MatrixKind.Graded, MatrixKind.RankDeficient])
            {
                if (rows > 1000 && kind != MatrixKind.Random) continue;
                Tensor<double> a = Of(JacobiMatrices.General(kind, rows, columns, 3));
                SvdOptions options = Options with { Count = count };
                double[] beside = Svd.Compute(a, options).Values.ToArray(), alone = Svd.Compute(a, options with { Vectors = false }).Values.ToArray();
                for (int i = 0; i < beside.Length; i++) Assert.That(alone[i], Is.EqualTo(beside[i]).Within(Tolerances.Spectrum(rows) * beside[0]), $"{kind} {rows} x {columns}: value {i}");
            }
        }
    }

    [Test]
    public void The_top_alone_is_the_top_of_all([Values(1, 4, 11)] int count)
    {
        foreach (MatrixKind kind in Enum.GetValues<MatrixKind>())
        {
            Tensor<double> a = Of(JacobiMatrices.General(kind, 71, 53, 2));
            SvdResult<double> all = Svd.Compute(a, Options), top = Svd.Compute(a, Options with { Count = count });
            Assert.That(top.Route, Does.StartWith($"top {count} of 71 x 53"));
            Assert.That(top.Residual(a) + top.Orthogonality(), Is.LessThan(Tolerances.Spectrum(71)), $"{kind}: {top.Route}");
            for (int i = 0; i < count; i++) Assert.That(top.Values[i], Is.EqualTo(all.Values[i]).Within(1e-14 * (1 + all.Values[0])), $"{kind}");
        }
    }

    [Test]
    public void Columns_of_very_different_size_keep_their_small_values([Values(8, 40)] int columns)
    {
        // Q times graded columns: one-sided rotations give every value to a relative error (Demmel and Veselic 1992).
        DenseMatrix q = DecompositionsReference.Qr(FactorMatrices.Dense(FactorMatrices.Random<double>(60, columns, 4))).Q;
        Tensor<double> a = Tensor.CreateFromShape<double>([60, columns]);
        for (int i = 0; i < 60; i++)
        {
            for (int j = 0; j < columns; j++) a[i, j] = q[i, j] * Math.Pow(10, -0.4 * j);
        }

        SvdResult<double> found = Svd.Compute(a, Options);
        for (int j = 0; j < columns; j++) Assert.That(found.Values[j], Is.EqualTo(Math.Pow(10, -0.4 * j)).Within(1e-12 * Math.Pow(10, -0.4 * j)), $"value {j}");
    }

    [TestCase(1e-30)]
    [TestCase(1e30)]
    public void Scale_changes_nothing_but_the_scale(double factor)
    {
        DenseMatrix matrix = JacobiMatrices.General(MatrixKind.Random, 43, 29, 5);
        Tensor<double> wide = Of(JacobiMatrices.Times(matrix, Math.Pow(factor, 10)));
        Tensor<float> narrow = GramAssert.Tensor<float>(GramAssert.Array(Of(JacobiMatrices.Times(matrix, factor))));
        SvdResult<double> found = Svd.Compute(wide, Options), plain = Svd.Compute(Of(matrix), Options);
        Assert.That(found.Residual(wide), Is.LessThan(Tolerances.Spectrum(43)));
        Assert.That(Svd.Compute(narrow, Options).Residual(narrow), Is.LessThan(1e-6));
        for (int i = 0; i < 29; i++) Assert.That(found.Values[i] / Math.Pow(factor, 10), Is.EqualTo(plain.Values[i]).Within(1e-13));
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        using ComputeDevice many = ComputeDevice.Over(new HostEngine(5, ((HostEngine)engine.Shared).Width));
        Tensor<double> a = FactorMatrices.Random<double>(170, 90, 3);
        foreach (int? count in (int?[])[null, 7])
        {
            double[] once = Bits(1, count);
            foreach (int threads in (int[])[2, 5]) Assert.That(Bits(threads, count).AsSpan().SequenceEqual(once), $"{threads} threads");
        }

        double[] Bits(int threads, int? count) => GramAssert.Elements(Svd.Compute(a, new() { Device = many, Threads = threads, Count = count }).V!);
    }

    [Test]
    public void A_cancelled_call_ends([Values(null, 4)] int? count)
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.That(() => Svd.Compute(FactorMatrices.Random<double>(70, 50, 3), Options with { Count = count, Cancellation = cancelled.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    private void Agree<T>(MatrixKind kind, (int Rows, int Columns)[] shapes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((int rows, int columns) in shapes)
        {
            Tensor<T> a = GramAssert.Tensor<T>(GramAssert.Array(Of(JacobiMatrices.General(kind, rows, columns, rows))));
            SvdResult<T> found = Svd.Compute(a, Options);
            string what = $"{rows} x {columns} by {found.Route}";
            double unit = typeof(T) == typeof(float) ? 2 * Tolerances.Epsilon<float>() * Math.Sqrt(rows + columns) : Tolerances.Spectrum(rows + columns);
            Assert.That(found.Residual(a), Is.LessThanOrEqualTo(unit), what);
            Assert.That(found.Orthogonality(), Is.LessThanOrEqualTo(unit), what);
            double[] expected = [.. Matrix<double>.Build.DenseOfArray(GramAssert.Array(a)).Svd(computeVectors: false).S];
            for (int i = 0; i < expected.Length; i++) Assert.That(double.CreateChecked(found.Values[i]), Is.EqualTo(expected[i]).Within(unit * Math.Max(expected[0], 1e-300)), $"{what}: value {i}");
        }
    }

    private static Tensor<double> Of(DenseMatrix a) => Tensor.Create(a.Elements, [a.Rows, a.Columns]);
}
