namespace FusionKernels.Cli;

/// <summary>The methods of <c>align</c>.</summary>
internal static class AlignMethods
{
    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<IAlignMethod> All { get; } = [new DeepCcaMethod(), new ContrastiveMethod(), new AutoencoderMethod(), new AdversarialMethod()];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(method => method.Name)];

    /// <summary>A method by its name.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static IAlignMethod Named(string name) => All.FirstOrDefault(method => method.Name == name)
        ?? throw new UsageException($"there is no method '{name}'; there are {string.Join(", ", Names)}{NearestName.Hint(name, Names)}");

    /// <summary>One of the modes of a method.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static TMode Mode<TMode>(string? name)
        where TMode : struct, Enum
    {
        if (name is null) return default;
        string[] names = [.. Enum.GetNames<TMode>().Select(one => one.ToLowerInvariant())];
        int at = Array.IndexOf(names, name);
        return at >= 0 ? Enum.GetValues<TMode>()[at] : throw new UsageException($"--mode {name}: there are {string.Join(", ", names)}{NearestName.Hint(name, names)}");
    }

    /// <summary>Says that a method has no modes.</summary>
    /// <exception cref="UsageException">A mode was named.</exception>
    public static void RefuseMode(IAlignMethod method, AlignSettings settings)
    {
        if (settings.Mode is { } mode) throw new UsageException($"--mode {mode}: {method.Name} has no modes");
    }
}
