using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping.Devices;

namespace FusionKernels.Kernels.Warping;

/// <summary>Alignments on an accelerator. On the engine's lane.</summary>
/// <remarks>
/// Distances of any problem, the accumulated costs of one pair, and paths by any steps run here.
/// </remarks>
internal static class WarpingAccelerator
{
    /// <summary>All pairs of a call.</summary>
    /// <exception cref="DeviceOutOfMemoryException">Even the smallest block finds no room.</exception>
    public static void Distances<T>(AcceleratorEngine engine, in WarpingCall<T> call)
        where T : unmanaged
    {
        using DeviceSet<T> x = DeviceSet<T>.Upload(engine, call.X, call.Settings);
        if (ReferenceEquals(call.X, call.Y))
        {
            Distances(engine, call.Plan, x, x, call.Result, call.Settings);
            return;
        }

        using DeviceSet<T> y = DeviceSet<T>.Upload(engine, call.Y, call.Settings);
        Distances(engine, call.Plan, x, y, call.Result, call.Settings);
    }

    /// <summary>All pairs of the rows of two matrices, taken as series of one channel of a problem that reads them as they are.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="plan">What is to be done.</param>
    /// <param name="x">Series x samples.</param>
    /// <param name="y">Series x samples; absent for those of x.</param>
    /// <param name="result">Series of x x series of y.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="DeviceOutOfMemoryException">Even the smallest block finds no room.</exception>
    public static void Distances<T>(
        AcceleratorEngine engine, WarpingPlan plan, in Operand<T> x, in Operand<T> y, in Operand<T> result, in RunSettings settings)
        where T : unmanaged
    {
        using DeviceSet<T> rows = DeviceSet<T>.Of(engine, x, settings);
        if (y.IsAbsent)
        {
            Distances(engine, plan, rows, rows, result, settings);
            return;
        }

        using DeviceSet<T> columns = DeviceSet<T>.Of(engine, y, settings);
        Distances(engine, plan, rows, columns, result, settings);
    }

    /// <summary>One pair of prepared series: its finished value and, where asked for, its accumulated costs.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="problem">What is computed.</param>
    /// <param name="x">One series.</param>
    /// <param name="y">One series.</param>
    /// <param name="table">Receives samples of x x samples of y; nothing for none.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="DeviceOutOfMemoryException">There is no room for the table.</exception>
    public static T Single<T>(
        AcceleratorEngine engine, WarpingProblem problem, SeriesPack<T> x, SeriesPack<T> y, in Operand<T> table, in RunSettings settings)
        where T : unmanaged
    {
        using DeviceSet<T> rows = DeviceSet<T>.Upload(engine, [x], settings);
        using DeviceSet<T> columns = DeviceSet<T>.Upload(engine, [y], settings);
        using WarpingDevice<T> device = new(engine, problem, rows, columns, columns: -1, settings);
        return device.Single(table, y.Lengths[0]);
    }

    /// <summary>As <see cref="Single"/>, of given point costs in place of two series, for problems that read nothing but costs.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="problem">What is computed.</param>
    /// <param name="costs">Point costs, samples of x x samples of y.</param>
    /// <param name="table">Receives the accumulated costs; nothing for none.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="DeviceOutOfMemoryException">There is no room for the tables.</exception>
    public static T OfCosts<T>(AcceleratorEngine engine, WarpingProblem problem, in Operand<T> costs, in Operand<T> table, in RunSettings settings)
        where T : unmanaged
    {
        using DeviceSet<T> given = DeviceSet<T>.OfCosts(engine, costs, settings);
        using WarpingDevice<T> device = new(engine, problem, given, given, costs.Columns, settings);
        return device.Single(table, costs.Columns);
    }

    /// <summary>The tables of all pairs, a batch at a time, while their paths can be followed.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="problem">What is computed, of one part.</param>
    /// <param name="x">Prepared series; null where point costs are given.</param>
    /// <param name="y">Others, or the same.</param>
    /// <param name="costs">Point costs, where there are no series.</param>
    /// <param name="visit">Told of every batch.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="DeviceOutOfMemoryException">There is no room for the borders of one pair.</exception>
    public static void Paths<T>(
        AcceleratorEngine engine, WarpingProblem problem, SeriesPack<T>? x, SeriesPack<T>? y, in Operand<T> costs, Action<WarpingPathBatch<T>> visit, in RunSettings settings)
        where T : unmanaged
    {
        using DeviceSet<T> rows = x is null ? DeviceSet<T>.OfCosts(engine, costs, settings) : DeviceSet<T>.Upload(engine, [x], settings);
        using DeviceSet<T>? uploaded = y is null || ReferenceEquals(x, y) ? null : DeviceSet<T>.Upload(engine, [y], settings);
        int columns = x is null ? costs.Columns : -1;
        using WarpingDevice<T> device = new(engine, problem, rows, uploaded ?? rows, columns, settings);
        device.Paths(columns, visit);
    }

    private static void Distances<T>(
        AcceleratorEngine engine, WarpingPlan plan, DeviceSet<T> x, DeviceSet<T> y, in Operand<T> result, in RunSettings settings)
        where T : unmanaged
    {
        using WarpingDevice<T> device = new(engine, plan.Problem, x, y, columns: -1, settings);
        device.Store(result, plan.IsSymmetric);
        settings.Trace?.Flops += plan.Cells;
    }
}
