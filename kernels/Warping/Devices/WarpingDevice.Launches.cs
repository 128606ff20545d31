using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <content>The launches of one block of pairs.</content>
internal sealed partial class WarpingDevice<T>
{
    /// <summary>A block of pairs, with its lists and working memory on the device.</summary>
    private readonly struct Block
    {
        public required IWarpingLauncher<T> Launcher { get; init; }

        public required WarpingDevicePlan Plan { get; init; }

        public required DeviceSeries<T>[] X { get; init; }

        public required DeviceSeries<T>[] Y { get; init; }

        public required long Pairs { get; init; }

        public required int BandWidth { get; init; }

        public bool IsSymmetric { get; init; }

        /// <summary>Cells of the longest of the pairs from one on, since the lists begin with the longest series.</summary>
        public double CellsFrom(long pair)
        {
            int row = (int)(pair / (IsSymmetric ? X.Length + 1 : Y.Length));
            double rows = X[row].Length, columns = IsSymmetric ? rows : Y[0].Length;
            return rows * Math.Min(columns, (double)BandWidth + CellStrip<byte>.Width);
        }
    }

    /// <summary>Computes a rectangle of pairs, or a triangle with its mirror image, into a matrix.</summary>
    /// <param name="row">The first series of x.</param>
    /// <param name="rows">Series of x.</param>
    /// <param name="column">The first series of y.</param>
    /// <param name="columns">Series of y.</param>
    /// <param name="isSymmetric">Whether it is the triangle of x against itself.</param>
    /// <param name="mirrors">Whether results also go across the diagonal.</param>
    /// <param name="result">Memory of the result.</param>
    /// <param name="layout">Where the pair of series 0 and 0 would lie in it.</param>
    /// <param name="settings">How to run.</param>
    private void Run(
        int row, int rows, int column, int columns, bool isSymmetric, bool mirrors, ArrayView<T> result, in DeviceLayout layout, in RunSettings settings)
    {
        if (rows == 0 || columns == 0) return;
        DeviceSeries<T>[] x = _x.List(row, rows, out int[] rowLengths);
        DeviceSeries<T>[] y = isSymmetric ? x : _y.List(column, columns, out _);
        int[] columnLengths = isSymmetric ? rowLengths : LengthsOf(y);
        WarpingArguments<T> arguments = _arguments;
        arguments.Result = result;
        arguments.Shape.Result = layout;
        arguments.Shape.Mirrors = mirrors ? 1 : 0;
        long pairs = isSymmetric ? (long)rows * (rows + 1) / 2 : (long)rows * columns;
        RunPairs(arguments, x, y, rowLengths, columnLengths, pairs, settings);
    }

    private void RunPairs(
        WarpingArguments<T> arguments, DeviceSeries<T>[] x, DeviceSeries<T>[] y, int[] rowLengths, int[] columnLengths, long pairs, in RunSettings settings)
    {
        DeviceWindows windows = new(_problem.Window, rowLengths, columnLengths);
        bool isSymmetric = ReferenceEquals(x, y);
        int band = windows.BandWidth;
        bool mayBeSpecial = _x.Channels == 1 && !_problem.SkipsMissing && !_hasCosts;
        WarpingLoad load = Load(pairs, rowLengths[0], columnLengths[0], band, arguments.Shape.StoresTable != 0 ? 0 : arguments.Shape.RingRows);
        WarpingDevicePlan plan = WarpingDevicePlan.Choose(_engine, load, _mostTeams);
        IWarpingLauncher<T> launcher = WarpingLaunchers.Find<T>(_problem, plan.Team, windows.IsWhole, mayBeSpecial, keeps: arguments.Shape.StoresTable != 0);
        arguments.Shape.Cost = _hasCosts ? (int)DevicePointCost.Given : launcher.Cost;
        _teams = plan.Teams;
        using WarpingLists<T> lists = new(_engine, x, y, windows, settings);
        lists.Describe(ref arguments);
        using AcceleratorBuffer<T> work = _engine.Rent<T>(plan.Teams * (plan.WorkPerTeam + 2), settings.Operation);
        arguments.Work = work.View;
        (arguments.Shape.Lanes, arguments.Shape.LaneColumns, arguments.Shape.RingRows) = (plan.Lanes, plan.LaneColumns, plan.RingRows);
        arguments.Shape.State = plan.Teams * plan.WorkPerTeam;
        if (settings.Trace is { } trace)
        {
            trace.Tiling = $"{_problem.Recurrence}, "
                + (plan.Lanes > 1 ? $"a team of {plan.Lanes} threads per pair" : "a thread per pair")
                + $", {plan.LaneColumns} columns a thread";
        }

        Launch(arguments, new() { Launcher = launcher, Plan = plan, X = x, Y = y, Pairs = pairs, BandWidth = band, IsSymmetric = isSymmetric }, settings);

        // The lists go back to the pool, from where the next call may take them at once.
        _engine.Synchronize(settings.Trace);
        if (arguments.Shape.StoresTable != 0) _tableValue = Download(work, arguments.Shape.State);
    }

    private void Launch(WarpingArguments<T> arguments, in Block block, in RunSettings settings)
    {
        WarpingDevicePlan plan = block.Plan;
        for (long first = 0; first < block.Pairs;)
        {
            double cells = Parts * block.CellsFrom(first) * Math.Min(1, plan.PassesPerLaunch / (double)plan.Passes);
            long most = plan.IsWhole ? plan.Teams * plan.PairsPerTeam : plan.Teams;
            long count = (long)Math.Clamp(plan.CellsPerLaunch / cells, 1, Math.Min(most, block.Pairs - first));
            ref WarpingShape shape = ref arguments.Shape;
            (shape.FirstPair, shape.EndPair) = (first, first + count);
            shape.Teams = (int)Math.Min(plan.Teams, count);
            (shape.BorderRow, shape.BorderTeam) = plan.Team == WarpingTeamKind.Lone ? (shape.Teams, 1) : (1, plan.WorkPerTeam);
            for (int pass = 0; pass < plan.Passes; pass += Math.Min(plan.PassesPerLaunch, plan.Passes - pass))
            {
                settings.Cancellation.ThrowIfCancellationRequested();
                (shape.FirstPass, shape.EndPass) = (pass, pass + Math.Min(plan.PassesPerLaunch, plan.Passes - pass));
                int threads = shape.Teams * plan.Lanes;
                KernelConfig config = new((threads + plan.GroupSize - 1) / plan.GroupSize, plan.GroupSize);
                block.Launcher.Launch(_engine, config, arguments, settings.Trace);
                settings.Trace?.Tiles += 1;
                if (count == block.Pairs && plan.IsWhole) continue;
                _engine.Synchronize(settings.Trace);
                double done = first + (count * (shape.EndPass / (double)plan.Passes));
                settings.Progress?.Report(done / block.Pairs);
            }

            first += count;
        }
    }

    private T Download(AcceleratorBuffer<T> buffer, long offset)
    {
        T[] value = new T[1];
        _engine.Download<T>(buffer, offset, value);
        return value[0];
    }

    private static int[] LengthsOf(DeviceSeries<T>[] sorted)
    {
        List<int> lengths = [];
        foreach (DeviceSeries<T> one in sorted)
        {
            if (lengths.Count == 0 || lengths[^1] != one.Length) lengths.Add(one.Length);
        }

        return [.. lengths];
    }
}
