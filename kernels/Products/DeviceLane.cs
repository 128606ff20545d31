using System.Diagnostics.CodeAnalysis;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>The one place that says which lane a device thread computes with.</summary>
internal static class DeviceLane
{
    private const string Guarded = "Launchers of kernels run on accelerators alone, which Accelerators.AreSupported keeps out of programs without code at run time.";

    /// <summary>The lane of an element.</summary>
    public static Type Of(Type element) => element == typeof(float) ? typeof(Lane32)
        : element == typeof(double) ? typeof(Lane64)
        : throw new NotSupportedException($"device kernels compute in float32 or float64, not in {element.Name}");

    /// <summary>An instance of a class whose first type argument is the lane of the second.</summary>
    /// <typeparam name="TBase">What the instance is known as where the lane is not.</typeparam>
    /// <param name="definition">The open generic class.</param>
    /// <param name="element">The element.</param>
    /// <param name="others">The type arguments behind the element.</param>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Guarded)]
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = Guarded)]
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = Guarded)]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Guarded)]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Guarded)]
    public static TBase Create<TBase>(Type definition, Type element, params Type[] others) =>
        (TBase)Activator.CreateInstance(definition.MakeGenericType([Of(element), element, .. others]))!;
}
