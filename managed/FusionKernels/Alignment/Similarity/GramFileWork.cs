using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Gram matrices as work that can be resumed.</summary>
internal static class GramFileWork
{
    /// <summary>Describes a call; reads every input once.</summary>
    public static StreamedMatrixWork Of<T>(
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
            StreamedMatrixWork.LibraryVersion,
            StreamedMatrixWork.DeviceOf(device),
            Element.NameOf<T>(),
            $"the kernel {kernel}",
            plan.Rows,
            plan.Columns,
            plan.Features,
            device.Kind == DeviceKind.Host ? 0 : blockRows,
            nonFinite.ToString(),
            hash.Text);
    }
}
