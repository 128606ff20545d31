namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>How large a matrix a form of <see cref="JacobiEigenKernel"/> has room for in shared memory.</summary>
internal interface IJacobiOrder
{
    /// <summary>Rows and columns, an even number.</summary>
    static abstract int Order { get; }
}

/// <summary>Room for 16 x 16: 2.4 KiB in float32, 4.8 KiB in float64, so that many groups share a multiprocessor.</summary>
internal readonly struct Order16 : IJacobiOrder
{
    /// <inheritdoc/>
    public static int Order => 16;
}

/// <summary>Room for 32 x 32, a pair of blocks.</summary>
internal readonly struct Order32 : IJacobiOrder
{
    /// <inheritdoc/>
    public static int Order => 32;
}

/// <summary>Room for 48 x 48: the most that matrix and vectors leave room for within 48 KiB in float64.</summary>
internal readonly struct Order48 : IJacobiOrder
{
    /// <inheritdoc/>
    public static int Order => 48;
}

/// <summary>Room for 64 x 64: the most within 48 KiB in float32.</summary>
internal readonly struct Order64 : IJacobiOrder
{
    /// <inheritdoc/>
    public static int Order => 64;
}
