using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Pairs;

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
        BestPath<T> best = new();
        PairCall<T, PathsWork<T>> call = new(problem, x, i, y, j, new() { Settings = settings, Task = best }, settings);
        engine.Execute(ref call);
        return Alignment(problem, best, x.Lengths[i], y.Lengths[j], settings);
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
            BestPath<T> best = new();
            PairCall<T, PathsWork<T>> call = new(problem, costs.At(pc), new() { Settings = settings, Task = best }, settings);
            engine.Execute(ref call);
            return Alignment(problem, best, costs.Rows, costs.Columns, settings);
        }
    }

    /// <summary>The best path of every series of x with every series of y, row by row; null where there is none.</summary>
    /// <remarks>Each is bit for bit that of <see cref="Align{T}"/>. On a host the pairs are shared over the threads; on an accelerator they are computed in batches.</remarks>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed; channels aligned on their own have no one path.</param>
    /// <param name="x">The series of the rows, as they were given.</param>
    /// <param name="y">Those of the columns.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The channels differ, or there is no one path.</exception>
    /// <exception cref="NotSupportedException">The engine is no host, and the steps are a pattern.</exception>
    public static WarpingAlignment<T>?[] Alignments<T>(Engine engine, WarpingProblem problem, SeriesPack<T> x, SeriesPack<T> y, in RunSettings settings)
        where T : unmanaged
    {
        RequireOneTable(problem, x.Channels, settings, "path");
        WarpingAlignment<T>?[] alignments = new WarpingAlignment<T>?[checked(x.Count * y.Count)];
        AlignmentsCall<T> call = new() { Problem = problem, X = x, Y = y, Alignments = alignments, Settings = settings };
        engine.Execute(ref call);
        settings.Cancellation.ThrowIfCancellationRequested();
        return alignments;
    }

    /// <summary>The places of y where the whole of x is found, best first: at most so many, no two with a sample in common.</summary>
    /// <remarks>Any path begins and ends where it likes in y; among the ends left over the one of least value, and of equal ones the first, is taken next. Memory and work are those of one <see cref="Align{T}"/>, and a path through x for every end that is looked at.</remarks>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed; by steps, without a window, for places have no common diagonal. Its ends are not read.</param>
    /// <param name="x">The series that are looked for, as they were given.</param>
    /// <param name="i">Which one of them.</param>
    /// <param name="y">The series to look in.</param>
    /// <param name="j">Which one of them.</param>
    /// <param name="count">The most matches wanted, 1 or more.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>The matches: fewer than wanted, or none, where there are no more.</returns>
    /// <exception cref="ArgumentException">The channels differ, or the problem knows no places.</exception>
    public static WarpingMatch<T>[] Subsequences<T>(
        Engine engine, WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, int count, in RunSettings settings)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        RequireOneTable(problem, x.Channels, settings, "path");
        if (problem.Window != WarpingWindow.None) throw new ArgumentException($"{settings.Operation}: a window (here {problem.Window}) is about a diagonal, which a match anywhere in y has not: leave the window out");
        if (problem.Recurrence is not (WarpingRecurrence.Symmetric1 or WarpingRecurrence.Symmetric2 or WarpingRecurrence.Pattern or WarpingRecurrence.Amerced or WarpingRecurrence.Frechet))
        {
            throw new ArgumentException($"{settings.Operation}: {problem.Recurrence} compares whole series: use a step pattern, amerced warping or the Frechet distance to look for parts");
        }

        // The rows of a step pattern's table are kept whole, so its rows must be the long series.
        bool isTransposed = problem.Recurrence == WarpingRecurrence.Pattern;
        BestMatches<T> best = new(count, isTransposed, settings.Cancellation);
        PathsWork<T> work = new() { Settings = settings, Task = best };
        PairCall<T, PathsWork<T>> call = isTransposed
            ? new(problem with { Ends = new(int.MaxValue, int.MaxValue, 0, 0), Pattern = problem.Pattern!.Transposed() }, y, j, x, i, work, settings)
            : new(problem with { Ends = WarpingEnds.Subsequence }, x, i, y, j, work, settings);
        engine.Execute(ref call);
        int rows = x.Lengths[i], columns = y.Lengths[j];
        return [.. best.Matches.Select(match => new WarpingMatch<T>(match.Y[0], match.Y[^1], new(match.Value, Finish(problem, match.Value, rows, columns), match.X, match.Y)))];
    }

    /// <summary>Refuses a table that memory does not hold, before it is allocated.</summary>
    /// <param name="rows">Samples of x.</param>
    /// <param name="columns">Samples of y.</param>
    /// <param name="operation">The operation's public name.</param>
    /// <param name="instead">What to ask for in its place.</param>
    /// <exception cref="InvalidOperationException">It does not fit.</exception>
    public static void RequireTableFits<T>(long rows, long columns, string operation, string instead = "ask for the alignment without its table, whose memory grows with the lengths alone")
        where T : unmanaged
    {
        double bytes = (double)rows * columns * sizeof(T);
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if ((double)rows * columns <= Array.MaxLength && bytes <= available) return;
        throw new InvalidOperationException(FormattableString.Invariant(
            $"{operation}: the {rows} x {columns} table takes {bytes:F0} bytes, more than one array or the {available} bytes of this machine hold: {instead}"));
    }

    private static WarpingAlignment<T> Alignment<T>(WarpingProblem problem, BestPath<T> best, int rows, int columns, in RunSettings settings)
        where T : unmanaged
    {
        if (settings.Trace is { } trace) trace.PeakBytes = Math.Max(trace.PeakBytes, best.Bytes);
        if (best.Path is not { } path) throw NoPath(problem, rows, columns, settings);
        (int[] x, int[] y) = path.Forward();
        return Alignment(problem, best.End.Value, rows, columns, x, y);
    }

    /// <summary>A path with its finished value.</summary>
    public static WarpingAlignment<T> Alignment<T>(WarpingProblem problem, T endValue, int rows, int columns, int[] x, int[] y)
        where T : unmanaged => new(endValue, Finish(problem, endValue, rows, columns), x, y);

    /// <summary>The error where there is no path.</summary>
    public static InvalidOperationException NoPath(WarpingProblem problem, int rows, int columns, in RunSettings settings)
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
