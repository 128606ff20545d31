using System.Reflection;

namespace FusionKernels.Tests.HardUse;

/// <summary>Names that a caller knows: type and method of what the library shows, as errors, reports and telemetry give them.</summary>
internal static class PublicNames
{
    private static readonly HashSet<string> s_all =
    [
        .. typeof(ComputeDevice).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => $"{method.DeclaringType!.Name.Split('`')[0]}.{method.Name}"),
    ];

    /// <summary>Whether a name is one of them.</summary>
    public static bool Contains(string name) => s_all.Contains(name);
}
