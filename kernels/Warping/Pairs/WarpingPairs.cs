using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Lanes;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>All pairs one by one, each on one thread: what does not fit the lanes of a vector.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class WarpingPairs<T>
    where T : unmanaged
{
    private readonly HostEngine _engine;
    private readonly WarpingCall<T> _call;
    private readonly LaneOrder _rows;
    private readonly LaneOrder _columns;

    /// <summary>The pairs of a call.</summary>
    public WarpingPairs(HostEngine engine, in WarpingCall<T> call)
    {
        (_engine, _call) = (engine, call);
        bool seeksMissing = !call.Plan.Problem.SkipsMissing;
        _rows = LaneOrder.Of(call.X, seeksMissing);
        _columns = LaneOrder.Of(call.Y, seeksMissing);
    }

    /// <summary>Computes the pairs and returns the number of pieces: one for each series of x.</summary>
    public int Run()
    {
        int pieces = _rows.Count;
        PieceJob job = new() { Owner = this, Values = _engine.Resolve(_call.Result, _call.Settings.Operation), Progress = new(_call.Settings, pieces) };
        _engine.Run(ref job, pieces, _call.Settings.Threads);
        _call.Settings.Cancellation.ThrowIfCancellationRequested();
        return pieces;
    }

    /// <summary>One row of pairs; where pairs are computed once, the lower index is x.</summary>
    private void Compute(int row, T* result, BlockProgress progress)
    {
        Operand<T> layout = _call.Result;
        int x = _rows.Series[row];
        for (int column = 0; column < _columns.Count && !progress.IsCancelled; column++)
        {
            int y = _columns.Series[column];
            if (_call.Plan.IsSymmetric && y < x) continue;
            T value = _rows.IsMissing(row) || _columns.IsMissing(column) ? Element.Of<T>(double.NaN) : Distance(x, y);
            result[(x * layout.RowStride) + (y * layout.ColumnStride)] = value;
            if (_call.Plan.IsSymmetric) result[(y * layout.RowStride) + (x * layout.ColumnStride)] = value;
        }
    }

    private T Distance(int x, int y)
    {
        WarpingProblem problem = _call.Plan.Problem;
        double sum = 0;
        RunSettings settings = _call.Settings with { Progress = null, Trace = null };
        for (int part = 0; part < _call.X.Length; part++)
        {
            sum += Element.ToDouble(PairHost.EndValue(_engine.Width, problem, _call.X[part], x, _call.Y[part], y, settings));
        }

        return Lanes1<T>.Sum(WarpingFinishing.Apply<Lanes1<T>, T>(
            problem.Finish, new(Element.Of<T>(sum)), _call.X[0].Lengths[x], _call.Y[0].Lengths[y]));
    }

    private struct PieceJob : IParallelJob
    {
        public WarpingPairs<T> Owner;
        public T* Values;
        public BlockProgress Progress;

        public readonly void Run(int piece)
        {
            if (Progress.IsCancelled) return;

            // The longest first: what is left at the end is short.
            Owner.Compute(Owner._rows.Count - 1 - piece, Values, Progress);
            Progress.Advance();
        }
    }
}
