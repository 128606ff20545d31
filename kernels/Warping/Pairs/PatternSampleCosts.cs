using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Point costs of samples.</summary>
internal readonly unsafe struct PatternSampleCosts<T, TCost, TForm>(in WarpingPair<T> pair) : IPatternCosts<T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
    where TForm : struct, IPairSampleForm
{
    private readonly T* _x = pair.X(0);
    private readonly T* _y = pair.Y(0);
    private readonly nint _xStride = pair.RowStride;
    private readonly nint _yStride = pair.ColumnStride;
    private readonly nint _xEnd = (nint)pair.Channels * pair.RowStride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Costs<V>(nint row, nint column)
        where V : unmanaged, IHostVector<V, T>
    {
        T* x = _x - row, y = _y + column;
        V sum = TCost.First(V.Broadcast(*x), V.Load(y));
        if (TForm.SkipsMissing) sum = PresentSamples.Term<V, T>(sum);
        for (nint channel = _xStride; !TForm.IsUnivariate && channel < _xEnd; channel += _xStride)
        {
            y += _yStride;
            V sample = V.Broadcast(x[channel]);
            if (TForm.SkipsMissing) sum += PresentSamples.Term<V, T>(TCost.First(sample, V.Load(y)));
            else sum = TCost.Add(sum, sample, V.Load(y));
        }

        return TCost.Finish(sum);
    }
}
