using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Q and R of small matrices on an accelerator, by <see cref="HouseholderKernel"/> and <see cref="HouseholderColumnsKernel"/>.</summary>
internal static class HouseholderDevice
{
    /// <summary>Factors matrices that lie one behind the other; all launches are done on return.</summary>
    /// <param name="engine">The engine; the call is on its lane.</param>
    /// <param name="matrices">count x rows x columns, columns scaled to about 1; the upper triangles become R, what is below undefined.</param>
    /// <param name="q">Receives count x rows x min.</param>
    /// <param name="count">Matrices.</param>
    /// <param name="rows">Rows of a matrix.</param>
    /// <param name="columns">Columns of a matrix.</param>
    /// <param name="settings">How to run; cancels between launches.</param>
    public static void Factor<T>(AcceleratorEngine engine, AcceleratorBuffer<T> matrices, AcceleratorBuffer<T> q, int count, int rows, int columns, in RunSettings settings)
        where T : unmanaged
    {
        int steps = Math.Min(rows, columns);
        using AcceleratorBuffer<T> factors = engine.Rent<T>((long)count * steps, settings.Operation);
        DeviceLimits limits = DeviceLimits.Of(engine);
        int group = 1 << BitOperations.Log2((uint)Math.Min(HouseholderKernel.GroupSize, limits.MaxGroupSize));
        int atOnce = limits.GroupsPerLaunch(4.0 * rows * columns * steps);
        for (int item = 0; item < count; item += atOnce)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            FactorKernels<T>.Instance.Reflect(engine, new KernelConfig(Math.Min(atOnce, count - item), group), matrices.View, factors.View, item, rows, columns, settings.Trace);
        }

        long all = (long)count * steps;
        int columnsAtOnce = limits.GroupsPerLaunch(4.0 * rows * steps * group) * group;
        for (long column = 0; column < all; column += columnsAtOnce)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            KernelConfig config = new((int)((Math.Min(columnsAtOnce, all - column) + group - 1) / group), group);
            FactorKernels<T>.Instance.FormQ(engine, config, matrices.View, factors.View, q.View, column, all, rows, columns, settings.Trace);
        }

        engine.Synchronize(settings.Trace);
    }
}
