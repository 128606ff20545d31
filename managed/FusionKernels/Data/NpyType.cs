namespace FusionKernels;

/// <summary>The element types of .npy files that are read and written, under NumPy's type codes.</summary>
public enum NpyType
{
    /// <summary>IEEE 754 binary32, <see cref="float"/>.</summary>
    F4,

    /// <summary>IEEE 754 binary64, <see cref="double"/>.</summary>
    F8,

    /// <summary>Signed 32-bit integer, <see cref="int"/>.</summary>
    I4,

    /// <summary>Signed 64-bit integer, <see cref="long"/>.</summary>
    I8,

    /// <summary>Unsigned 8-bit integer, <see cref="byte"/>.</summary>
    U1,

    /// <summary>Truth value in one byte, <see cref="bool"/>.</summary>
    B1,
}
