using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Barycentres: published ones, descent, weights, starts.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class BarycenterTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double s_epsilon = Tolerances.Epsilon<T>();

    private DbaOptions Dba => new() { Device = engine.Device };

    private SoftBarycenterOptions Soft => new() { Device = engine.Device, Start = BarycenterStart.StretchedMean, Iterations = 300, Tolerance = 1e-10 };

    [Test]
    public void Published_barycentres_of_tslearn()
    {
        Near(Barycenter.Dba([Series(1, 2, 3, 4), Series(1, 2, 4, 5)], Dba), 8 * s_epsilon, 1, 2, 3.5, 4.5);
        Near(Barycenter.Dba([Series(1, 2, 3, 4), Series(1, 2, 3, 4, 5)], Dba), 8 * s_epsilon, 1, 2, 3, 4, 4.5);
        Near(Barycenter.Dba([Series(1, 2, 3, 4), Series(1, 2, 3, 4, 5)], Dba with { Length = 3 }), 8 * s_epsilon, 1.5, 3, 13.0 / 3);
        Near(Barycenter.Dba([Series(0, 0, 0), Series(10, 10, 10)], Dba with { Weights = [0.75, 0.25] }), 8 * s_epsilon, 2.5, 2.5, 2.5);
    }

    [Test]
    public void Published_barycentres_of_the_subgradient() => Near(
        Barycenter.Dba([Series(1, 2, 3, 4), Series(1, 2, 4, 5)], Dba with { Method = DbaMethod.Subgradient }), 0.05, 1, 2, 3.519, 4.519);

    [Test]
    public void Published_soft_barycentres_of_tslearn()
    {
        // Theirs stops at a tolerance of 1e-3.
        Near(Barycenter.Soft([Series(1, 2, 3, 4), Series(1, 2, 4, 5)], Soft), 2e-3, 1.252075833604195, 2.042538557824505, 3.521710766017165, 4.363984108691317);
        Near(Barycenter.Soft([Series(1, 2, 3, 4), Series(1, 2, 3, 4, 5)], Soft), 2e-3,
            1.2113456731383339, 1.8803218232958772, 2.667459534263328, 3.5063522211009537, 4.336762921881547);
    }

    [Test]
    public void The_cost_never_rises_and_is_that_of_the_series()
    {
        List<Tensor<T>> members = Members(9, 2);
        BarycenterResult<T> result = Barycenter.Dba(members, Dba);
        for (int i = 1; i < result.Costs.Count; i++) Assert.That(result.Costs[i], Is.LessThanOrEqualTo(result.Costs[i - 1] * (1 + (100 * s_epsilon))));
        Assert.That(result.Costs[^1], Is.LessThan(result.Costs[0]));
        Assert.That(result.Converged, Is.True);
        Tensor<T> distances = Dtw.Distances([result.Series], members, new DtwOptions { Device = engine.Device, Root = false });
        Assert.That(SoftCases.Array(distances).Cast<double>().Average(), Is.EqualTo(result.Cost).Within(1e3 * s_epsilon * result.Cost));
    }

    [Test]
    public void The_gradient_vanishes_at_a_soft_barycentre()
    {
        List<Tensor<T>> members = Members(6, 2);
        BarycenterResult<T> result = Barycenter.Soft(members, Soft with { Gamma = 0.5 });
        double[,] sum = new double[(int)result.Series.Lengths[0], 2];
        foreach (Tensor<T> member in members)
        {
            double[,] gradient = SoftCases.Array(SoftDtw.ValueAndGradient(result.Series, member, new SoftDtwOptions { Device = engine.Device, Gamma = 0.5 }).X);
            for (int i = 0; i < sum.Length; i++) sum[i / 2, i % 2] += gradient[i / 2, i % 2] / members.Count;
        }

        Assert.That(sum.Cast<double>().Max(Math.Abs), Is.LessThan(5e-4));
        Assert.That(result.Cost, Is.LessThan(result.Costs[0]));
    }

    [Test]
    public void A_weight_counts_as_so_many_members()
    {
        List<Tensor<T>> members = Members(2, 1);
        SoftBarycenterOptions soft = Soft with { Gamma = 0.5, Iterations = 20, Length = 25 };
        BarycenterResult<T> weighted = Barycenter.Soft(members, soft with { Weights = [3, 1] });
        BarycenterResult<T> repeated = Barycenter.Soft([members[0], members[0], members[0], members[1]], soft);
        Assert.That(weighted.Cost, Is.EqualTo(repeated.Cost).Within(1e3 * s_epsilon * Math.Max(1, Math.Abs(repeated.Cost))));
        SoftCases.Near(weighted.Series, SoftCases.Array(repeated.Series), Math.Sqrt(s_epsilon), "soft");
        Assert.That(weighted.Cost, Is.Not.EqualTo(Barycenter.Soft(members, soft).Cost).Within(1e-3), "weights change the barycentre");
        BarycenterResult<T> alone = Barycenter.Soft(members, soft with { Weights = [1, 0] });
        SoftCases.Near(alone.Series, SoftCases.Array(Barycenter.Soft(members[..1], soft).Series), Math.Sqrt(s_epsilon), "weight 0 counts for nothing");
    }

    [Test]
    public void A_single_member_is_its_own_barycentre_and_weight_0_counts_for_nothing()
    {
        Tensor<T> member = SoftCases.Tensor<T>(SoftCases.Walk<T>(20, 3, 1)), other = SoftCases.Tensor<T>(SoftCases.Walk<T>(31, 3, 2));
        BarycenterResult<T> alone = Barycenter.Dba([member], Dba);
        Assert.That(alone.Cost, Is.Zero);
        SoftCases.Near(alone.Series, SoftCases.Array(member), 8 * s_epsilon, "alone");
        BarycenterResult<T> weighted = Barycenter.Dba([other, member], Dba with { Weights = [0, 3], Length = 20 });
        SoftCases.Near(weighted.Series, SoftCases.Array(member), 8 * s_epsilon, "beside a member of weight 0");
    }

    [Test]
    public void Every_start_leads_down_and_threads_change_no_bit()
    {
        List<Tensor<T>> members = Members(7, 1);
        foreach (BarycenterStart start in Enum.GetValues<BarycenterStart>())
        {
            BarycenterResult<T> one = Barycenter.Dba(members, Dba with { Start = start, Threads = 1 }), two = Barycenter.Dba(members, Dba with { Start = start });
            Assert.That(one.Cost, Is.LessThan(one.Costs[0]), $"{start}");
            Assert.That(two.Costs, Is.EqualTo(one.Costs), $"{start}");
            BarycenterResult<T> soft = Barycenter.Soft(members, Soft with { Start = start, Iterations = 5 });
            Assert.That(soft.Cost, Is.LessThan(soft.Costs[0]), $"{start}");
        }

        Tensor<T> given = SoftCases.Tensor<T>(SoftCases.Walk<T>(12, 1, 99));
        Assert.That(Barycenter.Dba(members, Dba, given).Series.Lengths.ToArray(), Is.EqualTo(new nint[] { 12 }));
        Assert.That(Barycenter.Dba(members, Dba with { Iterations = 0 }, given).Series, Is.EqualTo(given).AsCollection);
    }

    [Test]
    public void The_medoid_has_the_least_sum_of_distances()
    {
        List<Tensor<T>> members = [Series(0, 0, 0), Series(5, 5, 5, 5), Series(1, 1), Series(9, 9)];
        DtwOptions options = new() { Device = engine.Device };
        Assert.That(Barycenter.Medoid(members, options), Is.EqualTo(2));
        Assert.That(Barycenter.Medoid(members, options, [0.1, 0.1, 0.1, 10]), Is.EqualTo(3));
    }

    private static List<Tensor<T>> Members(int count, int channels) =>
        [.. Enumerable.Range(0, count).Select(i => SoftCases.Tensor<T>(SoftCases.Walk<T>(25 + (2 * i), channels, i)))];

    private static Tensor<T> Series(params double[] values) => Tensor.Create([.. values.Select(T.CreateChecked)], [values.Length]);

    private static void Near(BarycenterResult<T> result, double tolerance, params double[] expected) =>
        SoftCases.Near(result.Series, SoftCases.Column(expected), tolerance * 5, "barycentre");
}
