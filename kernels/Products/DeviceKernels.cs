namespace FusionKernels.Kernels.Products;

/// <summary>Every device kernel of the library in every form that it is launched in.</summary>
/// <remarks>The code generation suite compiles them all for CUDA and OpenCL, and fails for a term or a function that is missing.</remarks>
internal static class DeviceKernels
{
    /// <summary>Every kernel.</summary>
    public static IReadOnlyList<DeviceKernel> All { get; } =
    [
        .. Product(typeof(DotTerm<>), typeof(Scaled<>)),
        .. Product(typeof(DotTerm<>), typeof(ScaledSum<>)),
        .. Product(typeof(SumTerm<>), typeof(Scaled<>)),
        .. Product(typeof(SumTerm<>), typeof(ScaledSum<>)),
    ];

    /// <summary>The kernels of a term and a function, each generic in its element, in float32 and in float64.</summary>
    private static IEnumerable<DeviceKernel> Product(Type term, Type function) =>
        [.. Product<float>(term, function), .. Product<double>(term, function)];

    private static IEnumerable<DeviceKernel> Product<T>(Type term, Type function)
        where T : unmanaged =>
        DeviceLane.Create<IProductKernels>(
            typeof(LaneProductKernels<,,,>), typeof(T), term.MakeGenericType(typeof(T)), function.MakeGenericType(typeof(T))).All;
}
