using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Engines;

/// <summary>The seam between a program that has the host alone and one that can drive accelerators: what is behind it generates code at run time.</summary>
internal static class Accelerators
{
    /// <summary>The switch of the runtime's configuration that decides.</summary>
    public const string Switch = "FusionKernels.Accelerators";

    /// <summary>Why there are none where they are not supported.</summary>
    public const string Refusal = $"this program was compiled ahead of time or trimmed, or switched accelerators off ({Switch}); their kernels are compiled at run time, from the library's own intermediate language";

    /// <summary>What callers of what is behind the seam are told.</summary>
    public const string Requirement = "Kernels of accelerators are compiled at run time from the library's intermediate language. Host-only programs open the host by ComputeDevice.OpenHost.";

    /// <summary>Whether this program can drive accelerators; a constant to the compiler and to the trimmer, which then leave ILGPU out.</summary>
    [FeatureSwitchDefinition(Switch)]
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    public static bool AreSupported => RuntimeFeature.IsDynamicCodeSupported && (!AppContext.TryGetSwitch(Switch, out bool isOn) || isOn);
}
