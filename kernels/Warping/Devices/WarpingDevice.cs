using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Pairs of series on an accelerator: what all launches of a problem share, and the launches of one block of pairs. On the engine's lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed partial class WarpingDevice<T> : IDisposable
    where T : unmanaged
{
    private readonly AcceleratorEngine _engine;
    private readonly WarpingProblem _problem;
    private readonly RunSettings _settings;
    private readonly DeviceSet<T> _x;
    private readonly DeviceSet<T> _y;
    private readonly bool _hasCosts;
    private readonly double _flopsPerCell;
    private readonly List<IDisposable> _owned = [];
    private WarpingArguments<T> _arguments;
    private int _teams;
    private int _mostTeams = int.MaxValue;

    /// <summary>Brings what the kernels read beside the series to the device.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="x">The series of the rows, prepared; or given costs.</param>
    /// <param name="y">The series of the columns; x again where it stands against itself.</param>
    /// <param name="columns">Where costs are given, their columns; else -1.</param>
    /// <param name="settings">How to run.</param>
    public WarpingDevice(AcceleratorEngine engine, WarpingProblem problem, DeviceSet<T> x, DeviceSet<T> y, int columns, in RunSettings settings)
    {
        (_engine, _problem, _x, _y, _settings) = (engine, problem, x, y, settings);
        _hasCosts = columns >= 0;
        _flopsPerCell = FlopsPerCell();
        try
        {
            _arguments = new() { X = x.Values, Y = y.Values, Shape = Shape() };
            _arguments.Lags = Upload<T>(Lags(Math.Max(x.Longest, Math.Max(y.Longest, columns))));
            if (problem.Recurrence == WarpingRecurrence.Pattern) UploadPattern(problem.Pattern!);
            else UploadStepValues();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned) owned.Dispose();
        _owned.Clear();
    }

    private int Parts => Math.Max(1, _x.Packs.Length);

    private bool IsPattern => _problem.Recurrence == WarpingRecurrence.Pattern;

    private double FlopsPerCell()
    {
        int channels = 3 * _x.Channels;
        return IsPattern ? 4 + _problem.Pattern!.Steps.Sum(step => 2 + (channels * step.Cells.Count)) : 4 + channels;
    }

    private WarpingShape Shape() => new()
    {
        Parts = Parts,
        XPart = _x.PartStride,
        YPart = _y.PartStride,
        XStep = _x.StepStride,
        YStep = _hasCosts ? _x.PartStride : _y.StepStride,
        Channels = _x.Channels,
        SkipsMissing = _problem.SkipsMissing ? 1 : 0,
        Finish = (int)_problem.Finish,
        BeginX = _problem.Ends.BeginX,
        EndX = _problem.Ends.EndX,
        BeginY = _problem.Ends.BeginY,
        EndY = _problem.Ends.EndY,
    };

    /// <summary>A copy on the device, of one element where there is nothing, since a kernel takes no empty view.</summary>
    private ArrayView<TElement> Upload<TElement>(ReadOnlySpan<TElement> values)
        where TElement : unmanaged
    {
        AcceleratorBuffer<TElement> buffer = _engine.Rent<TElement>(Math.Max(1, values.Length), _settings.Operation);
        _owned.Add(buffer);
        if (values.Length > 0) _engine.Upload(values, buffer, 0);
        return buffer.View;
    }

    /// <summary>The values per lag: one list, or of weights one for even and one for odd lengths.</summary>
    private T[] Lags(int longest)
    {
        if (_problem.Recurrence == WarpingRecurrence.Weighted)
        {
            int half = (longest + 1) / 2;
            T[] lists = new T[(4 * half) + 1];
            SeriesPreparation.FillLags(_problem, 2 * half, 2 * half, lists.AsSpan(0, 2 * half));
            SeriesPreparation.FillLags(_problem, (2 * half) + 1, (2 * half) + 1, lists.AsSpan(2 * half));
            _arguments.Shape.OddLags = 2 * half;
            _arguments.Shape.HalfLags = half;
            return lists;
        }

        if (_problem.Recurrence != WarpingRecurrence.TimeWarpEdit) return [];
        T[] list = new T[longest];
        SeriesPreparation.FillLags<T>(_problem, longest, longest, list);
        return list;
    }

    private void UploadStepValues()
    {
        List<T> values = [];
        ref WarpingShape shape = ref _arguments.Shape;
        (shape.XPartSteps, shape.YPartSteps) = (Steps(_x), Steps(_y));
        (shape.XValues, shape.XBorders) = Add(_x);
        (shape.YValues, shape.YBorders) = ReferenceEquals(_x, _y) ? (shape.XValues, shape.XBorders) : Add(_y);
        _arguments.StepValues = Upload<T>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values));
        _arguments.Pattern = Upload<int>([]);

        static long Steps(DeviceSet<T> set) => set.Packs.Length == 0 ? 0 : set.Packs[0].Steps;

        (long Values, long Borders) Add(DeviceSet<T> set)
        {
            long first = values.Count;
            foreach (SeriesPack<T> pack in set.Packs) values.AddRange(pack.StepValues ?? []);
            long second = values.Count;
            foreach (SeriesPack<T> pack in set.Packs) values.AddRange(pack.BorderValues ?? []);
            return (first, second);
        }
    }

    /// <summary>The steps, then the cells of all steps, whose weights go with the values per step.</summary>
    private void UploadPattern(StepPattern pattern)
    {
        List<int> steps = [], cells = [];
        List<T> weights = [];
        foreach (WarpingStep step in pattern.Steps)
        {
            steps.AddRange([step.Rows, step.Columns, weights.Count, weights.Count + step.Cells.Count]);
            foreach (StepCell cell in step.Cells)
            {
                cells.AddRange([cell.Rows, cell.Columns]);
                weights.Add(Element.Of<T>(cell.Weight));
            }
        }

        _arguments.StepValues = Upload<T>(weights.ToArray());
        _arguments.Pattern = Upload<int>([.. steps, .. cells]);
        _arguments.Choices = _arguments.Pattern;
        _arguments.Shape.PatternSteps = pattern.Steps.Count;
        _arguments.Shape.RingRows = pattern.RowReach + 1;
        _arguments.Shape.LeastLaneColumns = (Math.Max(1, pattern.ColumnReach) + 3) & ~3;
    }
}
