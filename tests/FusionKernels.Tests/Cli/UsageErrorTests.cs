using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

internal sealed class UsageErrorTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        _folder.Write("x.csv", "0,0\n1,0\n0,2\n"u8);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("", "which verb?", "gram")]
    [TestCase("grm", "'grm' is no verb", "did you mean 'gram'?")]
    [TestCase("gram", "gram:")]
    [TestCase("gram X --output K", "--kernel")]
    [TestCase("gram X --kernel rbf", "--output")]
    [TestCase("gram X X X --kernel rbf --output K", "gram:")]
    [TestCase("gram X --kernel rbff --output K", "'rbff' is no kernel", "did you mean 'rbf'?")]
    [TestCase("gram X --kernel poly --output K", "did you mean 'polynomial'?")]
    [TestCase("gram X --kernel gaussian --output K", "there are linear, polynomial, rbf")]
    [TestCase("gram X --kernel linear --gamma 1 --output K", "does not take --gamma", "no parameters")]
    [TestCase("gram X --kernel rbf --degree 2 --output K", "does not take --degree", "it takes --gamma")]
    [TestCase("gram X --kernel matern --nu 2 --output K", "nu must be 0.5, 1.5 or 2.5")]
    [TestCase("gram X --kernel matern --length-scale 0 --output K", "lengthScale")]
    [TestCase("gram X --kernel polynomial --degree 2.5 --output K", "--degree 2.5", "whole number")]
    [TestCase("gram X --kernel polynomial --degree -1 --output K", "degree")]
    [TestCase("gram X --kernel rbf --gamma NaN --output K", "--gamma NaN", "finite")]
    [TestCase("gram X --kernel rbf --gamma 1,5 --output K", "--gamma 1,5", "decimal point")]
    [TestCase("gram X --kernel rbf --gamma -1 --output K", "gamma")]
    [TestCase("gram X --kernel rbf --gamma --output K", "a value is missing before '--output'")]
    [TestCase("gram X --kernel rbf --threads -2 --output K", "--threads -2")]
    [TestCase("gram X --kernel rbf --threads two --output K", "--threads two", "whole number")]
    [TestCase("gram X --kernel rbf --precision float16 --output K", "float16", "float32")]
    [TestCase("gram X --kernel rbf --gamma 1e60 --output K", "gamma=1E+60", "float32", "float64")]
    [TestCase("gram X --kernel rbf --device gpu --output K", "'gpu' names no device", "cuda")]
    [TestCase("gram X --kernel rbf --device hst --output K", "did you mean 'host'?")]
    [TestCase("gram X --kernel rbf --outptu K", "'--outptu' is no option of gram", "did you mean '--output'?")]
    [TestCase("gram X --kernel rbf --gmma=1 --output K", "'--gmma' is no option of gram", "did you mean '--gamma'?")]
    [TestCase("gram X --kernel rbf --output K.txt", "must end in .npy")]
    [TestCase("gram X X --kernel precomputed --output K", "takes one file")]
    [TestCase("gram X --kernel precomputed --gamma 1 --output K", "does not take --gamma")]
    [TestCase("devices --device host", "'--device' is no option of devices")]
    [TestCase("doctor now", "doctor:")]
    [TestCase("selftest --precision half", "half")]
    [TestCase("demo --images 10", "--images 10", "1797")]
    [TestCase("demo --images many", "--images many")]
    public void A_wrong_command_line_is_told_in_one_line(string line, params string[] words)
    {
        string[] arguments = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Place)];
        CliRun.Of(arguments).Failed(ExitCode.Usage, words);
        CliRun.Of([.. arguments, "--json"]).Failed(ExitCode.Usage);
    }

    [Test]
    public void An_input_is_not_overwritten()
    {
        string path = _folder["x.npy"];
        Npy.Write(path, System.Numerics.Tensors.Tensor.Create([1f, 2f], [2, 1]));
        CliRun.Of("gram", path, "--kernel", "rbf", "--output", path).Failed(ExitCode.Usage, "would overwrite an input");
    }

    [Test]
    public void An_absent_device_is_a_device_error_that_lists_what_was_probed() =>
        CliRun.Of("gram", _folder["x.csv"], "--kernel", "rbf", "--output", _folder["k.npy"], "--device", "cuda:99").Failed(ExitCode.Device, "cuda:99", "host");

    [Test]
    public void A_wrong_SIMD_width_is_a_usage_error()
    {
        using Infrastructure.EnvironmentVariable width = new("FUSIONKERNELS_SIMD", "1024");
        CliRun.Of("devices").Failed(ExitCode.Usage, "FUSIONKERNELS_SIMD", "1024");
    }

    private string Place(string word) => word switch
    {
        "X" => _folder["x.csv"],
        "K" => _folder["k.npy"],
        "K.txt" => _folder["k.txt"],
        _ => word,
    };
}
