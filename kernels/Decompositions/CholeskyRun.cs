using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Cholesky factorisations on any engine.</summary>
internal static unsafe class CholeskyRun
{
    /// <summary>Factors matrices that lie one behind the other, in place; the upper halves are left undefined.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="matrices">count x size x size, both halves filled.</param>
    /// <param name="count">Matrices.</param>
    /// <param name="size">Rows of a matrix.</param>
    /// <param name="failed">By matrix: receives the first pivot that failed, or -1.</param>
    /// <param name="pivots">By matrix: receives the value of that pivot.</param>
    /// <param name="settings">How to run.</param>
    public static void Factor<T>(Engine engine, Span<T> matrices, int count, int size, Span<int> failed, Span<T> pivots, in RunSettings settings)
        where T : unmanaged => Factor(engine, MatrixRef<T>.Of(matrices, checked(count * size), size), count, size, failed, pivots, settings);

    /// <inheritdoc cref="Factor{T}(Engine, Span{T}, int, int, Span{int}, Span{T}, in RunSettings)"/>
    public static void Factor<T>(Engine engine, MatrixRef<T> matrices, int count, int size, Span<int> failed, Span<T> pivots, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* values = matrices, pivot = pivots)
        fixed (int* first = failed)
        {
            CholeskyCall<T> call = new() { Matrices = matrices.At(values), Count = count, Size = size, Failed = first, Pivots = pivot, Settings = settings };
            engine.Execute(ref call);
        }
    }
}
