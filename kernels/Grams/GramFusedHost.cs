using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>A rectangle of a Gram matrix of one kernel, or of one statistic, as one tiled product, the function applied in registers.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct GramFusedHost<T> : IKernelFunctionJob<T>
    where T : unmanaged
{
    private HostEngine _engine;
    private TiledProduct<T> _product;
    private bool _direct;
    private RunSettings _settings;

    /// <summary>Computes the kernel of every pair of the product.</summary>
    public static void Run(HostEngine engine, in GramOp kernel, in TiledProduct<T> product, bool direct, in RunSettings settings)
    {
        GramFusedHost<T> job = new() { _engine = engine, _product = product, _direct = direct, _settings = settings };
        KernelFunctions.Dispatch<T, GramFusedHost<T>>(kernel, ref job);
    }

    /// <summary>Sums the statistic of every pair of the product.</summary>
    public static void Sum(HostEngine engine, PairStatistic statistic, in TiledProduct<T> product, bool direct, in RunSettings settings)
    {
        GramFusedHost<T> job = new() { _engine = engine, _product = product, _direct = direct, _settings = settings };
        KernelFunctions.Dispatch<T, GramFusedHost<T>>(statistic, ref job);
    }

    /// <summary>Writes weight times the kernel of every pair of the product, or adds it to what stands in the result.</summary>
    public static void Add(HostEngine engine, in GramTerm term, bool isFirst, in TiledProduct<T> product, bool direct, in RunSettings settings)
    {
        AddJob job = new() { Whole = new() { _engine = engine, _product = product, _direct = direct, _settings = settings }, Weight = Element.Of<T>(term.Weight), IsFirst = isFirst };
        KernelFunctions.Dispatch<T, AddJob>(term.Kernel, ref job);
    }

    /// <inheritdoc/>
    public readonly void Run<TTerm, TFunction>(TFunction function)
        where TTerm : unmanaged, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        if (_direct) TiledProductHost.Run<T, SquaredDifferenceTerm<T>, OfSum<T, TFunction>>(_engine, _product, new(function), _settings);
        else TiledProductHost.Run<T, TTerm, TFunction>(_engine, _product, function, _settings);
    }

    private struct AddJob : IKernelFunctionJob<T>
    {
        public GramFusedHost<T> Whole;
        public T Weight;
        public bool IsFirst;

        public readonly void Run<TTerm, TFunction>(TFunction function)
            where TTerm : unmanaged, IPairTerm<T>
            where TFunction : unmanaged, ITileFunction<T>
        {
            if (IsFirst) Whole.Run<TTerm, WeightedFunction<T, TFunction>>(new(function, Weight));
            else Whole.Run<TTerm, AddedFunction<T, TFunction>>(new(function, Weight));
        }
    }
}
