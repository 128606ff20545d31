using FusionKernels.Bench;
using NUnit.Framework;

namespace FusionKernels.Tests.Benchmarking;

/// <summary>What results of several machines say about each other.</summary>
internal sealed class ComparisonTests
{
    [Test]
    public void Ratios_are_of_throughput_with_what_both_spreads_leave_open()
    {
        BenchResults a = SuiteResults.Of("a", SuiteResults.Row("gemm", "products", 2, spread: 0.1)), b = SuiteResults.Of("b", SuiteResults.Row("gemm", "products", 1, spread: 0.2));
        SpeedRatio ratio = Comparison.Of(["a", "b"], [a, b]).Cases.Single().Ratio(1)!.Value;
        Assert.That(ratio.Value, Is.EqualTo(2).Within(1e-12));
        Assert.That(ratio.Low, Is.EqualTo(2 * 0.9 / 1.2).Within(1e-12), "the slower quartile over the baseline's faster one");
        Assert.That(ratio.High, Is.EqualTo(2 * 1.1 / 0.8).Within(1e-12));
        Assert.That(ratio.IsNoise, Is.False);
    }

    [Test]
    public void A_difference_inside_the_spread_is_noise()
    {
        BenchResults a = SuiteResults.Of("a", SuiteResults.Row("gemm", "products", 1, spread: 0.1)), b = SuiteResults.Of("b", SuiteResults.Row("gemm", "products", 1.1, spread: 0.1));
        Comparison comparison = Comparison.Of(["a", "b"], [a, b]);
        Assert.That(comparison.Cases.Single().Ratio(1)!.Value.IsNoise);
        Assert.That(comparison.Summary().Single(), Does.Contain("as fast as a").And.Contain("1 of them differ by noise alone"));
        Assert.That(ComparisonText.Of(comparison), Does.Contain("noise"));
    }

    [Test]
    public void One_device_alone_is_held_against_its_own_peaks()
    {
        BenchResults only = SuiteResults.Of("a", SuiteResults.Row("gemm", "products", 1, spread: 0.1));
        Comparison comparison = Comparison.Of(["a"], [only]);
        Assert.That(comparison.Summary().Single(), Does.Contain("alone").And.Contain("Give a second file").IgnoreCase);
        Assert.That(ComparisonPage.Of(comparison), Does.Contain("gemm"));
    }

    [Test]
    public void A_family_without_shared_cases_is_told()
    {
        BenchResults a = SuiteResults.Of("a", SuiteResults.Row("x", "grams", 1), SuiteResults.Row("y", "attention", 1)), b = SuiteResults.Of("b", SuiteResults.Row("x", "grams", 1), SuiteResults.Row("z", "attention", 1));
        Assert.That(ComparisonPage.Of(Comparison.Of(["a", "b"], [a, b])), Does.Contain("<figcaption>1 case.").And.Contain("<figcaption>2 cases, none of which the baseline shares with b."));
    }

    [Test]
    public void Few_runs_tell_no_spread()
    {
        BenchResults a = SuiteResults.Of("a", SuiteResults.Row("gemm", "products", 1, spread: 0, runs: 1)), b = SuiteResults.Of("b", SuiteResults.Row("gemm", "products", 1.2, spread: 0, runs: 1));
        Assert.That(Comparison.Of(["a", "b"], [a, b]).Cases.Single().Ratio(1)!.Value.IsNoise);
    }

    [Test]
    public void Other_sizes_compare_by_throughput_and_one_core_with_one_core()
    {
        BenchResults a = SuiteResults.Of("a", SuiteResults.Row("dtw", "warping", 1, threads: 1, cells: 10), SuiteResults.Row("dtw", "warping", 0.5, threads: 2, cells: 10));
        BenchResults b = SuiteResults.Of("b", SuiteResults.Row("dtw", "warping", 2, threads: 1, cells: 60));
        Comparison comparison = Comparison.Of(["a", "b"], [a, b]);
        Assert.That(comparison.Cases.Select(one => one.Key), Is.EqualTo<string>(["dtw float32, one core", "dtw float32"]));
        Assert.That(comparison.Cases[0].Ratio(1)!.Value.Value, Is.EqualTo(3).Within(1e-12));
        Assert.That(comparison.Cases[1].Ratio(1), Is.Null);
    }

    [Test]
    public void Rows_are_the_unit_of_cases_that_have_them()
    {
        BenchResults a = SuiteResults.Of("a", SuiteResults.Row("cca-d512", "decompositions", 2, rows: 1000)), b = SuiteResults.Of("b", SuiteResults.Row("cca-d512", "decompositions", 1, gflops: 9000, rows: 2000));
        Comparison comparison = Comparison.Of(["a", "b"], [a, b]);
        Assert.That(comparison.Cases.Single().Ratio(1)!.Value.Value, Is.EqualTo(4).Within(1e-12));
        Assert.That(ComparisonText.Of(comparison), Does.Contain("rows/s"));
    }

