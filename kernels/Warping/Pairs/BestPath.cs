using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Traces the best path.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class BestPath<T> : IPathsTask<T>
    where T : unmanaged
{
    /// <summary>The path; null where there is none.</summary>
    public PairTrace<T>? Path { get; private set; }

    /// <summary>Where it ends.</summary>
    public PairEnd<T> End { get; private set; }

    /// <summary>Bytes that were held beside the path.</summary>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    public void Run(AlignmentPaths<T> paths)
    {
        End = paths.End;
        if (double.IsFinite(Element.ToDouble(End.Value)))
        {
            Path = new(End);
            paths.Trace(Path);
        }

        Bytes = paths.Bytes;
    }
}
