using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;
using FusionKernels.Kernels.Warping.Lanes;
using FusionKernels.Kernels.Warping.Pairs;

namespace FusionKernels.Kernels.Warping;

/// <summary>All pairs on the host.</summary>
internal static class WarpingHost
{
    /// <summary>Computes every pair of the call and returns in how many pieces.</summary>
    public static int Run<T>(HostEngine engine, in WarpingCall<T> call)
        where T : unmanaged
    {
        if (!call.Plan.FitsLanes) return new WarpingPairs<T>(engine, call).Run();
        LanesJob<T> job = new() { Engine = engine, Call = call };
        VectorDispatch.Run<T, LanesJob<T>>(engine.Width, ref job);
        return job.Pieces;
    }

    private struct LanesJob<T> : IVectorJob<T>
        where T : unmanaged
    {
        public HostEngine Engine;
        public WarpingCall<T> Call;
        public int Pieces;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            RuleJob<V, T> job = new() { Engine = Engine, Call = Call };
            WarpingRules.Dispatch<T, RuleJob<V, T>>(Call.Plan.Problem, ref job);
            Pieces = job.Pieces;
        }
    }

    private struct RuleJob<V, T> : IWarpingJob<T>
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        public HostEngine Engine;
        public WarpingCall<T> Call;
        public int Pieces;

        public void Run<TCost, TRule>(TRule rule)
            where TCost : unmanaged, IPointCost<T>
            where TRule : unmanaged, IWarpingRule<T> => Pieces = Call.Plan.Problem.SkipsMissing
                ? new WarpingLanes<V, T, SkippingCost<TCost, T>, TRule>(Call, rule).Run(Engine)
                : new WarpingLanes<V, T, TCost, TRule>(Call, rule).Run(Engine);
    }
}
