using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Grams;

/// <summary>Any rectangle of a Gram matrix of one kernel as one tiled product, the kernel's function applied in registers.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct GramFusedHost<T> : IKernelFunctionJob<T>
    where T : unmanaged
{
    private HostEngine _engine;
    private TiledProduct<T> _product;
    private bool _direct;
    private RunSettings _settings;

    /// <summary>Computes all pairs of the rows of x and y.</summary>
    public static void Store(
        HostEngine engine, in GramOp kernel, in GramInput<T> x, in GramInput<T> y, in GramGeometry<T> geometry, bool symmetric, T* values, long stride, in RunSettings settings)
    {
        GramFusedHost<T> job = new()
        {
            _engine = engine,
            _product = geometry.Product(x, y, kernel.Code, values, stride, symmetric),
            _direct = geometry.IsDirect(kernel.Code),
            _settings = settings,
        };
        geometry.Scale(ref job._product, kernel);
        KernelFunctions.Dispatch<T, GramFusedHost<T>>(kernel, ref job);
    }

    /// <inheritdoc/>
    public readonly void Run<TTerm, TFunction>(TFunction function)
        where TTerm : unmanaged, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        if (_direct) TiledProductHost.Run<T, SquaredDifferenceTerm<T>, OfSum<T, TFunction>>(_engine, _product, new(function), _settings);
        else TiledProductHost.Run<T, TTerm, TFunction>(_engine, _product, function, _settings);
    }
}
