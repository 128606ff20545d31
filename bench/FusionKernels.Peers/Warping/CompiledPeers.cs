using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FusionKernels.Peers;

/// <summary>Finds the libraries that bench/peers.sh compiles from other projects' C.</summary>
internal static class CompiledPeers
{
    /// <summary>The environment variable that names their folder.</summary>
    private const string FolderVariable = "FUSIONKERNELS_PEER_LIBRARIES";

    /// <summary>What a library was compiled from and with; null where it was not compiled.</summary>
    /// <param name="library">Its name in <see cref="DllImportAttribute"/>.</param>
    public static string? VersionOf(string library) => Find(library) is { } path ? File.ReadAllText($"{path}.version") : null;

    /// <summary>Says how to get a library that was not compiled.</summary>
    /// <param name="library">Its name.</param>
    /// <param name="variable">The environment variable that names its source.</param>
    /// <exception cref="DllNotFoundException">It was not compiled.</exception>
    public static void Require(string library, string variable)
    {
        if (Find(library) is null) throw new DllNotFoundException($"not compiled: {variable} names the folder of its source for bench/peers.sh");
    }

    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(
        typeof(CompiledPeers).Assembly, (library, _, _) => Find(library) is { } path ? NativeLibrary.Load(path) : 0);

    /// <summary>The library's file; null where there is none.</summary>
    private static string? Find(string library) =>
        Environment.GetEnvironmentVariable(FolderVariable) is { } folder && Path.Combine(folder, $"lib{library}.so") is var path && File.Exists(path)
            ? path
            : null;
}
