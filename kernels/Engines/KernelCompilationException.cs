namespace FusionKernels;

/// <summary>A device kernel could not be compiled.</summary>
/// <param name="kernel">The kernel's name.</param>
/// <param name="backend">The back end, e.g. <c>PTX</c> or <c>OpenCL</c>.</param>
/// <param name="device">The device's name.</param>
/// <param name="compilerText">What the compiler said.</param>
/// <param name="innerException">The compiler's error, or null.</param>
public sealed class KernelCompilationException(string kernel, string backend, string device, string compilerText, Exception? innerException = null)
    : FusionKernelsException($"{kernel} did not compile for {backend} on {device}: {compilerText}", kernel, device, innerException)
{
    /// <summary>The kernel's name.</summary>
    public string Kernel { get; } = kernel;

    /// <summary>The back end, e.g. <c>PTX</c> or <c>OpenCL</c>.</summary>
    public string Backend { get; } = backend;

    /// <summary>What the compiler said.</summary>
    public string CompilerText { get; } = compilerText;
}
