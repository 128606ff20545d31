namespace FusionKernels;

/// <summary>What each <see cref="NpyType"/> is called in a header and how wide it is.</summary>
internal static class NpyTypes
{
    /// <summary>The supported types as they are listed in messages.</summary>
    public const string Supported = "one of f4, f8, i4, i8, u1, b1";

    /// <summary>The type that holds <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No type holds it.</exception>
    public static NpyType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            return NpyType.F4;
        if (typeof(T) == typeof(double))
            return NpyType.F8;
        if (typeof(T) == typeof(int))
            return NpyType.I4;
        if (typeof(T) == typeof(long))
            return NpyType.I8;
        if (typeof(T) == typeof(byte))
            return NpyType.U1;
        if (typeof(T) == typeof(bool))
            return NpyType.B1;
        throw new NotSupportedException($".npy files hold float, double, int, long, byte or bool here, not {typeof(T).Name}; convert the elements first");
    }

    /// <summary>The type of a code without its byte-order mark, e.g. <c>f4</c>; null when it is none of ours.</summary>
    public static NpyType? FromCode(ReadOnlySpan<char> code) => code switch
    {
        "f4" => NpyType.F4,
        "f8" => NpyType.F8,
        "i4" => NpyType.I4,
        "i8" => NpyType.I8,
        "u1" => NpyType.U1,
        "b1" => NpyType.B1,
        _ => null,
    };

    extension(NpyType type)
    {
        /// <summary>The bytes of one element.</summary>
        public int Bytes => type switch
        {
            NpyType.F8 or NpyType.I8 => 8,
            NpyType.F4 or NpyType.I4 => 4,
            _ => 1,
        };

        /// <summary>The type as a header written on this machine names it: with its byte order, e.g. <c>&lt;f4</c>.</summary>
        public string NativeDescriptor => Descriptor(type, !BitConverter.IsLittleEndian);

        /// <summary>The type in words, as NumPy says it.</summary>
        public string Name => type switch
        {
            NpyType.F4 => "float32",
            NpyType.F8 => "float64",
            NpyType.I4 => "int32",
            NpyType.I8 => "int64",
            NpyType.U1 => "uint8",
            _ => "bool",
        };
    }

    /// <summary>The header's text for a type in a byte order.</summary>
    public static string Descriptor(NpyType type, bool bigEndian) => type switch
    {
        NpyType.U1 => "|u1",
        NpyType.B1 => "|b1",
        _ => (bigEndian ? '>' : '<') + type switch
        {
            NpyType.F4 => "f4",
            NpyType.F8 => "f8",
            NpyType.I4 => "i4",
            _ => "i8",
        },
    };
}
