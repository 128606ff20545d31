using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class HelpTests
{
    private static readonly string[] s_verbs = ["demo", "gram", "dtw", "dtw-matrix", "dtw-search", "dtw-classify", "soft-dtw", "barycenter", "distance", "moving", "cca", "kcca", "mcca", "similarity", "eigen", "svd", "attention", "fuse", "predict", "align", "devices", "doctor", "selftest", "bench", "compare"];

    [TestCaseSource(nameof(s_verbs))]
    public void Every_verb_explains_itself_with_examples(string verb)
    {
        CliRun run = CliRun.Of(verb, "--help").Succeeded();
        Assert.That(run.Output, Does.Contain("Usage:").And.Contain($"Examples:{Environment.NewLine}  fusionkernels {verb}").And.Contain("--json"));
    }

    [TestCase("demo")]
    [TestCase("gram")]
    [TestCase("similarity")]
    [TestCase("dtw")]
    [TestCase("dtw-matrix")]
    [TestCase("dtw-search")]
    [TestCase("dtw-classify")]
    [TestCase("soft-dtw")]
    [TestCase("barycenter")]
    [TestCase("distance")]
    [TestCase("moving")]
    [TestCase("kcca")]
    [TestCase("mcca")]
    [TestCase("cca")]
    [TestCase("eigen")]
    [TestCase("svd")]
    [TestCase("attention")]
    [TestCase("align")]
    [TestCase("fuse")]
    [TestCase("predict")]
    [TestCase("doctor")]
    [TestCase("selftest")]
    [TestCase("bench")]
    public void Every_computing_verb_takes_the_common_options(string verb)
    {
        Assert.That(CliRun.Of(verb, "--help").Output, Does.Contain("--device").And.Contain("--threads").And.Contain("--precision").And.Contain("--json"));
    }

    [TestCase("gram", "float32")]
    [TestCase("dtw", "float64")]
    [TestCase("cca", "float64")]
    [TestCase("selftest", "both")]
    public void The_help_tells_the_precision_by_default(string verb, string precision) =>
        Assert.That(CliRun.Of(verb, "--help").Output, Does.Contain($"float32 or float64; {precision} by default."));

    [Test]
    public void The_tool_lists_its_verbs_and_exit_codes()
    {
        string help = CliRun.Of("--help").Succeeded().Output;
        foreach (string verb in s_verbs) Assert.That(help, Does.Contain($"  {verb} "));
        Assert.That(help, Does.Contain("2 usage, 3 data, 4 device"));
    }

    [Test]
    public void The_help_of_gram_names_every_kernel_and_parameter()
    {
        string help = CliRun.Of("gram", "--help").Output;
        foreach (string name in KernelChoice.Names) Assert.That(help, Does.Contain(name));
        foreach (KernelParameter parameter in Enum.GetValues<KernelParameter>()) Assert.That(help, Does.Contain(KernelParameters.OptionName(parameter)));
    }

    [Test]
    public void The_help_of_distance_names_every_measure_and_parameter()
    {
        string help = CliRun.Of("distance", "--help").Output;
        foreach (MeasureChoice measure in MeasureChoice.All)
        {
            Assert.That(help, Does.Contain(measure.Name));
            foreach (string parameter in measure.Parameters) Assert.That(help, Does.Contain(parameter));
        }
    }

    [Test]
    public void The_help_of_dtw_names_its_options()
    {
        string help = CliRun.Of("dtw", "--help").Output;
        string[] options = ["--cost", "--root", "--no-root", "--window", "--window-fraction", "--itakura", "--slanted", "--step", "--open-begin", "--open-end", "--psi", "--penalty", "--missing", "--preset", "--path", "--cost-matrix", "--plot", "--features"];
        foreach (string option in options) Assert.That(help, Does.Contain(option));
        foreach (string preset in PresetChoice.Names) Assert.That(help, Does.Contain(preset));
    }

    [Test]
    public void The_version_is_a_version() => Assert.That(CliRun.Of("--version").Succeeded().Output.Trim(), Does.Match(@"^\d+\.\d+\.\d+"));
}
