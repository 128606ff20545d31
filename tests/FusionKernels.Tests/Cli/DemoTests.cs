using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

internal sealed partial class DemoTests
{
    private static readonly string[] s_views = ["pixels", "fourier", "profiles", "gradients", "moments", "concatenation", "fused"];

    private TemporaryFolder _folder = null!;
    private JsonElement _json;
    private string _page = null!;

    /// <summary>One run on all devices serves all tests; a few hundred images keep it short.</summary>
    [OneTimeSetUp]
    public void RunOnce()
    {
        _folder = new();
        _json = CliRun.Of("demo", "--images", "300", "--output", _folder["demo.html"], "--json").Succeeded().Json;
        _page = File.ReadAllText(_folder["demo.html"]);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Every_view_and_the_fusion_has_an_accuracy()
    {
        Assert.That(_json.GetProperty("views").EnumerateArray().Select(view => view.GetProperty("name").GetString()), Is.EqualTo(s_views));
        foreach (JsonElement view in _json.GetProperty("views").EnumerateArray())
        {
            CliRun.RequireMembers(view, "name", "description", "features", "accuracy", "folds");
            Assert.That(view.GetProperty("folds").GetArrayLength(), Is.EqualTo(5));
        }
    }

    [Test]
    public void The_fused_kernel_keeps_up_with_the_best_view_and_beats_the_majority()
    {
        Dictionary<string, double> accuracies = _json.GetProperty("views").EnumerateArray().ToDictionary(
            view => view.GetProperty("name").GetString()!, view => view.GetProperty("accuracy").GetDouble());
        // One image of a hundred: what a fold's luck amounts to at this size.
        Assert.That(accuracies["fused"], Is.GreaterThanOrEqualTo(s_views[..5].Max(name => accuracies[name]) - 0.01));
        Assert.That(accuracies["fused"], Is.GreaterThan(0.9));
        Assert.That(_json.GetProperty("majorityAccuracy").GetDouble(), Is.InRange(0.05, 0.2));
        Assert.That(_json.GetProperty("withinClass").GetDouble(), Is.GreaterThan(_json.GetProperty("betweenClasses").GetDouble()));
    }

    [Test]
    public void Every_device_has_a_row_for_every_kernel_that_agrees_with_the_reference()
    {
        List<JsonElement> rows = [.. _json.GetProperty("rows").EnumerateArray()];
        string[] devices = [.. ComputeDevice.List().Select(device => device.Name)];
        Assert.That(_json.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("name").GetString()), Is.EqualTo(devices));
        foreach (string device in devices)
        {
            List<JsonElement> own = [.. rows.Where(row => row.GetProperty("device").GetString() == device)];
            Assert.That(own.Select(row => row.GetProperty("view").GetString()), Is.EqualTo(s_views), device);
            foreach (JsonElement row in own)
            {
                CliRun.RequireMembers(row, "view", "device", "images", "features", "seconds", "gflops", "fractionOfPeak", "largestDeviation", "accuracy", "error");
                Assert.That(row.GetProperty("seconds").GetDouble(), Is.GreaterThan(0));
                Assert.That(row.GetProperty("fractionOfPeak").GetDouble(), Is.GreaterThan(0));
                Assert.That(row.GetProperty("largestDeviation").GetDouble(), Is.LessThan(1e-5));
            }
        }
    }

    [Test]
    public void The_page_is_well_formed_and_loads_nothing()
    {
        using XmlReader reader = XmlReader.Create(new StringReader(_page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XDocument page = XDocument.Load(reader);
        IEnumerable<string> addresses = page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "href" or "src").Select(attribute => attribute.Value);
        Assert.That(addresses, Is.Not.Empty.And.All.Match("^data:image/png;base64,"));
        Assert.That(_page, Does.Not.Contain("http://").And.Not.Contain("https://").And.Not.Contain("@import").And.Not.Contain("<script"));
        Assert.That(Url().Matches(_page).Select(match => match.Value), Is.All.EqualTo("url(#scale)"));
        Assert.That(page.Descendants("svg").Count(), Is.GreaterThanOrEqualTo(4));
    }

    [Test]
    public void The_page_serves_narrow_and_dark_screens() =>
        Assert.That(_page, Does.Contain("prefers-color-scheme:dark").And.Contain("max-width:600px").And.Contain("width=device-width"));

    [Test]
    public void The_page_shows_every_kernel_and_device()
    {
        foreach (string view in s_views) Assert.That(_page, Does.Contain($">{view}<"));
        foreach (DeviceDescription device in ComputeDevice.List()) Assert.That(_page, Does.Contain($"<h3>{device.Name}</h3>"));
    }

    [Test]
    public void An_interrupt_leaves_no_page_and_answers_130()
    {
        using CancellationTokenSource interrupt = new(TimeSpan.FromMilliseconds(200));
        CliRun.Of(interrupt.Token, "demo", "--device", "host", "--output", _folder["late.html"]).Failed(ExitCode.Cancelled, "cancelled");
        Assert.That(_folder.Names, Is.EqualTo(["demo.html"]));
    }

    [Test]
    [Category("Slow")]
    public void All_digits_give_the_accuracies_that_the_documentation_tells()
    {
        string output = CliRun.Of("demo", "--device", "host", "--output", _folder["all.html"]).Succeeded().Output;
        File.Delete(_folder["all.html"]);
        Assert.That(output, Does.Contain("fused 97.8 %").And.Contain("best single view 97.6 % (pixels)").And.Contain("majority class 10.1 %"));
    }

    [GeneratedRegex(@"url\([^)]*\)")]
    private static partial Regex Url();
}
