namespace FusionKernels.Kernels.Grams;

/// <summary>The rows of one operand in host memory.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="data">First element.</param>
/// <param name="rows">Rows.</param>
/// <param name="rowStride">Elements from row to row.</param>
/// <param name="featureStride">Elements from feature to feature.</param>
internal readonly unsafe struct GramInput<T>(T* data, int rows, long rowStride, long featureStride)
    where T : unmanaged
{
    /// <summary>First element.</summary>
    public T* Data { get; } = data;

    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Elements from row to row.</summary>
    public long RowStride { get; } = rowStride;

    /// <summary>Elements from feature to feature.</summary>
    public long FeatureStride { get; } = featureStride;

    /// <summary>The same rows from feature <paramref name="first"/> on.</summary>
    public GramInput<T> FromFeature(int first) => new(Data + (first * FeatureStride), Rows, RowStride, FeatureStride);

    /// <summary>Some of the rows.</summary>
    public GramInput<T> RowRange(int first, int count) => new(Data + (first * RowStride), count, RowStride, FeatureStride);

    /// <summary>Whether both are the same rows.</summary>
    public bool Is(in GramInput<T> other) => Data == other.Data && Rows == other.Rows && RowStride == other.RowStride;
}