    [Test]
    public void A_family_is_the_geometric_mean_of_its_cases()
    {
        BenchResults a = SuiteResults.Of("a", SuiteResults.Row("x", "grams", 1), SuiteResults.Row("y", "grams", 1), SuiteResults.Row("z", "attention", 1));
        BenchResults b = SuiteResults.Of("b", SuiteResults.Row("x", "grams", 0.5), SuiteResults.Row("y", "grams", 0.125), SuiteResults.Row("z", "attention", 1));
        Comparison comparison = Comparison.Of(["a", "b"], [a, b]);
        Assert.That(comparison.Mean(1, "grams")!.Value.Value, Is.EqualTo(4).Within(1e-12));
        Assert.That(comparison.Mean(1)!.Value.Value, Is.EqualTo(Math.Cbrt(16)).Within(1e-12));
        Assert.That(comparison.Families, Is.EqualTo<string>(["grams", "attention"]), "the suite's order");
        Assert.That(comparison.Mean(0), Is.Null, "the baseline is not compared with itself");
    }

    [Test]
    public void The_page_stands_alone_and_shows_everything()
    {
        BenchResults a = SuiteResults.Of("<a>", SuiteResults.Row("gemm", "products", 1)), b = SuiteResults.Of("b", SuiteResults.Row("gemm", "products", 0.4));
        string page = ComparisonPage.Of(Comparison.Of(["a", "b"], [a, b]));
        Assert.That(page, Does.Not.Contain("<a>").And.Not.Contain("http").And.Not.Contain("<script"));
        Assert.That(page, Does.Contain("&lt;a&gt;").And.Contain("2.50x").And.Contain("Roofline of b").And.Contain("Bars of speed in products").And.Contain("Bars of peak in products of b"));
        System.Xml.Linq.XDocument.Parse(page[(page.IndexOf("<body>", StringComparison.Ordinal) + 6)..page.IndexOf("</body>", StringComparison.Ordinal)].Trim());
    }

    [Test]
    public void Regressions_are_slower_beyond_the_spread_or_hold_more()
    {
        BenchResults before = SuiteResults.Of("a", SuiteResults.Row("x", "grams", 1), SuiteResults.Row("y", "grams", 1), SuiteResults.Row("z", "grams", 1, launches: 3));
        BenchResults now = SuiteResults.Of("a", SuiteResults.Row("x", "grams", 1.03), SuiteResults.Row("y", "grams", 1.2, allocated: 5000), SuiteResults.Row("z", "grams", 0.5, launches: 4));
        Assert.That(Regression.Of(before, now, withTimes: true, out int matched).Select(one => $"{one.Case} {one.Figure}"), Is.EqualTo<string>(["y float32 host 2t time", "y float32 host 2t allocated bytes", "z float32 host 2t launches"]));
        Assert.That(matched, Is.EqualTo(3));
        Assert.That(Regression.Of(before, now, withTimes: false, out _).Select(one => one.Figure), Is.EqualTo<string>(["allocated bytes", "launches"]));
    }

    [Test]
    public void Energy_is_the_sum_over_packages_and_null_where_nobody_tells()
    {
        using TemporaryFolder folder = new();
        Assert.That(Energy.OfPackages(folder["none"]), Is.Null);
        Directory.CreateDirectory(folder["rapl"]);
        Assert.That(Energy.OfPackages(folder["rapl"]), Is.Null);
        Show(("intel-rapl:0", "3000000\n"), ("intel-rapl:1", "4500000\n"), ("intel-rapl:0:0", "2000000\n"), ("dtpm", "1\n"));
        Energy? energy = Energy.OfPackages(folder["rapl"]);
        Show(("intel-rapl:0", "3500000\n"), ("intel-rapl:1", "6500000\n"), ("intel-rapl:0:0", "9000000\n"), ("dtpm", "9\n"));
        Assert.That(energy!.Joules(), Is.EqualTo(2.5).Within(1e-12));
        File.Delete(folder["rapl/intel-rapl:1/energy_uj"]);
        Assert.That(energy.Joules(), Is.Null);

        void Show(params (string Name, string Microjoules)[] counters)
        {
            foreach ((string name, string microjoules) in counters) File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder[$"rapl/{name}"]).FullName, "energy_uj"), microjoules);
        }
    }

    [Test]
    public void Energy_goes_on_where_a_counter_begins_again()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["rapl/intel-rapl:0"]);
        File.WriteAllText(folder["rapl/intel-rapl:0/max_energy_range_uj"], "65000000\n");
        File.WriteAllText(folder["rapl/intel-rapl:0/energy_uj"], "64000000\n");
        Energy? energy = Energy.OfPackages(folder["rapl"]);
        File.WriteAllText(folder["rapl/intel-rapl:0/energy_uj"], "500000\n");
        Assert.That(energy!.Joules(), Is.EqualTo(1.5).Within(1e-12));
        File.Delete(folder["rapl/intel-rapl:0/max_energy_range_uj"]);
        File.WriteAllText(folder["rapl/intel-rapl:0/energy_uj"], "64000000\n");
        energy = Energy.OfPackages(folder["rapl"]);
        File.WriteAllText(folder["rapl/intel-rapl:0/energy_uj"], "500000\n");
        Assert.That(energy!.Joules(), Is.Null);
    }

    [Test]
    [NonParallelizable]
    public void Memory_that_a_case_touches_is_counted_and_what_was_held_before_is_not()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("only Linux tells");
        byte[] before = new byte[32 << 20];
        Array.Fill(before, (byte)1);
        PeakMemory? memory = PeakMemory.Begin();
        if (memory is null) Assert.Ignore("this system does not let a process begin its count again");
        byte[] held = new byte[64 << 20];
        Array.Fill(held, (byte)1);
        Assert.That(memory.Bytes(), Is.InRange(60 << 20, 128 << 20));
        GC.KeepAlive(before);
        GC.KeepAlive(held);
    }
}
