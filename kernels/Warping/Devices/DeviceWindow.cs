namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The window of the pairs of one shape, as a kernel reads it.</summary>
internal struct DeviceWindow
{
    /// <summary>Of a band: row i begins at column i - Below.</summary>
    public int Below;

    /// <summary>Of a band: row i ends before column i + Above.</summary>
    public int Above;

    /// <summary>Otherwise where the rows' bits begin: one bit a column, each row in whole words of 32; -1 for a band.</summary>
    public int Bits;

    /// <summary>Words of a row of bits.</summary>
    public int Words;
}
