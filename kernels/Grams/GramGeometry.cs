using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>How squared distances are formed for one pair of operands: around a centre from norms and dot products, or directly.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct GramGeometry<T>
    where T : unmanaged
{
    /// <summary>Features.</summary>
    public int Depth;

    /// <summary>What is subtracted from every row before norms and dot products, so that data far from the origin does not cancel.</summary>
    public T* Centre;

    /// <summary>As many zeros as features: the centre of statistics that are only scaled.</summary>
    public T* Origin;

    /// <summary>Whether squared distances are summed from the differences.</summary>
    public bool Direct;

    /// <summary>Whether this kernel's distances are summed from the differences.</summary>
    public readonly bool IsDirect(GramOpCode code) => Direct && KernelFunctions.StatisticOf(code) == PairStatistic.SquaredDistance;

    /// <summary>The tiled product of one kernel's statistic.</summary>
    public readonly TiledProduct<T> Product(
        in GramInput<T> x, in GramInput<T> y, GramOpCode code, T* result, long resultStride, bool symmetric)
    {
        RowValue kind = IsDirect(code) ? RowValue.None : KernelFunctions.RowValueOf(code);
        return new()
        {
            X = x.Data,
            XRowStride = x.RowStride,
            XFeatureStride = x.FeatureStride,
            Y = y.Data,
            YRowStride = y.RowStride,
            YFeatureStride = y.FeatureStride,
            Rows = x.Rows,
            Columns = y.Rows,
            Depth = Depth,
            Centre = kind == RowValue.SquaredNorm ? Centre : null,
            Scale = Element.Of<T>(1),
            RowValues = x.ValuesOf(kind),
            ColumnValues = y.ValuesOf(kind),
            Result = result,
            ResultStride = resultStride,
            Symmetric = symmetric,
        };
    }

    /// <summary>Divides the features by the period where a kernel has one.</summary>
    public readonly void Scale(ref TiledProduct<T> product, in GramOp op)
    {
        if (KernelFunctions.StatisticOf(op.Code) != PairStatistic.SineSquared) return;
        product.Centre = Origin;
        product.Scale = Element.Of<T>(op.B);
    }
}
