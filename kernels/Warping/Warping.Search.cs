using FusionKernels.Kernels.Engines;

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
    /// <exception cref="NotSupportedException">The engine is no host.</exception>
    public static SearchMatch[] Search<T>(
        Engine engine, SearchProblem problem, ReadOnlyMemory<T> query, ReadOnlySpan<T> stream, in RunSettings settings, out DtwSearchLedger ledger)
        where T : unmanaged
    {
        if (query.IsEmpty) throw new ArgumentException($"{settings.Operation}: the query is empty; it needs at least one sample");
        if (stream.Length < query.Length)
        {
            throw new ArgumentException($"{settings.Operation}: the stream has {stream.Length} samples, the query {query.Length}; the stream must hold at least one window of the query's length");
        }

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

    /// <summary>Throws unless the window is one range of columns for each row, whose ends never go back.</summary>
    private static void RequireBand(WarpingWindow window, int length, string operation)
    {
        window.RequireFits(length, length);
        RowRange before = default;
        for (int row = 0; row < length; row++)
        {
            RowRange range = window.Row(row, length, length).Within(length);
            if (window.HasHoles || range.First < before.First || range.End < before.End)
            {
                throw new ArgumentException($"{operation}: the window has holes or turns back in row {row}; use a band such as WarpingWindow.Radius, or WarpingWindow.None");
            }

            before = range;
        }
    }
}
