using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Devices;

/// <content>Paths of pairs, in batches.</content>
internal sealed partial class WarpingDevice<T>
{
    private bool _isTight;

    /// <summary>Computes the tables of all pairs, a batch at a time, and lets each batch's paths be followed.</summary>
    /// <remarks>A batch that finds no room is halved; one pair alone keeps borders in place of its table.</remarks>
    /// <param name="columns">Where costs are given, their columns; else -1.</param>
    /// <param name="visit">Told of every batch while its tables are at hand.</param>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for the borders of one pair.</exception>
    public void Paths(int columns, Action<WarpingPathBatch<T>> visit)
    {
        DeviceSeries<T>[] x = _x.List(0, _x.Lengths.Length, out int[] rowLengths);
        DeviceSeries<T>[] y = _hasCosts
            ? [new() { Length = columns, LengthValue = Element.Of<T>(columns) }]
            : _y.List(0, _y.Lengths.Length, out _);
        DeviceWindows windows = new(_problem.Window, rowLengths, LengthsOf(y));
        using WarpingLists<T> lists = new(_engine, x, y, windows, _settings);
        WarpingArguments<T> arguments = _arguments;
        lists.Describe(ref arguments);
        bool mayBeSpecial = _x.Channels == 1 && !_problem.SkipsMissing && !_hasCosts;
        long pairs = (long)x.Length * y.Length;
        for (long first = 0; first < pairs;)
        {
            WarpingLoad load = Load(pairs - first, rowLengths[0], y[0].Length, windows.BandWidth, arguments.Shape.RingRows);
            WarpingPathPlan plan = WarpingPathPlan.Choose(_engine, load, arguments.Shape.PatternSteps, _mostTeams, _isTight);
            IWarpingLauncher<T> launcher = WarpingLaunchers.Find<T>(_problem, plan.Launches.Team, windows.IsWhole, mayBeSpecial, keeps: true);
            arguments.Shape.Cost = _hasCosts ? (int)DevicePointCost.Given : launcher.Cost;
            _teams = plan.Launches.Teams;
            WarpingPathBatch<T>? batch = null;
            try
            {
                batch = new(_engine, launcher, _problem, plan, arguments, x, y, first, IsPattern || plan.Launches.Team == WarpingTeamKind.Lone, _settings);
            }
            catch (DeviceOutOfMemoryException full)
            {
                if (_teams <= 1 && _isTight) throw OutOfMemory(full, $"the borders of one pair of {plan.Rows} x {plan.Columns} samples");
                _isTight = _teams <= 1;
                _mostTeams = Math.Max(1, _teams / 2);
                _settings.Trace?.Retries += 1;
                continue;
            }

            using (batch)
            {
                visit(batch);
                first += batch.Count;
            }

            _settings.Progress?.Report(first / (double)pairs);
        }
    }

    private WarpingLoad Load(long pairs, int rows, int columns, int bandWidth, int ringRows) => new()
    {
        Pairs = pairs,
        Rows = rows,
        Columns = columns,
        Parts = Parts,
        FlopsPerCell = _flopsPerCell,
        BandWidth = bandWidth,
        ElementBytes = Element.SizeOf<T>(),
        IsPattern = IsPattern,
        RingRows = ringRows,
        LeastLaneColumns = _arguments.Shape.LeastLaneColumns,
    };
}
