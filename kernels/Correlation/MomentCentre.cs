using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The means of some rows of a view, and powers of two that bring their largest deviations to about 1.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct MomentCentre<T> : IParallelJob
    where T : unmanaged
{
    /// <summary>Columns of a piece: a cache line of float32.</summary>
    private const int PieceColumns = 16;

    private readonly Operand<T> _view;
    private readonly long _first;
    private readonly int _count;
    private readonly T* _centre;
    private readonly T* _scale;

    private MomentCentre(in Operand<T> view, long first, int count, T* centre, T* scale)
    {
        (_view, _first, _count) = (view, first, count);
        _centre = centre;
        _scale = scale;
    }

    /// <summary>Takes the means of all views' columns.</summary>
    public static void Choose(HostEngine host, Operand<T>[] views, long first, int count, T* centre, T* scale, int threads)
    {
        int offset = 0;
        foreach (Operand<T> view in views)
        {
            MomentCentre<T> job = new(view, first, count, centre + offset, scale + offset);
            host.Run(ref job, (view.Columns + PieceColumns - 1) / PieceColumns, threads);
            offset += view.Columns;
        }
    }

    /// <summary>The power of two that brings a magnitude to about 1; 1 for 0.</summary>
    public static T PowerOfTwo(double magnitude)
    {
        if (!(magnitude > 0)) return Element.Of<T>(1);
        int most = typeof(T) == typeof(float) ? 120 : 1000;
        return Element.Of<T>(Math.ScaleB(1, -Math.Clamp(Math.ILogB(magnitude), -most, most)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int piece)
    {
        int start = piece * PieceColumns, columns = Math.Min(PieceColumns, _view.Columns - start);
        T* values = _view.Pointer + (_first * _view.RowStride) + (start * _view.ColumnStride);
        double* sum = stackalloc double[PieceColumns], least = stackalloc double[PieceColumns], most = stackalloc double[PieceColumns];
        for (int c = 0; c < columns; c++) sum[c] = least[c] = most[c] = 0;
        for (long r = 0; r < _count; r++)
        {
            T* row = values + (r * _view.RowStride);
            for (int c = 0; c < columns; c++)
            {
                double deviation = Element.ToDouble(row[c * _view.ColumnStride]) - Element.ToDouble(values[c * _view.ColumnStride]);
                sum[c] += deviation;
                least[c] = Math.Min(least[c], deviation);
                most[c] = Math.Max(most[c], deviation);
            }
        }

        for (int c = 0; c < columns; c++)
        {
            _centre[start + c] = Element.Of<T>(Element.ToDouble(values[c * _view.ColumnStride]) + (sum[c] / _count));
            _scale[start + c] = PowerOfTwo(most[c] - least[c]);
        }
    }
}
