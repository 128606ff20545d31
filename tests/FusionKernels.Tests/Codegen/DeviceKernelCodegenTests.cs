using System.Reflection;
using System.Text.RegularExpressions;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Warping.Devices;
using ILGPU;
using ILGPU.Runtime.Cuda;
using NUnit.Framework;

namespace FusionKernels.Tests.Codegen;

/// <summary>Every device kernel, compiled without a device: what its code must not hold, and what the hot ones must.</summary>
[TestFixture]
[Category("Codegen")]
internal sealed partial class DeviceKernelCodegenTests
{
    /// <summary>What ILGPU gives a group on CUDA.</summary>
    private const int SharedLimit = 48 * 1024;

    private KernelText _text = null!;

    private static IEnumerable<DeviceKernel> ForCuda => DeviceKernels.All.Where(kernel => !kernel.ReplacesShuffles);

    private static IEnumerable<DeviceKernel> ForOpenCL => DeviceKernels.All.Where(kernel => !kernel.NeedsShuffles);

    /// <summary>The hot kernels of a plain product, whose inner loops are counted.</summary>
    private static IEnumerable<DeviceKernel> WrittenOut => DeviceKernels.All.Where(kernel => kernel.IsHot
        && HasArgument(kernel, typeof(DotTerm<>)) && HasArgument(kernel, typeof(Scaled<>)));

    private static IEnumerable<CudaArchitecture> Architectures =>
    [
        CudaArchitecture.SM_70, CudaArchitecture.SM_75, CudaArchitecture.SM_80, CudaArchitecture.SM_86, CudaArchitecture.SM_89, CudaArchitecture.SM_90,
    ];

    [OneTimeSetUp]
    public void CreateContext() => _text = new();

    [OneTimeTearDown]
    public void DisposeContext() => _text.Dispose();

