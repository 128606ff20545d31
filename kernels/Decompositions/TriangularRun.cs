using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Triangular solves on any engine.</summary>
internal static unsafe class TriangularRun
{
    /// <summary>What happens to so many systems, and why, in words.</summary>
    public static string Tiling(Engine engine, int items, int size, int width)
    {
        string which = items == 1 ? $"{size} x {size}" : $"{items} x {size} x {size}";
        string how = items == 1 ? "" : engine is HostEngine ? ", a system a thread, for there are many" : ", of all systems at once";
        return $"{which}, {width} right-hand sides: {(size > CholeskyHost.Leaf ? $"halving to leaves of {CholeskyHost.Leaf}, all else products{how}" : $"one leaf of at most {CholeskyHost.Leaf} rows{how}")}";
    }

    /// <summary>Replaces right-hand sides by the solution of L X = B, of Lᵀ X = B, or of one after the other.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="triangle">size x size; the lower half is read.</param>
    /// <param name="right">size x width, one stride 1.</param>
    /// <param name="forward">Whether to solve with L.</param>
    /// <param name="backward">Whether to solve with Lᵀ, after that.</param>
    /// <param name="settings">How to run.</param>
    public static void Solve<T>(Engine engine, MatrixRef<T> triangle, MatrixRef<T> right, bool forward, bool backward, in RunSettings settings)
        where T : unmanaged => SolveBatch(engine, 1, triangle, right, forward, backward, settings);

    /// <summary>The same for many systems of one shape.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="items">Systems.</param>
    /// <param name="triangle">The first triangle; the others follow densely.</param>
    /// <param name="right">The first right-hand sides; likewise.</param>
    /// <param name="forward">Whether to solve with L.</param>
    /// <param name="backward">Whether to solve with Lᵀ, after that.</param>
    /// <param name="settings">How to run.</param>
    public static void SolveBatch<T>(Engine engine, int items, MatrixRef<T> triangle, MatrixRef<T> right, bool forward, bool backward, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* l = triangle, b = right)
        {
            TriangularCall<T> call = new() { Items = items, Triangle = triangle.At(l), Right = right.At(b), IsForward = forward, IsBackward = backward, Settings = settings };
            engine.Execute(ref call);
        }
    }
}
