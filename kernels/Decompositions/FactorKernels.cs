using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>The device kernels of factorisations, for callers that know the element but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class FactorKernels<T>
    where T : unmanaged
{
    /// <summary>The kernels of this element.</summary>
    public static FactorKernels<T> Instance { get; } = DeviceLane.Create<FactorKernels<T>>(typeof(LaneFactorKernels<,>), typeof(T));

    /// <summary>The kernels, for the code generation suite.</summary>
    public abstract IReadOnlyList<DeviceKernel> All { get; }

    /// <summary>Factors one block on the diagonal of every matrix of a batch.</summary>
    public abstract void FactorLeaf(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> matrix, ArrayView<int> failed, ArrayView<T> pivots, in FactorLayout layout, int size, int firstPivot, ExecutionTrace? trace);

    /// <summary>Solves with one leaf of a triangle.</summary>
    public abstract void SolveLeaf(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> triangle, ArrayView<T> right, in FactorLayout triangles, in FactorLayout rights, int size, int width, long firstGroup, ExecutionTrace? trace);

    /// <summary>Replaces small matrices, from item <paramref name="first"/> on, by R and reflectors.</summary>
    public abstract void Reflect(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> matrices, ArrayView<T> factors, int first, int rows, int columns, ExecutionTrace? trace);

    /// <summary>Forms columns of Q, from column <paramref name="first"/> of all items' on.</summary>
    public abstract void FormQ(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> matrices, ArrayView<T> factors, ArrayView<T> q, long first, long count, int rows, int columns, ExecutionTrace? trace);

    /// <summary>Takes the next pivots of matrices from item <paramref name="first"/> on.</summary>
    public abstract void TakePivots(
        AcceleratorEngine engine, KernelConfig config, in PivotedMemory<T> memory, int first, int size, int known, int width, ExecutionTrace? trace);
}

/// <summary>The device kernels of factorisations with one lane.</summary>
internal sealed class LaneFactorKernels<V, T> : FactorKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private static readonly Action<ArrayView<T>, ArrayView<int>, ArrayView<T>, FactorLayout, int, int, T> s_factor = CholeskyLeafKernel.Run<V, T>;
    private static readonly Action<ArrayView<T>, ArrayView<T>, FactorLayout, FactorLayout, int, int, long> s_solve = TriangularLeafKernel.Run<V, T>;
    private static readonly Action<ArrayView<T>, ArrayView<T>, int, int, int> s_reflect = HouseholderKernel.Run<V, T>;
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, long, long, int, int> s_form = HouseholderColumnsKernel.Run<V, T>;
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<int>, ArrayView<int>, int, int, int, int> s_pivot = PivotedPanelKernel.Run<V, T>;
    private readonly DeviceKernel _factor = DeviceKernel.Of(s_factor, V.IsDouble, isHot: false);
    private readonly DeviceKernel _solve = DeviceKernel.Of(s_solve, V.IsDouble, isHot: false);
    private readonly DeviceKernel _reflect = DeviceKernel.Of(s_reflect, V.IsDouble, isHot: false);
    private readonly DeviceKernel _form = DeviceKernel.Of(s_form, V.IsDouble, isHot: false);
    private readonly DeviceKernel _pivot = DeviceKernel.Of(s_pivot, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceKernel> All => [_factor, _solve, _reflect, _form, _pivot];

    /// <inheritdoc/>
    public override void FactorLeaf(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> matrix, ArrayView<int> failed, ArrayView<T> pivots, in FactorLayout layout, int size, int firstPivot, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(_factor.Name, _factor, static accelerator => accelerator.LoadStreamKernel(s_factor), trace);
        engine.Launching(_factor.Name);
        launcher(config, matrix, failed, pivots, layout, size, firstPivot, Element.Of<T>(Element.Largest<T>()));
    }

    /// <inheritdoc/>
    public override void SolveLeaf(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> triangle, ArrayView<T> right, in FactorLayout triangles, in FactorLayout rights, int size, int width, long firstGroup, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(_solve.Name, _solve, static accelerator => accelerator.LoadStreamKernel(s_solve), trace);
        engine.Launching(_solve.Name);
        launcher(config, triangle, right, triangles, rights, size, width, firstGroup);
    }

    /// <inheritdoc/>
    public override void Reflect(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> matrices, ArrayView<T> factors, int first, int rows, int columns, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(_reflect.Name, _reflect, static accelerator => accelerator.LoadStreamKernel(s_reflect), trace);
        engine.Launching(_reflect.Name);
        launcher(config, matrices, factors, first, rows, columns);
    }

    /// <inheritdoc/>
    public override void FormQ(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> matrices, ArrayView<T> factors, ArrayView<T> q, long first, long count, int rows, int columns, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(_form.Name, _form, static accelerator => accelerator.LoadStreamKernel(s_form), trace);
        engine.Launching(_form.Name);
        launcher(config, matrices, factors, q, first, count, rows, columns);
    }

    /// <inheritdoc/>
    public override void TakePivots(
        AcceleratorEngine engine, KernelConfig config, in PivotedMemory<T> memory, int first, int size, int known, int width, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(_pivot.Name, _pivot, static accelerator => accelerator.LoadStreamKernel(s_pivot), trace);
        engine.Launching(_pivot.Name);
        launcher(
            config, memory.Matrices.View, memory.Panels.View, memory.Residuals.View, memory.Bounds.View, memory.Places.View, memory.Outcomes.View, first, size, known, width);
    }
}
