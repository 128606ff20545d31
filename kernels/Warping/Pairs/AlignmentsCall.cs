using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Devices;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>The best paths of all pairs of two sets, as an engine finds them.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct AlignmentsCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>What is computed, of one table a pair.</summary>
    public required WarpingProblem Problem { get; init; }

    /// <summary>The series of the rows, as they were given.</summary>
    public required SeriesPack<T> X { get; init; }

    /// <summary>Those of the columns.</summary>
    public required SeriesPack<T> Y { get; init; }

    /// <summary>Receives the alignments, row by row; what has no path stays null.</summary>
    public required WarpingAlignment<T>?[] Alignments { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        Job job = new() { Engine = engine, Call = this, Progress = new(Settings, Alignments.Length) };
        engine.Run(ref job, Alignments.Length, Settings.Threads);
        Settings.Trace?.Computed(started, Alignments.Length);
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        SeriesPack<T> x = SeriesPreparation.Parts(X, Problem)[0], y = ReferenceEquals(X, Y) ? x : SeriesPreparation.Parts(Y, Problem)[0];
        WarpingAccelerator.Paths(engine, Problem with { Finish = WarpingFinish.None, Independent = false }, x, y, default, Take, Settings);
    }

    private void Take(WarpingPathBatch<T> batch)
    {
        PairEnd<T>[] ends = [.. Enumerable.Range(0, batch.Count).Select(batch.End)];
        (int[] X, int[] Y)[] paths = batch.Trace(ends);
        for (int pair = 0; pair < batch.Count; pair++)
        {
            if (paths[pair].X.Length == 0) continue;
            (int i, int j) = batch.Pair(pair);
            Alignments[(i * Y.Count) + j] = Warping.Alignment(Problem, ends[pair].Value, X.Lengths[i], Y.Lengths[j], paths[pair].X, paths[pair].Y);
        }
    }

    private struct Job : IParallelJob
    {
        public HostEngine Engine;
        public AlignmentsCall<T> Call;
        public BlockProgress Progress;

        public readonly void Run(int piece)
        {
            if (Progress.IsCancelled) return;
            (int i, int j) = Math.DivRem(piece, Call.Y.Count);
            BestPath<T> best = new();
            RunSettings settings = Call.Settings with { Progress = null, Trace = null };
            PairCall<T, PathsWork<T>> call = new(Call.Problem, Call.X, i, Call.Y, j, new() { Settings = settings, Task = best }, settings);
            Engine.Execute(ref call);
            if (best.Path is { } path)
            {
                (int[] x, int[] y) = path.Forward();
                Call.Alignments[piece] = Warping.Alignment(Call.Problem, best.End.Value, Call.X.Lengths[i], Call.Y.Lengths[j], x, y);
            }

            Progress.Advance();
        }
    }
}
