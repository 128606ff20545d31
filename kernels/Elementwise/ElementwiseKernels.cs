using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>The device kernels of this family in every form that they are launched in.</summary>
internal static class ElementwiseKernels
{
    /// <summary>The kernels of one element.</summary>
    public static IEnumerable<DeviceKernel> Of<T>()
        where T : unmanaged =>
    [
        Map<T, Linear1Function<T>>(),
        Map<T, Linear2Function<T>>(),
        Map<T, ProductFunction<T>>(),
        Map<T, QuotientFunction<T>>(),
        Map<T, QuotientSlopeFunction<T>>(),
        Map<T, AffineFunction<T>>(),
        Map<T, SquareFunction<T>>(),
        Map<T, ExpFunction<T>>(),
        Map<T, LogFunction<T>>(),
        Map<T, SquareRootFunction<T>>(),
        Map<T, RootSlopeFunction<T>>(),
        Map<T, AbsoluteFunction<T>>(),
        Map<T, SignedFunction<T>>(),
        Map<T, ClampFunction<T>>(),
        Map<T, ClampSlopeFunction<T>>(),
        Map<T, ActivationFunction<T, ReluActivation<T>>>(),
        Map<T, ActivationFunction<T, LeakyReluActivation<T>>>(),
        Map<T, ActivationFunction<T, TanhActivation<T>>>(),
        Map<T, ActivationFunction<T, SigmoidActivation<T>>>(),
        Map<T, ActivationSlopeFunction<T, ReluActivation<T>>>(),
        Map<T, ActivationSlopeFunction<T, LeakyReluActivation<T>>>(),
        Map<T, ActivationSlopeFunction<T, TanhActivation<T>>>(),
        Map<T, ActivationSlopeFunction<T, SigmoidActivation<T>>>(),
        Map<T, GeluTanhFunction<T>>(),
        Map<T, GeluTanhSlopeFunction<T>>(),
        Map<T, GeluFunction<T>>(),
        Map<T, GeluSlopeFunction<T>>(),
        Map<T, LogisticLossFunction<T>>(),
        Map<T, LogisticSlopeFunction<T>>(),
        Map<T, SquaredDifferenceFunction<T>>(),
        Map<T, DifferenceSlopeFunction<T>>(),
        Map<T, SoftmaxSlopeFunction<T>>(),
        RowKernels<T, SoftmaxRule<T>>.Instance.Kernel,
        RowKernels<T, LogSoftmaxRule<T>>.Instance.Kernel,
        RowKernels<T, SoftmaxSlopeRule<T>>.Instance.Kernel,
        RowKernels<T, LogSoftmaxSlopeRule<T>>.Instance.Kernel,
        RowKernels<T, StandardizeRule<T>>.Instance.Kernel,
        RowKernels<T, StandardizeSlopeRule<T>>.Instance.Kernel,
        RowKernels<T, UnitRule<T>>.Instance.Kernel,
        RowKernels<T, UnitSlopeRule<T>>.Instance.Kernel,
        SumKernels<T, Linear1Function<T>>.Instance.Kernel,
        SumKernels<T, ProductFunction<T>>.Instance.Kernel,
        SumKernels<T, QuotientFunction<T>>.Instance.Kernel,
        SumKernels<T, SquareFunction<T>>.Instance.Kernel,
        SumKernels<T, SquaredDifferenceFunction<T>>.Instance.Kernel,
        SumKernels<T, LogisticLossFunction<T>>.Instance.Kernel,
        StepKernels<T, MomentumStep<T>>.Instance.Kernel,
        StepKernels<T, AdamStep<T>>.Instance.Kernel,
        IndexedKernels<T>.Instance.Kernel,
        DropoutKernels<T>.Instance.Kernel,
    ];

    private static DeviceKernel Map<T, TFunction>()
        where T : unmanaged
        where TFunction : unmanaged, IElementFunction<T> => MapKernels<T, TFunction>.Instance.Kernel;
}
