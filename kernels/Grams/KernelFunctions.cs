using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Work that is written once for every kernel's term and function, and for every statistic's.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IKernelFunctionJob<T>
    where T : unmanaged
{
    /// <summary>Does the work for one kernel, or one statistic.</summary>
    void Run<TTerm, TFunction>(TFunction function)
        where TTerm : unmanaged, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>;
}

/// <summary>What each kernel is made of: the one table from a code to term, function and statistic.</summary>
internal static class KernelFunctions
{
    /// <summary>What a kernel sums over the features.</summary>
    public static PairStatistic StatisticOf(GramOpCode code) => code switch
    {
        GramOpCode.Linear or GramOpCode.Polynomial or GramOpCode.Sigmoid or GramOpCode.Cosine => PairStatistic.Dot,
        GramOpCode.Laplacian => PairStatistic.AbsoluteDifference,
        GramOpCode.ChiSquared or GramOpCode.AdditiveChiSquared => PairStatistic.ChiSquared,
        GramOpCode.Periodic => PairStatistic.SineSquared,
        GramOpCode.Rbf or GramOpCode.Exponential or GramOpCode.Matern32 or GramOpCode.Matern52 or GramOpCode.RationalQuadratic or GramOpCode.Distance
            => PairStatistic.SquaredDistance,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a kernel."),
    };

    /// <summary>Runs the job for the kernel that a step names.</summary>
    public static void Dispatch<T, TJob>(in GramOp op, ref TJob job)
        where T : unmanaged
        where TJob : IKernelFunctionJob<T>
    {
        T a = Element.Of<T>(op.A), b = Element.Of<T>(op.B), minusA = Element.Of<T>(-op.A);
        switch (op.Code)
        {
            case GramOpCode.Linear: job.Run<DotTerm<T>, Scaled<T>>(new(Element.Of<T>(1))); break;
            case GramOpCode.Polynomial: job.Run<DotTerm<T>, PolynomialFunction<T>>(new(a, b, op.Index)); break;
            case GramOpCode.Rbf: job.Run<DotTerm<T>, RbfFunction<T>>(new(minusA)); break;
            case GramOpCode.Laplacian: job.Run<AbsoluteDifferenceTerm<T>, ExponentialOfSum<T>>(new(minusA)); break;
            case GramOpCode.Exponential: job.Run<DotTerm<T>, ExponentialFunction<T>>(new(minusA)); break;
            case GramOpCode.Distance: job.Run<DotTerm<T>, DistanceFunction<T>>(new(a)); break;
            case GramOpCode.Sigmoid: job.Run<DotTerm<T>, SigmoidFunction<T>>(new(a, b)); break;
            case GramOpCode.Cosine: job.Run<DotTerm<T>, CosineFunction<T>>(default); break;
            case GramOpCode.ChiSquared: job.Run<ChiSquaredTerm<T>, ExponentialOfSum<T>>(new(minusA)); break;
            case GramOpCode.AdditiveChiSquared: job.Run<ChiSquaredTerm<T>, Scaled<T>>(new(Element.Of<T>(-1))); break;
            case GramOpCode.Matern32: job.Run<DotTerm<T>, Matern32Function<T>>(new(a)); break;
            case GramOpCode.Matern52: job.Run<DotTerm<T>, Matern52Function<T>>(new(a)); break;
            case GramOpCode.RationalQuadratic: job.Run<DotTerm<T>, RationalQuadraticFunction<T>>(new(a, b)); break;
            case GramOpCode.Periodic: job.Run<SineSquaredTerm<T>, ExponentialOfSum<T>>(new(minusA)); break;
            default: throw new ArgumentOutOfRangeException(nameof(op), op.Code, "Not a kernel.");
        }
    }

    /// <summary>Runs the job for a statistic as it is, which the kernels of a composed one share.</summary>
    public static void Dispatch<T, TJob>(PairStatistic statistic, ref TJob job)
        where T : unmanaged
        where TJob : IKernelFunctionJob<T>
    {
        Scaled<T> asIs = new(Element.Of<T>(1));
        switch (statistic)
        {
            case PairStatistic.Dot: job.Run<DotTerm<T>, Scaled<T>>(asIs); break;
            case PairStatistic.SquaredDistance: job.Run<DotTerm<T>, SquaredDistanceFunction<T>>(default); break;
            case PairStatistic.AbsoluteDifference: job.Run<AbsoluteDifferenceTerm<T>, Scaled<T>>(asIs); break;
            case PairStatistic.ChiSquared: job.Run<ChiSquaredTerm<T>, Scaled<T>>(asIs); break;
            case PairStatistic.SineSquared: job.Run<SineSquaredTerm<T>, Scaled<T>>(asIs); break;
            default: throw new ArgumentOutOfRangeException(nameof(statistic), statistic, "Not a statistic.");
        }
    }
}
