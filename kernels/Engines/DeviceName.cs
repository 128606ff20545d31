using System.Globalization;

namespace FusionKernels.Kernels.Engines;

/// <summary>A parsed device name; <see cref="Kind"/> is null for <c>auto</c>.</summary>
internal readonly record struct DeviceName(DeviceKind? Kind, int Index)
{
    /// <summary>The forms that are understood, for messages.</summary>
    public const string Forms = "auto, host, cuda, cuda:<index>, opencl, opencl:<index> or ilgpu-cpu";

    /// <summary>Parses a name; letters of either case.</summary>
    /// <exception cref="ArgumentException">It is none of the <see cref="Forms"/>.</exception>
    /// <param name="name">The name.</param>
    /// <param name="source">Where it stands, for the message: the parameter or the environment variable.</param>
    public static DeviceName Parse(string name, string source)
    {
        ArgumentNullException.ThrowIfNull(name, source);
        string[] parts = name.ToUpperInvariant().Split(':');
        bool indexed = parts.Length == 2;
        int index = 0;
        bool legal = parts.Length == 1 || (indexed && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index));
        DeviceName? parsed = (parts[0], indexed) switch
        {
            ("AUTO", false) => new(null, 0),
            ("HOST", false) => new(DeviceKind.Host, 0),
            ("CUDA", _) => new(DeviceKind.Cuda, index),
            ("OPENCL", _) => new(DeviceKind.OpenCL, index),
            ("ILGPU-CPU", false) => new(DeviceKind.IlgpuCpu, 0),
            _ => null,
        };
        return legal && parsed is { } result ? result : throw new ArgumentException($"'{name}' names no device: use {Forms}.", source);
    }

    /// <summary>The name as the catalog writes it.</summary>
    public override string ToString() => Kind switch
    {
        null => "auto",
        DeviceKind.Host => "host",
        DeviceKind.Cuda => string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}"),
        DeviceKind.OpenCL => string.Create(CultureInfo.InvariantCulture, $"opencl:{Index}"),
        _ => "ilgpu-cpu",
    };
}
