namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The value of one soft alignment and its derivatives.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Value">The table's value, in units of ln 2.</param>
/// <param name="X">Of the value times the problem's unit with respect to x: samples x channels.</param>
/// <param name="Y">The same with respect to y.</param>
internal sealed record SoftGradient<T>(double Value, T[] X, T[] Y)
    where T : unmanaged;
