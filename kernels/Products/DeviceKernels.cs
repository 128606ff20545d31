using System.Numerics;
using FusionKernels.Kernels.Attention.Devices;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Decompositions.Jacobi;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Graphs.Devices;
using FusionKernels.Kernels.Matching;
using FusionKernels.Kernels.Moving;
using FusionKernels.Kernels.Peaks;
using FusionKernels.Kernels.Warping.Devices;
using FusionKernels.Kernels.Warping.Search;
using FusionKernels.Kernels.Warping.SoftForms;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>Every device kernel of the library in every form that it is launched in.</summary>
/// <remarks>The code generation suite compiles them all for CUDA and OpenCL, and fails for a term or a function that is missing.</remarks>
internal static class DeviceKernels
{
    /// <summary>Every kernel, in float32 and in float64, the one that reads neither, and attention, which is float32 on devices.</summary>
    public static IReadOnlyList<DeviceKernel> All { get; } = [.. Of<float>(), .. Of<double>(), WarpingPatternTraceKernels.Kernel, WidenKernels.Instance.Kernel, .. AttentionKernels.All];

    private static IEnumerable<DeviceKernel> Of<T>()
        where T : unmanaged, INumber<T> =>
    [
        .. Rows<T, DotTerm<T>, Scaled<T>>(),
        .. Rows<T, DotTerm<T>, ScaledSum<T>>(),
        .. Rows<T, SumTerm<T>, Scaled<T>>(),
        .. Rows<T, NegativeTerm<T>, Scaled<T>>(),
        .. Rows<T, SumTerm<T>, ScaledSum<T>>(),
        .. Tiles<T, DotTerm<T>, Scaled<T>>(),
        .. Tiles<T, DotTerm<T>, ScaledSum<T>>(),
        .. Tiles<T, DotTerm<T>, PolynomialFunction<T>>(),
        .. Tiles<T, DotTerm<T>, SigmoidFunction<T>>(),
        .. Tiles<T, DotTerm<T>, CosineFunction<T>>(),
        .. Distances<T, SquaredDistanceFunction<T>>(),
        .. Distances<T, DistanceFunction<T>>(),
        .. Distances<T, RbfFunction<T>>(),
        .. Distances<T, ExponentialFunction<T>>(),
        .. Distances<T, Matern32Function<T>>(),
        .. Distances<T, Matern52Function<T>>(),
        .. Distances<T, RationalQuadraticFunction<T>>(),
        .. Tiles<T, AbsoluteDifferenceTerm<T>, Scaled<T>>(),
        .. Tiles<T, AbsoluteDifferenceTerm<T>, ExponentialOfSum<T>>(),
        .. Tiles<T, ChiSquaredTerm<T>, Scaled<T>>(),
        .. Tiles<T, ChiSquaredTerm<T>, ExponentialOfSum<T>>(),
        .. Tiles<T, SineSquaredTerm<T>, Scaled<T>>(),
        .. Tiles<T, SineSquaredTerm<T>, ExponentialOfSum<T>>(),
        GramKernels<T>.Instance.Program,
        .. WarpingKernelTable<T>.All,
        .. FactorKernels<T>.Instance.All,
        .. WarpingTraceTable<T>.All,
        .. SearchKernels<T>.All,
        .. SoftGradientKernels<T>.All,
        .. WarpingPatternKernels<T>.All,
        LogSumKernels<T>.Instance.Kernel,
        CentreKernels<T>.Instance.Kernel,
        .. JacobiKernels<T>.Instance.All,
        .. GraphKernels<T>.Instance.All,
        .. ElementwiseKernels.Of<T>(),
        .. MovingKernels.Of<T>(),
        .. Tiles<T, DotTerm<T>, BiasedActivation<T, IdentityActivation<T>>>(),
        .. Tiles<T, DotTerm<T>, BiasedActivation<T, ReluActivation<T>>>(),
        .. Tiles<T, DotTerm<T>, BiasedActivation<T, LeakyReluActivation<T>>>(),
        .. Tiles<T, DotTerm<T>, BiasedActivation<T, TanhActivation<T>>>(),
        .. Tiles<T, DotTerm<T>, BiasedActivation<T, SigmoidActivation<T>>>(),
        DeviceKernel.Of((Action<ArrayView<T>, T, T, int>)MultiplyAddKernel.Run, typeof(T) == typeof(double), isHot: false),
    ];

    private static IReadOnlyList<DeviceKernel> Tiles<T, TTerm, TFunction>()
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T> => ProductKernels<T, TTerm, TFunction>.Instance.OfTiles;

    /// <summary>A function of the squared distance, from dot products and from sums of squared differences.</summary>
    private static IEnumerable<DeviceKernel> Distances<T, TFunction>()
        where T : unmanaged
        where TFunction : unmanaged, ITileFunction<T> =>
        [.. Tiles<T, DotTerm<T>, TFunction>(), .. Tiles<T, SquaredDifferenceTerm<T>, OfSum<T, TFunction>>()];

    private static IEnumerable<DeviceKernel> Rows<T, TTerm, TFunction>()
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T> => [ProductKernels<T, TTerm, TFunction>.Instance.OfRows];
}
