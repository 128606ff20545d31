using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The rows of one operand in host memory with what the kernels read per row.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct GramInput<T>
    where T : unmanaged
{
    /// <summary>First element.</summary>
    public T* Data;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Elements from row to row.</summary>
    public long RowStride;

    /// <summary>Elements from feature to feature.</summary>
    public long FeatureStride;

    /// <summary>Squared norms of the centred rows; null when no kernel reads them.</summary>
    public T* SquaredNorms;

    /// <summary>Reciprocal norms of the rows; null when no kernel reads them.</summary>
    public T* InverseNorms;

    /// <summary>The values of a row value's kind; null for none.</summary>
    public readonly T* ValuesOf(RowValue value) => value switch
    {
        RowValue.SquaredNorm => SquaredNorms,
        RowValue.InverseNorm => InverseNorms,
        _ => null,
    };

    /// <summary>The same input from row <paramref name="first"/> on.</summary>
    public readonly GramInput<T> From(int first, int count) => new()
    {
        Data = Data + (first * RowStride),
        Rows = count,
        RowStride = RowStride,
        FeatureStride = FeatureStride,
        SquaredNorms = SquaredNorms is null ? null : SquaredNorms + first,
        InverseNorms = InverseNorms is null ? null : InverseNorms + first,
    };
}
