using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>From a problem and a pair of series, or given point costs, to the code that runs on them.</summary>
internal static unsafe class PairDispatch
{
    /// <summary>Lays out two prepared series and runs the work on them.</summary>
    public static void Run<T, TWork>(SimdWidth width, WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, ref TWork work)
        where T : unmanaged
        where TWork : struct, IPairWork<T>
    {
        SeriesJob<T, TWork> job = new() { Width = width, Problem = problem, X = x, I = i, Y = y, J = j, Work = work };
        WarpingRules.Dispatch<T, SeriesJob<T, TWork>>(problem, ref job);
        work = job.Work;
    }

    /// <summary>Runs the work on given point costs.</summary>
    public static void Run<T, TWork>(HostEngine engine, WarpingProblem problem, in Operand<T> costs, in RunSettings settings, ref TWork work)
        where T : unmanaged
        where TWork : struct, IPairWork<T>
    {
        CostsJob<T, TWork> job = new() { Width = engine.Width, Problem = problem, Costs = costs, Data = engine.Resolve(costs, settings.Operation), Work = work };
        WarpingRules.Dispatch<T, CostsJob<T, TWork>>(problem, ref job);
        work = job.Work;
    }

    private static void AtWidth<T, TWork, TCells>(SimdWidth width, in WarpingPair<T> pair, TCells cells, ref TWork work)
        where T : unmanaged
        where TWork : struct, IPairWork<T>
        where TCells : struct, IPairCells<T>
    {
        WidthJob<T, TWork, TCells> job = new() { Pair = pair, Cells = cells, Work = work };
        VectorDispatch.Run<T, WidthJob<T, TWork, TCells>>(width, ref job);
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
            if (Problem.SkipsMissing) AtWidth(Width, pair, new PairSampleCells<T, TCost, TRule, MissingSamples>(pair, rule), ref Work);
            else if (X.Channels > 1) AtWidth(Width, pair, new PairSampleCells<T, TCost, TRule, MultivariateSamples>(pair, rule), ref Work);
            else if (TRule.AddsCost && TCost.IsSum) AtWidth(Width, pair, new PairSumCells<T, TCost, TRule>(pair, rule), ref Work);
            else AtWidth(Width, pair, new PairSampleCells<T, TCost, TRule, UnivariateSamples>(pair, rule), ref Work);
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
        public required TWork Work;

        public void Run<TCost, TRule>(TRule rule)
            where TCost : unmanaged, IPointCost<T>
            where TRule : unmanaged, IWarpingRule<T>
        {
            WarpingPair<T> pair = WarpingPair<T>.OfCosts(Problem, Costs, Data, TRule.Border, TRule.ReadsLag);
            AtWidth(Width, pair, new PairGivenCells<T, TRule>(pair, rule), ref Work);
        }
    }

    private struct WidthJob<T, TWork, TCells> : IVectorJob<T>
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
}
