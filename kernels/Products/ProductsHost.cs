using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>Runs matrix products on the host: how a call is cut into products that fit the caches, and how threads share a batch.</summary>
internal static unsafe class ProductsHost
{
    /// <summary>Multiply-adds of an item above which all threads work on one item together rather than on one item each.</summary>
    private const double SharedItemWork = 1 << 24;

    /// <summary>Runs the whole call.</summary>
    public static void Run<T>(HostEngine engine, in ProductCall<T> call)
        where T : unmanaged, INumberBase<T>
    {
        int count = call.Plan.Count;
        if (count > 1 && call.Plan.ItemWork < SharedItemWork)
        {
            RunSmallItems(engine, call);
            return;
        }

        for (int item = 0; item < count; item++)
        {
            RunItem(engine, call, item, call.Settings with { Progress = PartialProgress.Of(call.Settings.Progress, item, count) });
        }
    }

    /// <summary>Each thread takes whole items; slices of the batch end at a report of progress.</summary>
    private static void RunSmallItems<T>(HostEngine engine, in ProductCall<T> call)
        where T : unmanaged, INumberBase<T>
    {
        int count = call.Plan.Count;
        int slice = (int)Math.Clamp(HostBlocking.BlockWork / Math.Max(1, call.Plan.ItemWork), 1, count);
        int threads = call.Plan.ItemWork * count < HostBlocking.SerialBelow ? 1 : call.Settings.Threads;
        for (long first = 0; first < count; first += slice)
        {
            BatchJob<T> job = new() { Engine = engine, Call = call, First = (int)first };
            engine.Run(ref job, (int)Math.Min(slice, count - first), threads);
            call.Settings.Progress?.Report((double)Math.Min(first + slice, count) / count);
        }
    }

    private static void RunItem<T>(HostEngine engine, in ProductCall<T> call, int item, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        Operand<T> x = call.X.Moved(item * call.Strides.A);
        Operand<T> y = call.Y.Moved(item * call.Strides.B);
        Operand<T> result = call.Result.Moved(item * call.Strides.Result);
        if (call.Plan.IsMatrixVector)
        {
            MatrixVectorHost.Run(engine, x, y, result, call.Alpha, call.Beta, settings);
            return;
        }

        TiledProduct<T> product = TiledProduct<T>.Over(engine, x, y, result, call.Plan.Symmetric, settings.Operation);
        int depth = T.IsZero(call.Alpha) ? 0 : product.Depth;
        for (long k = 0; k == 0 || k < depth; k += HostBlocking.PassDepth)
        {
            product.Depth = (int)Math.Min(HostBlocking.PassDepth, depth - k);
            RunSettings pass = settings with { Progress = PartialProgress.Of(settings.Progress, k, depth, product.Depth) };
            RunPass(engine, product, call.Alpha, k == 0 ? call.Beta : T.One, pass);
            product.X += product.Depth * product.XFeatureStride;
            product.Y += product.Depth * product.YFeatureStride;
        }
    }

    private static void RunPass<T>(HostEngine engine, in TiledProduct<T> product, T alpha, T beta, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        if (T.IsZero(beta)) TiledProductHost.Run<T, DotTerm<T>, Scaled<T>>(engine, product, new(alpha), settings);
        else TiledProductHost.Run<T, DotTerm<T>, ScaledSum<T>>(engine, product, new(alpha, beta), settings);
    }

    private struct BatchJob<T> : IParallelJob
        where T : unmanaged, INumberBase<T>
    {
        public HostEngine Engine;
        public ProductCall<T> Call;
        public int First;

        public readonly void Run(int piece)
        {
            Call.Settings.Cancellation.ThrowIfCancellationRequested();
            RunItem(Engine, Call, First + piece, Call.Settings with { Progress = null });
        }
    }
}
