using System.Reflection;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Products;

/// <summary>One compiled form of a device kernel, as the code generation suite meets it.</summary>
/// <param name="Name">The kernel with its type arguments.</param>
/// <param name="Method">The entry point.</param>
/// <param name="IsDouble">Whether it computes in float64.</param>
/// <param name="IsHot">Whether its inner loop must stay in registers and move 16 bytes at a time.</param>
internal sealed record DeviceKernel(string Name, MethodInfo Method, bool IsDouble, bool IsHot)
{
    /// <summary>Whether it asks for local memory; a kernel that does not must not get any.</summary>
    public bool UsesLocalMemory { get; init; }

    /// <summary>Whether it is launched only on devices with warp shuffles, so never through OpenCL.</summary>
    public bool NeedsShuffles { get; init; }

    /// <summary>Whether it is launched only on devices without warp shuffles, so never through CUDA.</summary>
    public bool ReplacesShuffles { get; init; }

    /// <summary>
    /// What a compiler may count on. Two groups of 256 threads share the 65,536 registers of a CUDA multiprocessor at 128 each,
    /// so that one computes while the other waits at its barrier; 8 x 8 sums, the quads under way and their addresses fit.
    /// </summary>
    public KernelSpecialization Specialization => IsHot ? new(TiledProductKernel.GroupSize, 2) : default;

    /// <summary>The kernel behind a delegate.</summary>
    public static DeviceKernel Of(Delegate kernel, bool isDouble, bool isHot) => new(NameOf(kernel.Method), kernel.Method, isDouble, isHot);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string NameOf(MethodInfo method) =>
        $"{method.DeclaringType!.Name}<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>";

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
