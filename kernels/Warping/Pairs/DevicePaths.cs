using FusionKernels.Kernels.Warping.Devices;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Paths of one pair whose table was computed on an accelerator.</summary>
internal sealed class DevicePaths<T> : AlignmentPaths<T>
    where T : unmanaged
{
    private readonly WarpingPathBatch<T> _batch;

    /// <summary>The only pair of a batch.</summary>
    public DevicePaths(WarpingPathBatch<T> batch)
    {
        _batch = batch;
        End = batch.End(0);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<T> LastRow => _batch.LastRow(0);

    /// <inheritdoc/>
    public override ReadOnlySpan<T> LastColumn => _batch.LastColumn(0);

    /// <inheritdoc/>
    public override long Bytes => _batch.Bytes;

    /// <inheritdoc/>
    public override void Trace(PairTrace<T> path)
    {
        (int[] x, int[] y) = _batch.Trace([new(path.Row, path.Column, path.Value)])[0];
        for (int k = x.Length - 2; k >= 0; k--) path.Continue(x[k], y[k], path.Value);
    }
}
