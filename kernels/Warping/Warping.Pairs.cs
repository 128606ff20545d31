using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>One pair: its value, its table, its path.</summary>
internal static unsafe partial class Warping
{
    /// <summary>The finished value of one pair of any lengths, in memory proportional to them; infinity where there is no path.</summary>
    /// <remarks>Bit for bit the last cell of <see cref="CostMatrix{T}"/> and the end of <see cref="Align{T}"/>, at any SIMD width, before the finish.</remarks>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed.</param>
    /// <param name="x">The series of the rows, as they were given.</param>
    /// <param name="i">Which one of them.</param>
    /// <param name="y">The series of the columns.</param>
    /// <param name="j">Which one of them.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The channels differ.</exception>
    public static T Distance<T>(Engine engine, WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, in RunSettings settings)
        where T : unmanaged
    {
        PairCall<T, PairHost.EndValueWork<T>> call = new(problem, x, i, y, j, new() { Settings = settings }, settings);
        engine.Execute(ref call);
        double sum = Element.ToDouble(call.Works[0].Value);
        for (int part = 1; part < call.Works.Length; part++) sum += Element.ToDouble(call.Works[part].Value);
        return Finish(problem, Element.Of<T>(sum), x.Lengths[i], y.Lengths[j]);
    }

    /// <summary>The finished value of given point costs.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed, by a recurrence that reads point costs alone.</param>
    /// <param name="costs">Rows x columns, 0 or more, any strides.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The recurrence reads more than point costs.</exception>
    public static T DistanceOfCosts<T>(Engine engine, WarpingProblem problem, MatrixRef<T> costs, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* pc = costs)
        {
            PairCall<T, PairHost.EndValueWork<T>> call = new(problem, costs.At(pc), new() { Settings = settings }, settings);
            engine.Execute(ref call);
            return Finish(problem, call.Works[0].Value, costs.Rows, costs.Columns);
        }
    }

    /// <summary>All accumulated costs of one pair, and the finished value.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed; channels aligned on their own have no one table.</param>
    /// <param name="x">The series of the rows, as they were given.</param>
    /// <param name="i">Which one of them.</param>
    /// <param name="y">The series of the columns.</param>
    /// <param name="j">Which one of them.</param>
    /// <param name="table">Receives rows x columns cells: infinity where no path leads.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or there is no one table.</exception>
    public static T CostMatrix<T>(
        Engine engine, WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, MatrixRef<T> table, in RunSettings settings)
        where T : unmanaged
    {
        RequireOneTable(problem, x.Channels, settings, "accumulated costs");
        RequireShape(table, x.Lengths[i], y.Lengths[j], settings);
        fixed (T* pt = table)
        {
            PairCall<T, PairHost.TableWork<T>> call = new(problem, x, i, y, j, new() { Settings = settings, Engine = engine, Table = table.At(pt) }, settings);
            engine.Execute(ref call);
            return Finish(problem, call.Works[0].End.Value, table.Rows, table.Columns);
        }
    }

    /// <summary>All accumulated costs of given point costs, and the finished value.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed, by a recurrence that reads point costs alone.</param>
    /// <param name="costs">Rows x columns, 0 or more, any strides.</param>
    /// <param name="table">Receives rows x columns cells; not the memory of the costs.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the recurrence reads more than point costs.</exception>
    public static T CostMatrixOfCosts<T>(Engine engine, WarpingProblem problem, MatrixRef<T> costs, MatrixRef<T> table, in RunSettings settings)
        where T : unmanaged
    {
        RequireShape(table, costs.Rows, costs.Columns, settings);
        fixed (T* pc = costs, pt = table)
        {
            PairCall<T, PairHost.TableWork<T>> call = new(problem, costs.At(pc), new() { Settings = settings, Engine = engine, Table = table.At(pt) }, settings);
            engine.Execute(ref call);
            return Finish(problem, call.Works[0].End.Value, table.Rows, table.Columns);
        }
    }

    /// <summary>The best path of one pair, exactly, in memory proportional to the lengths.</summary>
    /// <remarks>Among paths of equal cost the one that, from its end on, goes to the diagonal before above before left.</remarks>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed; channels aligned on their own have no one path.</param>
    /// <param name="x">The series of the rows, as they were given.</param>
    /// <param name="i">Which one of them.</param>
    /// <param name="y">The series of the columns.</param>
    /// <param name="j">Which one of them.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The channels differ, or there is no one path.</exception>
    /// <exception cref="InvalidOperationException">Window, steps and ends leave no path.</exception>
    public static WarpingAlignment<T> Align<T>(Engine engine, WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, in RunSettings settings)
        where T : unmanaged
    {
        RequireOneTable(problem, x.Channels, settings, "path");
        PairCall<T, PairHost.AlignWork<T>> call = new(problem, x, i, y, j, new() { Settings = settings }, settings);
        engine.Execute(ref call);
        return Alignment(problem, call.Works[0], x.Lengths[i], y.Lengths[j], settings);
    }

    /// <summary>The best path through given point costs, exactly, in memory proportional to their rows and columns.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed, by a recurrence that reads point costs alone.</param>
    /// <param name="costs">Rows x columns, 0 or more, any strides.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The recurrence reads more than point costs.</exception>
    /// <exception cref="InvalidOperationException">Window, steps and ends leave no path.</exception>
    public static WarpingAlignment<T> AlignOfCosts<T>(Engine engine, WarpingProblem problem, MatrixRef<T> costs, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* pc = costs)
        {
            PairCall<T, PairHost.AlignWork<T>> call = new(problem, costs.At(pc), new() { Settings = settings }, settings);
            engine.Execute(ref call);
            return Alignment(problem, call.Works[0], costs.Rows, costs.Columns, settings);
        }
    }

    private static WarpingAlignment<T> Alignment<T>(WarpingProblem problem, in PairHost.AlignWork<T> work, int rows, int columns, in RunSettings settings)
        where T : unmanaged
    {
        if (work.Path is not { } path) throw NoPath(problem, rows, columns, settings);
        (int[] x, int[] y) = path.Forward();
        return new(work.End.Value, Finish(problem, work.End.Value, rows, columns), x, y);
    }

    private static InvalidOperationException NoPath(WarpingProblem problem, int rows, int columns, in RunSettings settings)
    {
        string steps = problem.Pattern is { } pattern ? $", step pattern '{pattern.Name}'" : "";
        return new($"{settings.Operation}: no path leads through {rows} x {columns} samples (window {problem.Window}{steps}): widen the window, open the ends or choose steps that reach the end");
    }

    private static T Finish<T>(WarpingProblem problem, T value, int rows, int columns)
        where T : unmanaged => Lanes1<T>.Sum(WarpingFinishing.Apply<Lanes1<T>, T>(problem.Finish, new(value), rows, columns));

    private static void RequireOneTable(WarpingProblem problem, int channels, in RunSettings settings, string what)
    {
        if (!problem.Independent || channels == 1) return;
        throw new ArgumentException($"{settings.Operation}: {channels} channels that are aligned independently have no common {what}: align them as vectors, or one by one");
    }

    private static void RequireShape<T>(MatrixRef<T> table, int rows, int columns, in RunSettings settings)
        where T : unmanaged
    {
        if (table.Rows == rows && table.Columns == columns) return;
        throw new ArgumentException($"{settings.Operation}: the table is {table.Rows} x {table.Columns}, the pair needs {rows} x {columns}");
    }
}
