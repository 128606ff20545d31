using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping;

/// <summary>The entry of the warping family: takes a problem and series, runs them on an engine.</summary>
internal static unsafe partial class Warping
{
    /// <summary>The finished values of every series of x against every series of y.</summary>
    /// <remarks>
    /// Series as they were given: what a rule reads beside them is prepared here. Where x stands against itself and the problem
    /// is the same with both exchanged, a pair is computed once and mirrored. A pair's bits depend on nothing but the pair, the
    /// engine and its width.
    /// </remarks>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="x">The series of the rows.</param>
    /// <param name="y">The series of the columns; null for those of x.</param>
    /// <param name="result">Receives the series of x x the series of y.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Distances<T>(
        Engine engine, WarpingProblem problem, SeriesPack<T> x, SeriesPack<T>? y, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged
    {
        SeriesPack<T> columns = y ?? x;
        if (x.Channels != columns.Channels)
        {
            throw new ArgumentException($"{settings.Operation}: the series of x have {x.Channels} channels, those of y {columns.Channels}: both need the same channels in the same order");
        }

        if (result.Rows != x.Count || result.Columns != columns.Count)
        {
            throw new ArgumentException($"{settings.Operation}: the result is {result.Rows} x {result.Columns}, {x.Count} series against {columns.Count} need {x.Count} x {columns.Count}");
        }

        if (x.Count == 0 || columns.Count == 0) return;
        bool isSymmetric = y is null && problem.IsSymmetric;
        WarpingPlan plan = new(problem, x.Lengths, columns.Lengths, isSymmetric, x.Channels, sizeof(T));
        SeriesPack<T>[] rowParts = SeriesPreparation.Parts(x, problem);
        fixed (T* pr = result)
        {
            WarpingCall<T> call = new()
            {
                Plan = plan,
                X = rowParts,
                Y = y is null ? rowParts : SeriesPreparation.Parts(columns, problem),
                Result = result.At(pr),
                Settings = settings,
            };
            engine.Execute(ref call);
        }
    }
}
