using System.IO.Compression;
using System.Numerics.Tensors;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

internal sealed class DemoPartTests
{
    [Test]
    public void The_bundled_digits_are_complete()
    {
        Digits digits = Digits.Load();
        Assert.That(digits.Labels, Has.Length.EqualTo(Digits.Available));
        Assert.That(digits.Labels.Distinct().Order(), Is.EqualTo(Enumerable.Range(0, Digits.Classes)));
        Assert.That(digits.Pixels.SelectMany(image => image), Is.All.InRange(0, 1));
    }

    [Test]
    public void Every_view_has_variance_one_and_no_label()
    {
        Digits digits = Digits.Load(200);
        foreach (DigitView view in DigitView.All(digits))
        {
            double variance = 0;
            for (int k = 0; k < view.Features; k++)
            {
                double mean = view.Rows.Average(row => row[k]);
                variance += view.Rows.Average(row => Math.Pow(row[k] - mean, 2));
            }

            Assert.That(variance, Is.EqualTo(1).Within(1e-9), view.Name);
        }
    }

    [Test]
    public void A_shifted_spot_changes_the_profiles_but_not_the_spectrum()
    {
        double[] spot = new double[64], shifted = new double[64], other = new double[64];
        (spot[9], spot[10], shifted[36], shifted[37]) = (1, 0.5, 1, 0.5);
        other[3] = 1;
        IReadOnlyList<DigitView> views = DigitView.All(new Digits([spot, shifted, other], [0, 0, 1]));
        DigitView fourier = views.Single(view => view.Name == "fourier"), profiles = views.Single(view => view.Name == "profiles");
        Assert.That(fourier.Rows[0], Is.EqualTo(fourier.Rows[1]).Within(1e-9));
        Assert.That(profiles.Rows[0], Is.Not.EqualTo(profiles.Rows[1]).Within(1e-3));
    }

    [Test]
    public void Folds_hold_every_class_in_equal_parts()
    {
        int[] labels = [.. Enumerable.Range(0, 103).Select(row => row % 4)];
        int[] folds = StratifiedFolds.Assign(labels, 5);
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]))
        {
            int[] sizes = [.. Enumerable.Range(0, 5).Select(fold => rows.Count(row => folds[row] == fold))];
            Assert.That(sizes.Max() - sizes.Min(), Is.LessThanOrEqualTo(1));
        }

        (int[] train, int[] test) = StratifiedFolds.Split(folds, 2);
        Assert.That(train.Concat(test).Order(), Is.EqualTo(Enumerable.Range(0, labels.Length)));
    }

    [Test]
    public void The_heat_map_orders_by_class_and_averages()
    {
        Tensor<double> gram = Tensor.Create([1.0, 0, 3, 0, 2, 0, 3, 0, 5], [3, 3]);
        HeatMap map = HeatMap.Of(gram, [0, 1, 0], 2);
        Assert.That(map.Cells, Is.EqualTo(new[,] { { 1.0, 3, 0 }, { 3, 5, 0 }, { 0, 0, 2 } }));
        Assert.That(map.ClassEnds, Is.EqualTo([2.0 / 3, 1]).Within(1e-15));
    }

    [Test]
    public void A_picture_is_a_PNG_file_with_its_pixels()
    {
        byte[] file = PngImage.Write(new byte[,] { { 0, 1, 1 }, { 1, 0, 0 } }, [(0, 0, 0), (255, 128, 0)]);
        Assert.That(file[..8], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
        Assert.That(file[16..24], Is.EqualTo(new byte[] { 0, 0, 0, 3, 0, 0, 0, 2 }));
        // An empty IEND has a checksum that the standard's every example shows.
        Assert.That(file[^12..], Is.EqualTo(new byte[] { 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82 }));
        int data = file.AsSpan().IndexOf("IDAT"u8) + 4;
        using ZLibStream pixels = new(new MemoryStream(file[data..^16]), CompressionMode.Decompress);
        byte[] lines = new byte[8];
        pixels.ReadExactly(lines);
        Assert.That(lines, Is.EqualTo(new byte[] { 0, 0, 1, 1, 0, 1, 0, 0 }));
    }

    [Test]
    public void A_failed_device_is_shown_with_its_error()
    {
        DemoAccuracy accuracy = new("fused", "all", 4, 0.9, [0.9, 0.9]);
        DemoResult result = new(
            20,
            2,
            "float32",
            2,
            0.5,
            0.8,
            0.2,
            [new("opencl:0", "<GPU>", "driver & co", null, false)],
            [accuracy with { Name = "pixels" }, accuracy with { Name = "concatenation" }, accuracy],
            [new("fused", "opencl:0", 20, 4, null, null, null, null, 0.9, "lost <here>")],
            new HeatMap(new double[,] { { 1, 0 }, { 0, 1 } }, [0.5, 1]),
            [new double[64], new double[64]]);
        string page = DemoPage.Build(result);
        Assert.That(page, Does.Contain("lost &lt;here&gt;").And.Contain("&lt;GPU&gt;").And.Contain("driver &amp; co"));
        Assert.That(result.FirstFailure, Is.Not.Null);
    }

    [TestCase("rbff", "rbf")]
    [TestCase("LINAER", "linear")]
    [TestCase("chi-2", "chi2")]
    [TestCase("rational", "rational-quadratic")]
    [TestCase("wavelet", null)]
    [TestCase("x", null)]
    public void The_nearest_kernel_is_found(string typed, string? nearest) => Assert.That(NearestName.Of(typed, KernelChoice.Names), Is.EqualTo(nearest));

    [Test]
    public void Quantities_are_readable()
    {
        Assert.That(Units.Seconds(8.12e-4), Is.EqualTo("812 us"));
        Assert.That(Units.Seconds(0.00341), Is.EqualTo("3.41 ms"));
        Assert.That(Units.Seconds(1.72), Is.EqualTo("1.72 s"));
        Assert.That(Units.Bytes(3.5 * (1 << 30)), Is.EqualTo("3.50 GiB"));
        Assert.That(Units.Flops(4.12e11), Is.EqualTo("412 GFLOP/s"));
        Assert.That(Units.Percent(0.004), Is.EqualTo("0.4 %"));
        Assert.That(Units.Percent(0.978, 1), Is.EqualTo("97.8 %"));
        Assert.That(Units.Deviation(1.23e-7), Is.EqualTo("1.2e-07"));
    }
}
