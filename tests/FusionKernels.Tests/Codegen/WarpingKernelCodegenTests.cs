using System.Text.RegularExpressions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Warping.Costs;
using FusionKernels.Kernels.Warping.Devices;
using FusionKernels.Kernels.Warping.Rules;
using ILGPU.Runtime.Cuda;
using NUnit.Framework;

namespace FusionKernels.Tests.Codegen;

/// <summary>The team kernel of warping: what its hot forms must be made of.</summary>
[TestFixture]
[Category("Codegen")]
internal sealed partial class WarpingKernelCodegenTests
{
    /// <summary>Columns of a thread: cells of one turn of the loop.</summary>
    private const int Cells = 16;

    private KernelText _text = null!;

    /// <summary>The hottest form, in both precisions.</summary>
    private static IEnumerable<DeviceKernel> Hot => DeviceKernels.All.Where(kernel =>
        Has(kernel, typeof(SquaredCost<>)) && Has(kernel, typeof(Symmetric1Rule<>)) && Has(kernel, typeof(WholeForm)) && Has(kernel, typeof(WarpTeam)));

    [OneTimeSetUp]
    public void CreateContext() => _text = new();

    [OneTimeTearDown]
    public void DisposeContext() => _text.Dispose();

    [TestCaseSource(nameof(Hot))]
    public void A_cell_is_a_difference_two_minima_and_a_multiply_add_in_registers(DeviceKernel kernel)
    {
        string ptx = _text.Ptx(kernel, CudaArchitecture.SM_90);
        string type = kernel.IsDouble ? "f64" : "f32";
        string loop = Loop(ptx);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ptx, Does.Not.Contain(".local"));
            Assert.That(ptx, Does.Not.Contain(".shared"));
            Assert.That(KernelText.Count(ptx, "shfl.sync.up"), Is.EqualTo(kernel.IsDouble ? 2 : 1), "one value a row from the thread before");
            Assert.That(KernelText.Count(loop, $"sub.{type}"), Is.EqualTo(Cells));
            Assert.That(KernelText.Count(loop, $"min.{type}"), Is.EqualTo(2 * Cells));
            Assert.That(KernelText.Count(loop, $"mul.{type}"), Is.EqualTo(Cells));
            Assert.That(KernelText.Count(loop, $"add.{type}"), Is.EqualTo(Cells));
            Assert.That(loop, Does.Not.Contain("ld.global"), "what is loaded is loaded a row ahead, outside");
        }
    }

    [Test]
    public void A_kernel_is_for_devices_with_shuffles_or_for_those_without()
    {
        Assert.That(Hot.Count(), Is.EqualTo(2));
        foreach (DeviceKernel kernel in DeviceKernels.All.Where(kernel => kernel.Method.DeclaringType == typeof(WarpingTeamKernel) || kernel.Method.DeclaringType == typeof(WarpingPatternKernel)))
        {
            Assert.That(kernel.NeedsShuffles, Is.EqualTo(Has(kernel, typeof(WarpTeam))), kernel.Name);
            Assert.That(kernel.ReplacesShuffles, Is.EqualTo(Has(kernel, typeof(GroupTeam)) || Has(kernel, typeof(LoneTeam))), kernel.Name);
        }
    }

    /// <summary>The straight piece of code that holds the most minima: one row of a thread's columns.</summary>
    private static string Loop(string ptx) => Label().Split(ptx).MaxBy(piece => KernelText.Count(piece, "min.f"))!;

    private static bool Has(DeviceKernel kernel, Type argument) =>
        kernel.Method.GetGenericArguments().Any(type => type == argument || (type.IsGenericType && type.GetGenericTypeDefinition() == argument));

    [GeneratedRegex(@"^\s*L_\d+:", RegexOptions.Multiline)]
    private static partial Regex Label();
}
