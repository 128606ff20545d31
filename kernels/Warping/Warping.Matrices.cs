using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping;

/// <content>Series of equal lengths and one channel, as the rows of matrices that may live on a device.</content>
internal static unsafe partial class Warping
{
    /// <summary>As <see cref="Distances{T}(Engine, WarpingProblem, SeriesPack{T}, SeriesPack{T}, MatrixRef{T}, in RunSettings)"/>, of the rows of matrices.</summary>
    /// <remarks>An accelerator reads series in its own memory where they are, if the problem reads series as they are; a host and other problems get a copy.</remarks>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="x">Series x samples, at least one of each.</param>
    /// <param name="y">Series x samples; the default for those of x.</param>
    /// <param name="result">Receives the series of x x the series of y.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Distances<T>(Engine engine, WarpingProblem problem, MatrixRef<T> x, MatrixRef<T> y, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged
    {
        bool isSelf = y.IsAbsent;
        int columns = isSelf ? x.Rows : y.Rows;
        if (result.Rows != x.Rows || result.Columns != columns)
        {
            throw new ArgumentException($"{settings.Operation}: the result is {result.Rows} x {result.Columns}, {x.Rows} series against {columns} need {x.Rows} x {columns}");
        }

        if (x.Rows == 0 || columns == 0) return;
        if (x.Columns == 0 || (!isSelf && y.Columns == 0))
        {
            throw new ArgumentException($"{settings.Operation}: the series have no samples: each needs at least one");
        }

        fixed (T* px = x, py = y, pr = result)
        {
            WarpingMatrixCall<T> call = new() { Problem = problem, X = x.At(px), Y = y.At(py), Result = result.At(pr), Settings = settings };
            engine.Execute(ref call);
        }
    }
}
