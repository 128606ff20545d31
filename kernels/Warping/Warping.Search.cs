using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping.Search;

namespace FusionKernels.Kernels.Warping;

/// <content>Similarity search and nearest neighbours.</content>
internal static unsafe partial class Warping
{
    /// <summary>The windows of a stream that are nearest to a query; the same ones whatever the threads.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is looked for.</param>
    /// <param name="query">The query, at least one sample.</param>
    /// <param name="stream">The stream, at least as long.</param>
    /// <param name="settings">How to run.</param>
    /// <param name="ledger">Receives what became of the windows.</param>
    /// <returns>The matches, the nearest first; fewer than wanted where there are no more.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or the window is no band.</exception>
    public static SearchMatch[] Search<T>(
        Engine engine, SearchProblem problem, ReadOnlyMemory<T> query, ReadOnlySpan<T> stream, in RunSettings settings, out DtwSearchLedger ledger)
        where T : unmanaged
    {
        if (query.IsEmpty) throw new ArgumentException($"{settings.Operation}: the query is empty; it needs at least one sample");
        RequireWindow(stream.Length, query.Length, settings.Operation);
        RequireBand(problem.Window, query.Length, settings.Operation);
        fixed (T* samples = stream)
        {
            SearchCall<T> call = new()
            {
                Problem = problem,
                Query = query,
                Stream = samples,
                StreamLength = stream.Length,
                Settings = settings,
                Best = new(problem.Count, problem.Exclusion),
            };
            engine.Execute(ref call);
            ledger = call.Ledger;
            return call.Best.ToArray();
        }
    }

    /// <summary>The same where samples are vectors, or may be missing.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is looked for.</param>
    /// <param name="query">Holds one series.</param>
    /// <param name="stream">Holds one series, at least as long, with as many channels.</param>
    /// <param name="settings">How to run.</param>
    /// <param name="ledger">Receives what became of the windows.</param>
    /// <inheritdoc cref="Search{T}(Engine, SearchProblem, ReadOnlyMemory{T}, ReadOnlySpan{T}, in RunSettings, out DtwSearchLedger)"/>
    public static SearchMatch[] Search<T>(
        Engine engine, SearchProblem problem, SeriesPack<T> query, SeriesPack<T> stream, in RunSettings settings, out DtwSearchLedger ledger)
        where T : unmanaged
    {
        RequireWindow(stream.Lengths[0], query.Lengths[0], settings.Operation);
        RequireBand(problem.Window, query.Lengths[0], settings.Operation);
        SearchBest best = new(problem.Count, problem.Exclusion);
        ledger = new SearchBlocks<T>(engine, problem, query, stream, settings, best).Run();
        return best.ToArray();
    }

    /// <summary>The nearest series of y for each of x, by way of lower bounds; equally near ones in their order.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">Cost, window, count and what becomes of a value; see <see cref="CanBound"/>.</param>
    /// <param name="x">The series whose neighbours are sought.</param>
    /// <param name="y">The candidates; all series are of one length.</param>
    /// <param name="excludesSelf">Whether series i of y is no neighbour of series i of x.</param>
    /// <param name="indices">Receives series of x x count numbers; -1 where there are too few at a finite distance.</param>
    /// <param name="distances">Receives their distances; infinity where there are too few.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="NotSupportedException">The engine is no host.</exception>
    public static void Neighbours<T>(
        Engine engine, SearchProblem problem, SeriesPack<T> x, SeriesPack<T> y, bool excludesSelf, int[] indices, T[] distances, in RunSettings settings)
        where T : unmanaged
    {
        NeighbourCall<T> call = new() { Problem = problem, X = x, Y = y, ExcludesSelf = excludesSelf, Indices = indices, Distances = distances, Settings = settings };
        engine.Execute(ref call);
    }

    /// <summary>A lower bound of the distances of all pairs of series of one channel and one length: series of x x series of y.</summary>
    /// <exception cref="NotSupportedException">The engine is no host.</exception>
    public static T[] Bound<T>(Engine engine, BoundKind kind, SearchProblem problem, SeriesPack<T> x, SeriesPack<T> y, in RunSettings settings)
        where T : unmanaged
    {
        RequireBand(problem.Window, x.LongestLength, settings.Operation);
        BoundCall<T> call = new() { Kind = kind, Problem = problem, X = x, Y = y, Result = new T[checked(x.Count * y.Count)], Settings = settings };
        engine.Execute(ref call);
        return call.Result;
    }

    /// <summary>Whether lower bounds hold for a problem: all series of one channel and one length, plain steps from corner to corner within a band, and costs that grow with the difference.</summary>
    public static bool CanBound<T>(WarpingProblem problem, SeriesPack<T> x, SeriesPack<T> y)
        where T : unmanaged =>
        problem is { Recurrence: WarpingRecurrence.Symmetric1, Ends.IsClosed: true, SkipsMissing: false }
        && problem.Cost != PointCost.Cosine
        && x.Channels == 1
        && Array.TrueForAll(x.Lengths, length => length == x.LongestLength)
        && Array.TrueForAll(y.Lengths, length => length == x.LongestLength)
        && BandBreak(problem.Window, x.LongestLength) < 0;

    /// <summary>The error of a search on a device.</summary>
    public static NotSupportedException NoSearchKernels(AcceleratorEngine engine, string operation) =>
        new($"{operation}: '{engine.Name}' has no kernels for lower bounds; leave the device unset, or name the host");

    private static void RequireWindow(int stream, int query, string operation)
    {
        if (stream < query)
        {
            throw new ArgumentException($"{operation}: the stream has {stream} samples, the query {query}; the stream must hold at least one window of the query's length");
        }
    }

    /// <summary>Throws unless the window is one range of columns for each row, whose ends never go back.</summary>
    private static void RequireBand(WarpingWindow window, int length, string operation)
    {
        window.RequireFits(length, length);
        int row = BandBreak(window, length);
        if (row >= 0) throw new ArgumentException($"{operation}: the window has holes or turns back in row {row}; use a band such as WarpingWindow.Radius, or WarpingWindow.None");
    }

    /// <summary>The first row in which a window is no band; -1 where it is one.</summary>
    private static int BandBreak(WarpingWindow window, int length)
    {
        if (window.HasHoles) return 0;
        RowRange before = default;
        for (int row = 0; row < length; row++)
        {
            RowRange range = window.Row(row, length, length).Within(length);
            if (range.First < before.First || range.End < before.End) return row;
            before = range;
        }

        return -1;
    }
}
