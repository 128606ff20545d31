using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Symmetric matrices as factorisations take them.</summary>
internal static unsafe class FactorInput
{
    /// <summary>Copies the lower half of a symmetric matrix into both halves, row by row.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="matrix">size x size in host memory.</param>
    /// <param name="copy">Receives size x size elements.</param>
    /// <param name="settings">How to run.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <exception cref="ArgumentException">An element is not finite, or the matrix is not symmetric; the place is named.</exception>
    public static void Symmetric<T>(HostEngine engine, MatrixRef<T> matrix, Span<T> copy, in RunSettings settings, string name)
        where T : unmanaged
    {
        fixed (T* values = matrix, target = copy) RidgeMatrix.Fill(engine, matrix.At(values), 0, target, settings, name);
    }
}
