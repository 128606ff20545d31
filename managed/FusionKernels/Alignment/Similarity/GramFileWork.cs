using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Everything that the bytes of a Gram file depend on.</summary>
/// <param name="Version">The library's version.</param>
/// <param name="Device">The device with its SIMD width or driver.</param>
/// <param name="Precision">The element.</param>
/// <param name="Kernel">The kernel in words.</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Features">Features of a row.</param>
/// <param name="BlockRows">Rows of a block on an accelerator, which chooses kernels by the size of the work; 0 on the host, where bits do not depend on it.</param>
/// <param name="NonFinite">What becomes of NaN and infinities.</param>
/// <param name="Inputs">SHA-256 of the kernel's steps and of every input element.</param>
internal sealed record GramFileWork(
    string Version, string Device, string Precision, string Kernel, int Rows, int Columns, int Features, int BlockRows, string NonFinite, string Inputs)
{
    /// <summary>Describes a call; reads every input once.</summary>
    public static GramFileWork Of<T>(
        in GramPlan plan,
        Kernel kernel,
        Kernel.Compiled compiled,
        Action<InputHash> hashInputs,
        int blockRows,
        NonFiniteInput nonFinite,
        DeviceDescription device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using InputHash hash = new();
        foreach (GramOp op in plan.Program.Ops) hash.Append<double>([(int)op.Code, op.A, op.B, op.Index, op.First, op.Features]);
        hashInputs(hash);
        foreach (object given in compiled.Given) hash.Append((Tensor<T>)given);
        return new(
            typeof(GramFileWork).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            $"{device.Name} {device.Model} ({device.Platform})",
            Element.NameOf<T>(),
            kernel.ToString(),
            plan.Rows,
            plan.Columns,
            plan.Features,
            device.Kind == DeviceKind.Host ? 0 : blockRows,
            nonFinite.ToString(),
            hash.Text);
    }

    /// <summary>What differs from other work, in words; null when nothing does.</summary>
    public string? DifferenceFrom(GramFileWork other)
    {
        if (other == this) return null;
        if (other.Kernel != Kernel) return $"it was of the kernel {other.Kernel}";
        if ((other.Rows, other.Columns, other.Features) != (Rows, Columns, Features)) return $"it was {other.Rows} x {other.Columns} of {other.Features} features";
        if (other.Precision != Precision) return $"it was in {other.Precision}";
        if (other.NonFinite != NonFinite) return $"it treated NaN otherwise ({other.NonFinite})";
        if (other.BlockRows != BlockRows) return $"it was in blocks of {other.BlockRows} rows";
        if (other.Inputs != Inputs) return "it was of other inputs";
        return other.Device != Device ? $"it was computed on {other.Device}" : $"it was written by version {other.Version}";
    }
}
