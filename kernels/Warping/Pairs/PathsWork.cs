using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Computes a table so that paths can be traced.</summary>
/// <remarks>Paths read the thread's working memory of the pair: trace them before the thread lays out another one.</remarks>
internal struct PathsWork<T> : IPairWork<T>
    where T : unmanaged
{
    /// <summary>How to run.</summary>
    public required RunSettings Settings;

    /// <summary>Told of the table.</summary>
    public required IPathsTask<T> Task;

    /// <inheritdoc/>
    public readonly void Run<V, TCells>(in WarpingPair<T> pair, TCells cells)
        where V : unmanaged, IHostVector<V, T>
        where TCells : struct, IPairCells<T> => Task.Run(new PairPaths<V, T, TCells>(pair, cells, Settings));

    /// <inheritdoc/>
    public readonly void RunPattern<V, TCosts>(in WarpingPair<T> pair, TCosts costs)
        where V : unmanaged, IHostVector<V, T>
        where TCosts : struct, IPatternCosts<T> => Task.Run(new PatternPaths<V, T, TCosts>(pair, costs, Settings));

    /// <inheritdoc/>
    public readonly void RunOn(AcceleratorEngine engine, WarpingProblem problem, SeriesPack<T>? x, SeriesPack<T>? y, in Operand<T> costs)
    {
        IPathsTask<T> task = Task;
        WarpingAccelerator.Paths(engine, problem, x, y, costs, batch => task.Run(new DevicePaths<T>(batch)), Settings);
    }
}
