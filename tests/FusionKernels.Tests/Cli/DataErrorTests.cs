using System.Numerics.Tensors;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

internal sealed class DataErrorTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("cut.csv", "1,2\n3\n", "cut.csv", "line 2")]
    [TestCase("words.csv", "1,2\n3,four\n", "line 2, column 2", "four")]
    [TestCase("empty.csv", "", "empty.csv")]
    [TestCase("noise.npy", "this is no array", "noise.npy")]
    [TestCase("noise.npz", "this is no archive", "noise.npz")]
    [TestCase("noise.ts", "this is no series", "noise.ts")]
    [TestCase("ragged.ts", "@problemName p\n@equalLength false\n@classLabel false\n@data\n1,2,3\n1,2\n", "differ in length")]
    [TestCase("table.xlsx", "1,2\n", ".xlsx", "not understood")]
    [TestCase("table", "1,2\n", "no extension")]
    public void A_broken_file_is_named_with_the_place(string name, string content, params string[] words)
    {
        string path = _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(content));
        Gram(path).Failed(ExitCode.Data, words);
        Assert.That(_folder.Names, Is.EqualTo([name]), "nothing half-written");
    }

    [Test]
    public void A_missing_file_is_named() => Gram(_folder["nowhere.npy"]).Failed(ExitCode.Data, "nowhere.npy", "no such file");

    [Test]
    public void A_folder_is_no_file() => Gram(Path.GetDirectoryName(_folder["x"])!).Failed(ExitCode.Data, "is a folder");

    [Test]
    public void An_output_folder_must_exist()
    {
        string path = _folder.Write("x.csv", "1,2\n"u8);
        CliRun.Of("gram", path, "--kernel", "rbf", "--output", _folder["absent/k.npy"]).Failed(ExitCode.Data, "there is no folder");
        Directory.CreateDirectory(_folder["k.npy"]);
        CliRun.Of("gram", path, "--kernel", "rbf", "--output", _folder["k.npy"]).Failed(ExitCode.Data, "is a folder");
    }

    [Test]
    public void An_unwritable_output_is_a_data_error()
    {
        Assume.That(!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess, "a folder that refuses files needs Unix modes and a user whom they bind");
        if (OperatingSystem.IsWindows()) return; // for the compiler, which does not read the line above
        string path = _folder.Write("x.csv", "1,2\n"u8);
        Directory.CreateDirectory(_folder["closed"]);
        File.SetUnixFileMode(_folder["closed"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        CliRun.Of("gram", path, "--kernel", "rbf", "--output", _folder["closed/k.npy"]).Failed(ExitCode.Data, "closed");
    }

    [Test]
    public void Different_features_are_told_with_both_files()
    {
        string x = _folder.Write("x.csv", "1,2\n"u8), y = _folder.Write("y.csv", "1,2,3\n"u8);
        CliRun.Of("gram", x, y, "--kernel", "rbf", "--output", _folder["k.npy"]).Failed(ExitCode.Data, "x.csv has 2 features", "y.csv has 3");
    }

    [Test]
    public void A_NaN_is_told_with_its_place()
    {
        string path = _folder.Write("x.csv", "1,2\n3,nan\n"u8);
        Gram(path).Failed(ExitCode.Data, "x.csv: row 1, feature 1", "NaN");
    }

    [Test]
    public void A_negative_value_under_chi2_is_told_with_its_place()
    {
        string path = _folder.Write("x.csv", "1,2\n3,-4\n"u8);
        CliRun.Of("gram", path, "--kernel", "chi2", "--output", _folder["k.npy"]).Failed(ExitCode.Data, "x[1, 1] is negative");
    }

    [Test]
    public void A_precomputed_kernel_is_square()
    {
        string path = _folder.Write("k0.csv", "1,2\n3,4\n5,6\n"u8);
        CliRun.Of("gram", path, "--kernel", "precomputed", "--output", _folder["k.npy"]).Failed(ExitCode.Data, "3 x 2");
    }

    [Test]
    public void A_name_in_an_archive_is_suggested()
    {
        Npz.Write<float>(_folder["v.npz"], [new("pixels", Tensor.Create([1f, 2f], [1, 2])), new("fourier", Tensor.Create([1f, 2f], [1, 2]))]);
        Gram(_folder["v.npz"]).Failed(ExitCode.Data, "several arrays", "v.npz:pixels");
        Gram(_folder["v.npz"] + ":pixel").Failed(ExitCode.Data, "no array 'pixel'", "did you mean 'pixels'?");
    }

    private CliRun Gram(string path) => CliRun.Of("gram", path, "--kernel", "rbf", "--output", _folder["k.npy"]);
}
