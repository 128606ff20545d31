using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Triangular solves on any engine.</summary>
internal static unsafe class TriangularRun
{
    /// <summary>Replaces right-hand sides by the solution of L X = B, of Lᵀ X = B, or of one after the other.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="triangle">size x size; the lower half is read.</param>
    /// <param name="right">size x width, one stride 1.</param>
    /// <param name="forward">Whether to solve with L.</param>
    /// <param name="backward">Whether to solve with Lᵀ, after that.</param>
    /// <param name="settings">How to run.</param>
    public static void Solve<T>(Engine engine, MatrixRef<T> triangle, MatrixRef<T> right, bool forward, bool backward, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* l = triangle, b = right)
        {
            TriangularCall<T> call = new() { Triangle = triangle.At(l), Right = right.At(b), IsForward = forward, IsBackward = backward, Settings = settings };
            engine.Execute(ref call);
        }
    }
}
