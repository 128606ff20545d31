using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>The shared memory of a group of <see cref="JacobiEigenKernel"/>.</summary>
/// <typeparam name="V">The lane.</typeparam>
internal struct JacobiMemory<V>
    where V : unmanaged
{
    /// <summary>The lower half of the matrix, row by row.</summary>
    public ArrayView<V> Matrix;

    /// <summary>The product of the rotations, row by row.</summary>
    public ArrayView<V> Vectors;

    /// <summary>The sine of each rotation under way; of each column its sign at the end.</summary>
    public ArrayView<V> Sines;

    /// <summary>The tangent of half the angle of each rotation under way.</summary>
    public ArrayView<V> Halves;

    /// <summary>One value per thread, of which the largest is sought.</summary>
    public ArrayView<V> Largest;

    /// <summary>The column that comes at each place of the result.</summary>
    public ArrayView<int> Columns;

    /// <summary>Elements from row to row: odd, so that a column falls into different banks.</summary>
    public int Stride;

    /// <summary>The place of a symmetric matrix's element in its lower half.</summary>
    public static int Lower(int row, int column, int stride) => row < column ? (column * stride) + row : (row * stride) + column;
}
