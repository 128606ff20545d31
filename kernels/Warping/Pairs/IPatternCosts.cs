using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Point costs of consecutive columns of one row.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IPatternCosts<T>
    where T : unmanaged
{
    /// <summary>The costs of as many columns as there are lanes; those beyond the table are undefined.</summary>
    V Costs<V>(nint row, nint column)
        where V : unmanaged, IHostVector<V, T>;
}
