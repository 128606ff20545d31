namespace FusionKernels.Kernels.Engines;

/// <summary>A kernel wrote outside its buffer; seen only with <see cref="AcceleratorEngine.Guards"/> on.</summary>
/// <param name="operation">Who had asked for the buffer.</param>
/// <param name="device">The device.</param>
internal sealed class GuardViolationException(string operation, string device)
    : FusionKernelsException($"{operation} on {device}: a kernel wrote outside a buffer of this operation", operation, device);
