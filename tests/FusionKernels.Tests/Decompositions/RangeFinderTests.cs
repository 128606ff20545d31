using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Randomized ranges on the host at each width and on the devices.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class RangeFinderTests(TestEngine engine)
{
    private RangeFinderOptions Options => new() { Device = engine.Device };

    [TestCase(1, 1, 1)]
    [TestCase(7, 3, 2)]
    [TestCase(3, 7, 3)]
    [TestCase(67, 43, 11)]
    [TestCase(43, 67, 5)]
    [TestCase(300, 40, 40)]
    public void The_basis_is_orthonormal_and_of_the_columns_asked_for(int rows, int columns, int rank)
    {
        Check<double>(rows, columns, rank);
        Check<float>(rows, columns, rank);
    }

    [Test]
    public void Columns_on_average_leave_no_more_than_Halkos_bound()
    {
        // Theorem 10.5: the mean of |A - Q Qᵀ A| over sketches, k = 6, p = 5.
        const int Rank = 6, Over = 5;
        double[] spectrum = [.. Enumerable.Range(0, 30).Select(i => 1.0 / (1 + i))];
        Tensor<double> a = OfSpectrum(50, 40, spectrum);
        double whole = Math.Sqrt(spectrum.Sum(value => value * value)), tail = Math.Sqrt(spectrum.Skip(Rank).Sum(value => value * value));
        double mean = Enumerable.Range(0, 20).Average(seed => whole * RangeFinder.Find(a, Rank, options: Options with { Oversampling = Over, Powers = 0, Seed = seed }).Residual(a));
        Assert.That(mean, Is.LessThan(Math.Sqrt(1 + (Rank / (Over - 1.0))) * tail));

        // No basis of so many columns leaves less than the best one (Eckart and Young).
        Assert.That(mean, Is.GreaterThan(Math.Sqrt(spectrum.Skip(Rank + Over).Sum(value => value * value))));
    }

    [Test]
    public void Powers_come_close_to_the_best_basis()
    {
        double[] spectrum = [.. Enumerable.Range(0, 40).Select(i => i < 5 ? 1.0 : 0.3)];
        Tensor<double> a = OfSpectrum(60, 50, spectrum);
        double whole = Math.Sqrt(spectrum.Sum(value => value * value)), best = 0.3 * Math.Sqrt(35) / whole;
        RangeFinderOptions exact = Options with { Oversampling = 0 };
        double without = RangeFinder.Find(a, 5, options: exact with { Powers = 0 }).Residual(a), with = RangeFinder.Find(a, 5, options: exact with { Powers = 8 }).Residual(a);
        Assert.That(without, Is.GreaterThan(1.05 * best));
        Assert.That(with, Is.LessThan((1 + 1e-6) * best));
    }

    [Test]
    public void A_tolerance_is_kept_and_the_columns_are_few([Values(0.1, 1e-3, 1e-6)] double tolerance)
    {
        double[] spectrum = [.. Enumerable.Range(0, 80).Select(i => Math.Pow(0.7, i))];
        Tensor<double> a = OfSpectrum(120, 90, spectrum);
        double whole = Math.Sqrt(spectrum.Sum(value => value * value));
        RangeFinderResult<double> found = RangeFinder.Find(a, 80, tolerance, Options);
        int width = (int)found.Basis.Lengths[1], needed = spectrum.TakeWhile(value => value > tolerance * whole).Count();
        Assert.That(found.Reached);
        Assert.That(found.ErrorBound, Is.LessThanOrEqualTo(tolerance * whole * (1 + 1e-12)));
        Assert.That(found.Residual(a) * whole, Is.LessThanOrEqualTo(found.ErrorBound * 3), "Frobenius norm of the rest");
        Assert.That(width, Is.InRange(needed - 1, needed + 24), "the bound is 8 times too large or more: 10 columns at this decay, and a block");
        Assert.That(found.Orthogonality(), Is.LessThan(1e-13));
        Assert.That(found.Route, Does.Contain($"{width} columns in blocks of 10"));
    }

    [Test]
    public void A_tolerance_that_so_few_columns_do_not_reach_is_told()
    {
        RangeFinderResult<double> found = RangeFinder.Find(FactorMatrices.Random<double>(60, 50, 3), 5, 1e-3, Options with { Oversampling = 8 });
        Assert.That(found.Reached, Is.False);
        Assert.That(found.Basis.Lengths[1], Is.EqualTo((nint)13));
    }

    [TestCase(1e-30)]
    [TestCase(1e30)]
    public void Scale_changes_nothing_but_the_scale(double factor)
    {
        Tensor<float> a = GramAssert.Tensor<float>(GramAssert.Array(OfSpectrum(40, 30, [1, 0.5, 0.25, 0.125]))), scaled = FactorMatrices.Scaled(a, (_, _) => factor);
        RangeFinderResult<float> found = RangeFinder.Find(scaled, 4, 1e-3, Options);
        Assert.That(found.Residual(scaled), Is.LessThan(1e-6));
        Assert.That(found.Reached);
        Assert.That(found.Basis.Lengths[1], Is.EqualTo(RangeFinder.Find(a, 4, 1e-3, Options).Basis.Lengths[1]));
    }

    [Test]
    public void Matrices_of_low_rank_and_of_zeros_are_found_whole()
    {
        Tensor<double> low = OfSpectrum(40, 30, [3, 2, 1]), zero = Tensor.CreateFromShape<double>([9, 6]);
        Assert.That(RangeFinder.Find(low, 3, options: Options).Residual(low), Is.LessThan(1e-14));
        RangeFinderResult<double> found = RangeFinder.Find(low, 30, 1e-10, Options), nothing = RangeFinder.Find(zero, 2, 0.1, Options);
        Assert.That(found.Basis.Lengths[1], Is.EqualTo((nint)10));
        Assert.That(found.Reached);
        Assert.That(nothing.ErrorBound, Is.Zero);
        Assert.That(nothing.Orthogonality(), Is.LessThan(1e-14));
    }

    [Test]
    public void Bits_depend_on_the_seed_and_not_on_threads()
    {
        Tensor<float> a = FactorMatrices.Random<float>(300, 200, 5);
        float[] one = RangeFinder.Find(a, 20, options: Options).Basis.ToArray(), other = RangeFinder.Find(a, 20, options: Options with { Seed = 18 }).Basis.ToArray();
        Assert.That(other.AsSpan().SequenceEqual(one), Is.False);
        if (engine.Shared is not HostEngine host) return;
        using ComputeDevice many = ComputeDevice.Over(new HostEngine(5, host.Width));
        foreach (int threads in (int[])[1, 3, 5])
        {
            Assert.That(RangeFinder.Find(a, 20, options: new() { Device = many, Threads = threads }).Basis.ToArray().AsSpan().SequenceEqual(one), $"{threads} threads");
        }
    }

    [Test]
    public void What_is_wrong_is_said()
    {
        Tensor<double> a = FactorMatrices.Random<double>(6, 4, 1), bad = FactorMatrices.Random<double>(6, 4, 1);
        bad[5, 1] = double.PositiveInfinity;
        Assert.That(() => RangeFinder.Find(a, 5, options: Options), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("between 1 and 4"));
        Assert.That(() => RangeFinder.Find(a, 2, 1, Options), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("below 1"));
        Assert.That(() => RangeFinder.Find(a, 2, double.NaN, Options), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RangeFinder.Find(a, 2, options: Options with { Powers = -1 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Powers"));
        Assert.That(() => RangeFinder.Find(bad, 2, options: Options), Throws.ArgumentException.With.Message.Contains("a[5, 1]"));
        Tensor<float> vast = Tensor.Create([3e38f, 3e38f, -3e38f, 3e38f], [2, 2]);
        Assert.That(() => RangeFinder.Find(vast, 1, options: Options), Throws.TypeOf<NumericalException>().With.Message.Contains("beyond the range of float32"));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.That(() => RangeFinder.Find(a, 2, options: Options with { Cancellation = cancelled.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    private void Check<T>(int rows, int columns, int rank)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> a = FactorMatrices.Random<T>(rows, columns, rows);
        RangeFinderResult<T> found = RangeFinder.Find(a, rank, options: Options);
        int width = Math.Min(rank + 10, Math.Min(rows, columns));
        Assert.That(found.Basis.Lengths.ToArray(), Is.EqualTo(new nint[] { rows, width }));
        Assert.That(found.Orthogonality(), Is.LessThan(Tolerances.Qr<T>(rows, width)));
        if (width < Math.Min(rows, columns)) return;
        Assert.That(found.Residual(a), Is.LessThan(Tolerances.Qr<T>(rows, width)), "the whole range");
        Assert.That(found.ErrorBound, Is.LessThan(100 * Tolerances.Qr<T>(rows, width) * Math.Sqrt(rows * columns)));
    }

    /// <summary>Random orthonormal columns on either side of given singular values.</summary>
    private static Tensor<double> OfSpectrum(int rows, int columns, double[] spectrum)
    {
        DenseMatrix u = Orthonormal(rows, spectrum.Length, 1), v = Orthonormal(columns, spectrum.Length, 2);
        Tensor<double> a = Tensor.CreateFromShape<double>([rows, columns]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) a[i, j] = Enumerable.Range(0, spectrum.Length).Sum(k => u[i, k] * spectrum[k] * v[j, k]);
        }

        return a;
    }

    private static DenseMatrix Orthonormal(int rows, int columns, int seed) => DecompositionsReference.Qr(FactorMatrices.Dense(FactorMatrices.Random<double>(rows, columns, seed))).Q;
}
