using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Moving;

/// <summary>Sizes of one call of the family, checked; pure.</summary>
/// <param name="Rows">Series.</param>
/// <param name="Samples">Samples of a series.</param>
/// <param name="Window">Samples of a window.</param>
internal readonly record struct MovingPlan(int Rows, int Samples, int Window)
{
    /// <summary>Windows of a series: results of a row.</summary>
    public int Windows => Samples - Window + 1;

    /// <summary>Subtractions, multiplications and additions.</summary>
    /// <param name="isAroundMean">Whether the mean is computed first.</param>
    public double Flops(bool isAroundMean) => (isAroundMean ? 7.0 : 3.0) * Rows * Windows * Window;

    /// <summary>Bytes of operand and result.</summary>
    public long Bytes(int elementBytes) => (long)elementBytes * Rows * (Samples + Windows);

    /// <summary>Sizes of one call.</summary>
    /// <exception cref="ArgumentException">Shapes do not fit, or samples are not consecutive.</exception>
    public static MovingPlan Of<T>(MatrixRef<T> series, int window, MatrixRef<T> result, string operation)
        where T : unmanaged
    {
        MovingPlan plan = new(series.Rows, series.Columns, window);
        if (window < 1 || plan.Windows < 1 || result.Rows != plan.Rows || result.Columns != plan.Windows)
        {
            throw new ArgumentException($"{operation}: windows of {window} samples over {series.Rows} x {series.Columns} do not give {result.Rows} x {result.Columns}");
        }

        if ((series.Columns > 1 && series.ColumnStride != 1) || (result.Columns > 1 && result.ColumnStride != 1))
        {
            throw new ArgumentException($"{operation}: the samples of a row are not consecutive");
        }

        return plan;
    }
}
