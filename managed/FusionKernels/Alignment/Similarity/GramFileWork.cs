using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Gram matrices as work that can be resumed.</summary>
internal static class GramFileWork
{
    /// <summary>Describes a call; reads every input once.</summary>
    public static StreamedMatrixWork Of<T>(
        in GramPlan plan, Kernel kernel, Kernel.Compiled compiled, Tensor<T> x, Tensor<T>? y, int blockRows, NonFiniteInput nonFinite, DeviceDescription device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (GramOp op in plan.Program.Ops)
        {
            hash.AppendData(MemoryMarshal.AsBytes<double>([(int)op.Code, op.A, op.B, op.Index, op.First, op.Features]));
        }

        StreamedMatrixWork.Append(hash, x);
        if (y is not null) StreamedMatrixWork.Append(hash, y);
        foreach (object given in compiled.Given) StreamedMatrixWork.Append(hash, (Tensor<T>)given);
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
            Convert.ToHexString(hash.GetHashAndReset()));
    }
}
