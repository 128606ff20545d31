namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Where one series lies on a device.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct DeviceSeries<T>
    where T : unmanaged
{
    /// <summary>The first channel of its first sample in the memory of the series.</summary>
    public long Start;

    /// <summary>Its first step among the values per step.</summary>
    public int FirstStep;

    /// <summary>Samples.</summary>
    public int Length;

    /// <summary>The same as an element, which no device need convert.</summary>
    public T LengthValue;

    /// <summary>Its row or column of the result.</summary>
    public int Index;

    /// <summary>The number of its length among the different lengths of its set.</summary>
    public int LengthClass;
}