    [TestCaseSource(nameof(ForCuda))]
    public void Ptx_calls_nothing_and_keeps_to_its_precision_and_memory(DeviceKernel kernel)
    {
        foreach (CudaArchitecture architecture in (CudaArchitecture[])[CudaArchitecture.SM_70, CudaArchitecture.SM_90])
        {
            string ptx = _text.Ptx(kernel, architecture);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(ptx, Does.Contain(".entry"));
                Assert.That(ptx, Does.Not.Contain(".extern .func"), "an intrinsic that nothing resolves");
                Assert.That(ptx, Does.Not.Contain("call"), "a function that was not inlined");
                if (!kernel.UsesLocalMemory) Assert.That(ptx, Does.Not.Contain(".local"), "registers that went to memory");
                if (!kernel.IsDouble) Assert.That(ptx, Does.Not.Contain(".f64"), "float64 arithmetic in a float32 kernel");
                Assert.That(KernelText.SharedBytes(ptx), Is.LessThanOrEqualTo(SharedLimit));
                if (!kernel.IsHot) continue;
                Assert.That(KernelText.SharedBytes(ptx), Is.GreaterThan(16 * 1024), "stages that were not counted");
                AssertVectorMoves(ptx, kernel.IsDouble ? "v2.f64" : "v4.f32");
            }
        }
    }

    [TestCaseSource(nameof(WrittenOut))]
    public void The_inner_loop_is_written_out_and_reads_whole_quads(DeviceKernel kernel)
    {
        bool isWide = HasArgument(kernel, typeof(Tile128));
        int steps = isWide ? Tile128.Depth : 8;
        int terms = isWide ? 64 : 16;
        int readsPerQuad = kernel.IsDouble ? 2 : 1;
        string ptx = _text.Ptx(kernel, CudaArchitecture.SM_80);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(FusedPairs(ptx), Is.EqualTo(steps * terms), "multiplications whose product is added at once");
            Assert.That(
                KernelText.Count(ptx, kernel.IsDouble ? "ld.shared.v2" : "ld.shared.v4"), Is.EqualTo(steps * (isWide ? 4 : 2) * readsPerQuad));
        }
    }

    [TestCaseSource(nameof(Architectures))]
    public void Ptx_differs_between_architectures_by_its_target_only(CudaArchitecture architecture)
    {
        foreach (DeviceKernel kernel in WrittenOut)
        {
            Assert.That(Normalised(_text.Ptx(kernel, architecture)), Is.EqualTo(Normalised(_text.Ptx(kernel, CudaArchitecture.SM_70))), kernel.Name);
        }
    }

    [TestCaseSource(nameof(ForOpenCL))]
    public void OpenCL_is_generated_and_keeps_to_its_precision(DeviceKernel kernel)
    {
        string source = _text.OpenCL(kernel);
        Assert.That(source, Does.Contain("kernel void"));
        if (!kernel.IsDouble) Assert.That(DoubleWord().Count(source), Is.Zero, "float64 in a float32 kernel");
    }

    [Test]
    public void Every_kernel_entry_point_is_registered()
    {
        HashSet<MethodInfo> registered = [.. DeviceKernels.All.Select(kernel => kernel.Method.IsGenericMethod ? kernel.Method.GetGenericMethodDefinition() : kernel.Method)];
        IEnumerable<MethodInfo> entries = Types()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(IsEntryPoint);
        Assert.That(entries, Is.EquivalentTo(registered));
    }

    [TestCase(typeof(IPairTerm<>))]
    [TestCase(typeof(ITileFunction<>))]
    [TestCase(typeof(IWarpingForm))]
    [TestCase(typeof(IWarpingTeam))]
    [TestCase(typeof(IElementFunction<>))]
    [TestCase(typeof(IRowRule<>))]
    [TestCase(typeof(IStepRule<>))]
    public void Every_rule_is_registered(Type rule)
    {
        HashSet<Type> registered = [.. DeviceKernels.All.SelectMany(kernel => kernel.Method.GetGenericArguments()).Select(type => type.IsGenericType ? type.GetGenericTypeDefinition() : type)];
        IEnumerable<Type> rules = Types().Where(type => type.IsValueType && type.GetInterfaces().Any(one => one == rule || (one.IsGenericType && one.GetGenericTypeDefinition() == rule)));
        Assert.That(rules.Where(type => !registered.Contains(type)).Except(s_ofTheHost), Is.Empty, "add a line to DeviceKernels");
    }

    /// <summary>Sums of kernels are added up in registers by the host alone; devices add them in their own program.</summary>
    private static readonly Type[] s_ofTheHost = [typeof(WeightedFunction<,>), typeof(AddedFunction<,>)];

    private static IEnumerable<Type> Types() => typeof(DeviceKernels).Assembly.GetTypes();

    /// <summary>By the house's convention an entry point is the public static method of a class whose name ends in Kernel; ILGPU's are void and take views.</summary>
    private static bool IsEntryPoint(MethodInfo method) =>
        method.ReturnType == typeof(void)
        && ((method.DeclaringType!.Name.EndsWith("Kernel", StringComparison.Ordinal) && method.IsPublic && TakesView(method)) || TakesIndex(method));

    /// <summary>Whether a view is among the parameters, or in a structure of views that is one.</summary>
    private static bool TakesView(MethodInfo method) => method.GetParameters().Any(parameter => IsView(parameter.ParameterType)
        || (parameter.ParameterType.IsValueType && parameter.ParameterType.GetFields().Any(field => IsView(field.FieldType))));

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    private static bool TakesIndex(MethodInfo method) => method.GetParameters() is [var first, ..]
        && (first.ParameterType == typeof(Index1D) || first.ParameterType == typeof(Index2D) || first.ParameterType == typeof(Index3D));

    private static bool HasArgument(DeviceKernel kernel, Type argument) =>
        kernel.Method.GetGenericArguments().Any(type => type == argument || (type.IsGenericType && type.GetGenericTypeDefinition() == argument));

    private static void AssertVectorMoves(string ptx, string form)
    {
        Assert.That(ptx, Does.Contain($"ld.shared.{form}"));
        Assert.That(ptx, Does.Contain($"ld.global.{form}"));
        Assert.That(ptx, Does.Contain($"st.shared.{form}"));
        Assert.That(ptx, Does.Contain($"st.global.{form}"));
    }

    /// <summary>Additions that take a product: what an assembler contracts to one instruction.</summary>
    private static int FusedPairs(string ptx)
    {
        HashSet<string> products = [.. Products().Matches(ptx).Select(match => match.Groups[1].Value)];
        return Additions().Matches(ptx).Count(match => products.Contains(match.Groups[1].Value) || products.Contains(match.Groups[2].Value));
    }

    /// <summary>Without target and version, and with labels numbered by appearance: ILGPU's own numbers differ from run to run.</summary>
    private static string Normalised(string ptx)
    {
        Dictionary<string, string> labels = [];
        string body = Header().Replace(ptx, "");
        return Labels().Replace(body, match =>
        {
            if (!labels.TryGetValue(match.Value, out string? label)) labels.Add(match.Value, label = $"id{labels.Count}");
            return label;
        });
    }

    [GeneratedRegex(@"mul\.f(?:32|64)\s+(%\w+),")]
    private static partial Regex Products();

    [GeneratedRegex(@"add\.f(?:32|64)\s+%\w+, (%\w+), (%\w+);")]
    private static partial Regex Additions();

    [GeneratedRegex(@"^\.(version|target).*$", RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@"L_\d+|Kernel\w*|_\d{2,}\b")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\bdouble\b")]
    private static partial Regex DoubleWord();
}
