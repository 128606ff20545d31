using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>All pairs with closed ends: one series of x against as many of y as a vector has lanes.</summary>
/// <remarks>
/// Series are taken in the order of their lengths, so that those in the lanes of one vector differ little. A group of lanes and a
/// few series of x are a piece; each worker packs the group, keeps one row of cells, and nothing else.
/// </remarks>
internal sealed unsafe partial class WarpingLanes<V, T, TCost, TRule>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
    where TRule : unmanaged, IWarpingRule<T>
{
    private readonly WarpingProblem _problem;
    private readonly RunSettings _settings;
    private readonly TRule _rule;
    private readonly bool _isSymmetric;
    private readonly bool _isWindowed;
    private readonly SeriesPack<T>[] _x;
    private readonly SeriesPack<T>[] _y;
    private readonly LaneOrder _rows;
    private readonly LaneOrder _columns;
    private readonly Operand<T> _result;

    /// <summary>Pairs side by side: two vectors.</summary>
    private static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * V.Count;
    }

    /// <summary>The pairs of a call.</summary>
    public WarpingLanes(in WarpingCall<T> call, TRule rule)
    {
        (_problem, _settings, _rule) = (call.Plan.Problem, call.Settings, rule);
        _isSymmetric = call.Plan.IsSymmetric;
        _isWindowed = _problem.Window != WarpingWindow.None;

        // Lanes along the side that fills them better, where it is all the same.
        bool isExchanged = !_isSymmetric && _problem.IsSymmetric && Filled(call.X[0].Count) > Filled(call.Y[0].Count);
        (_x, _y, _result) = isExchanged ? (call.Y, call.X, call.Result.Transposed) : (call.X, call.Y, call.Result);
        _rows = LaneOrder.Of(_x, !_problem.SkipsMissing);
        _columns = _isSymmetric ? _rows : LaneOrder.Of(_y, !_problem.SkipsMissing);
    }

    /// <summary>Computes the pairs and returns the number of pieces.</summary>
    public int Run(HostEngine engine)
    {
        int threads = _settings.Threads == 0 ? engine.Threads : _settings.Threads;
        LanePiece[] pieces = new LanePieces(_rows.Lengths, _columns.Lengths, _isSymmetric, Lanes).Split(threads, _x.Length);
        PieceJob job = new() { Owner = this, Pieces = pieces, Values = engine.Resolve(_result, _settings.Operation), Progress = new(_settings, pieces.Length) };
        engine.Run(ref job, pieces.Length, threads);
        _settings.Cancellation.ThrowIfCancellationRequested();
        return pieces.Length;
    }

    /// <summary>The fraction of the lanes that so many series fill.</summary>
    private static double Filled(int series) => series / (Math.Ceiling(series / (double)Lanes) * Lanes);

    private void Compute(in LanePiece piece, T* result)
    {
        LaneGroup<T> group = Allocate(piece);
        int values = (piece.EndRow - piece.FirstRow) * Lanes;
        for (int part = 0; part < _x.Length; part++)
        {
            Pack(group, piece, _y[part]);
            int prepared = 0;
            for (int row = piece.FirstRow; row < piece.EndRow; row++)
            {
                int series = _rows.Series[row], length = _x[part].Lengths[series];
                if (prepared != length)
                {
                    if (_isWindowed) FillWindow(group, length);
                    if (TRule.ReadsLag) FillLags(group, length);
                    prepared = length;
                }

                Align(group, _x[part], series, group.Values + ((part == 0 ? 0 : values) + ((row - piece.FirstRow) * Lanes)));
            }

            if (part > 0)
            {
                for (int i = 0; i < values; i += V.Count) V.Store(V.Load(group.Values + i) + V.Load(group.Values + values + i), group.Values + i);
            }
        }

        for (int row = piece.FirstRow; row < piece.EndRow; row++) Finish(group, piece, row, group.Values + ((row - piece.FirstRow) * Lanes), result);
    }

    /// <summary>Stores the results of one row of pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(in LaneGroup<T> group, in LanePiece piece, int row, T* values, T* result)
    {
        int x = _rows.Series[row], length = _rows.Lengths[row];
        int lanes = piece.EndColumn - piece.Column;
        for (int lane = 0; lane < lanes; lane++)
        {
            int position = piece.Column + lane;
            if (_isSymmetric && position < row) continue;
            T value = Lane(WarpingFinishing.Apply<V, T>(_problem.Finish, V.Broadcast(values[lane]), length, group.Lengths[lane]));
            if (_rows.IsMissing(row) || _columns.IsMissing(position)) value = Element.Of<T>(double.NaN);
            int y = _columns.Series[position];
            result[(x * _result.RowStride) + (y * _result.ColumnStride)] = value;
            if (_isSymmetric) result[(y * _result.RowStride) + (x * _result.ColumnStride)] = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Lane(V vector)
    {
        T value;
        V.StorePartial(vector, &value, 1);
        return value;
    }

    private struct PieceJob : IParallelJob
    {
        public WarpingLanes<V, T, TCost, TRule> Owner;
        public LanePiece[] Pieces;
        public T* Values;
        public BlockProgress Progress;

        public readonly void Run(int piece)
        {
            if (Progress.IsCancelled) return;
            Owner.Compute(Pieces[piece], Values);
            Progress.Advance();
        }
    }
}
