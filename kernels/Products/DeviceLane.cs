using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>The one place that says which lane a device thread computes with.</summary>
internal static class DeviceLane
{
    /// <summary>The lane of an element.</summary>
    public static Type Of(Type element) => element == typeof(float) ? typeof(Lane32)
        : element == typeof(double) ? typeof(Lane64)
        : throw new NotSupportedException($"device kernels compute in float32 or float64, not in {element.Name}");

    /// <summary>An instance of a class whose first type argument is the lane of the second.</summary>
    /// <typeparam name="TBase">What the instance is known as where the lane is not.</typeparam>
    /// <param name="definition">The open generic class.</param>
    /// <param name="element">The element.</param>
    /// <param name="others">The type arguments behind the element.</param>
    public static TBase Create<TBase>(Type definition, Type element, params Type[] others) =>
        (TBase)Activator.CreateInstance(definition.MakeGenericType([Of(element), element, .. others]))!;
}
