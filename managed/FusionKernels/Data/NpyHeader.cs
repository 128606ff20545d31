namespace FusionKernels;

/// <summary>What a .npy file says about its array, checked against the file's length.</summary>
public sealed class NpyHeader
{
    internal NpyHeader(NpyType elementType, bool isBigEndian, bool isFortranOrder, long[] shape, int version, long dataOffset, long elementCount)
    {
        ElementType = elementType;
        IsBigEndian = isBigEndian;
        IsFortranOrder = isFortranOrder;
        Shape = shape;
        Version = version;
        DataOffset = dataOffset;
        ElementCount = elementCount;
    }

    /// <summary>The type of the elements.</summary>
    public NpyType ElementType { get; }

    /// <summary>Whether the most significant byte of an element comes first.</summary>
    public bool IsBigEndian { get; }

    /// <summary>Whether the first index varies fastest in the file (column-major) rather than the last.</summary>
    public bool IsFortranOrder { get; }

    /// <summary>The length of each dimension; empty for a scalar array of rank 0.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The major version of the format: 1, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>The byte at which the elements start.</summary>
    public long DataOffset { get; }

    /// <summary>The number of elements, the product of <see cref="Shape"/>.</summary>
    public long ElementCount { get; }

    /// <summary>The bytes of all elements together.</summary>
    public long DataBytes => ElementCount * ElementType.Bytes;

    /// <summary>The shape and type in words, e.g. <c>float32 array of shape (3, 4)</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => $"{ElementType.Name} array of shape {NpyHeaderText.ShapeText(Shape)}";
}
