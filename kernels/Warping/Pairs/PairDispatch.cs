using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>From a problem and a pair of series, or given point costs, to the code that runs on them.</summary>
internal static unsafe class PairDispatch
{
    /// <summary>Lays out two prepared series and runs the work on them.</summary>
    public static void Run<T, TWork>(SimdWidth width, WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, ref TWork work)
        where T : unmanaged
        where TWork : struct, IPairWork<T>
    {
        SeriesJob<T, TWork> job = new() { Width = width, Problem = problem, X = x, I = i, Y = y, J = j, Work = work };
        WarpingRules.Dispatch<T, SeriesJob<T, TWork>>(RuleOf(problem), ref job);
        work = job.Work;
    }

    /// <summary>Runs the work on given point costs.</summary>
    /// <exception cref="ArgumentException">The recurrence reads more than point costs.</exception>
    public static void Run<T, TWork>(HostEngine engine, WarpingProblem problem, in Operand<T> costs, in RunSettings settings, ref TWork work)
        where T : unmanaged
        where TWork : struct, IPairWork<T>
    {
        CostsJob<T, TWork> job = new()
        {
            Width = engine.Width,
            Problem = problem,
            Costs = costs,
            Data = engine.Resolve(costs, settings.Operation),
            Operation = settings.Operation,
            Work = work,
        };
        WarpingRules.Dispatch<T, CostsJob<T, TWork>>(RuleOf(problem), ref job);
        work = job.Work;
    }

    /// <summary>A step pattern has no rule: it goes with any, for the sake of the point cost.</summary>
    private static WarpingProblem RuleOf(WarpingProblem problem) =>
        problem.Recurrence == WarpingRecurrence.Pattern ? problem with { Recurrence = WarpingRecurrence.Symmetric1 } : problem;

    private static void WithCells<T, TWork, TCells>(SimdWidth width, in WarpingPair<T> pair, TCells cells, ref TWork work)
        where T : unmanaged
        where TWork : struct, IPairWork<T>
        where TCells : struct, IPairCells<T>
    {
        CellsJob<T, TWork, TCells> job = new() { Pair = pair, Cells = cells, Work = work };
        VectorDispatch.Run<T, CellsJob<T, TWork, TCells>>(width, ref job);
        work = job.Work;
    }

    private static void WithCosts<T, TWork, TCosts>(SimdWidth width, in WarpingPair<T> pair, TCosts costs, ref TWork work)
        where T : unmanaged
        where TWork : struct, IPairWork<T>
        where TCosts : struct, IPatternCosts<T>
    {
        PatternJob<T, TWork, TCosts> job = new() { Pair = pair, Costs = costs, Work = work };
        VectorDispatch.Run<T, PatternJob<T, TWork, TCosts>>(width, ref job);
        work = job.Work;
    }

    private struct SeriesJob<T, TWork> : IWarpingJob<T>
        where T : unmanaged
        where TWork : struct, IPairWork<T>
    {
        public required SimdWidth Width;
        public required WarpingProblem Problem;
        public required SeriesPack<T> X;
        public required int I;
        public required SeriesPack<T> Y;
        public required int J;
        public required TWork Work;

        public void Run<TCost, TRule>(TRule rule)
            where TCost : unmanaged, IPointCost<T>
            where TRule : unmanaged, IWarpingRule<T>
        {
            WarpingPair<T> pair = WarpingPair<T>.Of(Problem, X, I, Y, J, TRule.Border, TRule.ReadsLag);
            if (Problem.Recurrence == WarpingRecurrence.Pattern) RunPattern<TCost>(pair);
            else if (Problem.SkipsMissing) WithCells(Width, pair, new PairSampleCells<T, TCost, TRule, IncompleteSamples>(pair, rule), ref Work);
            else if (X.Channels > 1) WithCells(Width, pair, new PairSampleCells<T, TCost, TRule, MultivariateSamples>(pair, rule), ref Work);
            else if (TRule.AddsCost && TCost.IsSum) WithCells(Width, pair, new PairSumCells<T, TCost, TRule>(pair, rule), ref Work);
            else WithCells(Width, pair, new PairSampleCells<T, TCost, TRule, UnivariateSamples>(pair, rule), ref Work);
        }

        private void RunPattern<TCost>(in WarpingPair<T> pair)
            where TCost : unmanaged, IPointCost<T>
        {
            if (Problem.SkipsMissing) WithCosts(Width, pair, new PatternSampleCosts<T, TCost, IncompleteSamples>(pair), ref Work);
            else if (X.Channels > 1) WithCosts(Width, pair, new PatternSampleCosts<T, TCost, MultivariateSamples>(pair), ref Work);
            else WithCosts(Width, pair, new PatternSampleCosts<T, TCost, UnivariateSamples>(pair), ref Work);
        }
    }

    private struct CostsJob<T, TWork> : IWarpingJob<T>
        where T : unmanaged
        where TWork : struct, IPairWork<T>
    {
        public required SimdWidth Width;
        public required WarpingProblem Problem;
        public required Operand<T> Costs;
        public required T* Data;
        public required string Operation;
        public required TWork Work;

        public void Run<TCost, TRule>(TRule rule)
            where TCost : unmanaged, IPointCost<T>
            where TRule : unmanaged, IWarpingRule<T>
        {
            if (TRule.ReadsSamples || TRule.ReadsValues)
            {
                throw new ArgumentException($"{Operation}: {Problem.Recurrence} reads samples beside point costs: give the two series in place of a matrix of costs");
            }

            WarpingPair<T> pair = WarpingPair<T>.OfCosts(Problem, Costs, Data, TRule.Border, TRule.ReadsLag);
            if (Problem.Recurrence == WarpingRecurrence.Pattern) WithCosts(Width, pair, new PatternGivenCosts<T>(pair), ref Work);
            else WithCells(Width, pair, new PairGivenCells<T, TRule>(pair, rule), ref Work);
        }
    }

    private struct CellsJob<T, TWork, TCells> : IVectorJob<T>
        where T : unmanaged
        where TWork : struct, IPairWork<T>
        where TCells : struct, IPairCells<T>
    {
        public required WarpingPair<T> Pair;
        public required TCells Cells;
        public required TWork Work;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, T> => Work.Run<V, TCells>(Pair, Cells);
    }

    private struct PatternJob<T, TWork, TCosts> : IVectorJob<T>
        where T : unmanaged
        where TWork : struct, IPairWork<T>
        where TCosts : struct, IPatternCosts<T>
    {
        public required WarpingPair<T> Pair;
        public required TCosts Costs;
        public required TWork Work;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, T> => Work.RunPattern<V, TCosts>(Pair, Costs);
    }
}
