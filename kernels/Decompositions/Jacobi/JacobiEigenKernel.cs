using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>The eigenvalues and vectors of small symmetric matrices by Jacobi's rotations: a group owns a matrix.</summary>
/// <remarks>
/// Matrix and vectors stand in shared memory. The rows play a tournament: of even n they meet in n - 1 rounds of n / 2 disjoint
/// pairs (Golub and Van Loan 2013, section 8.5.6), so that a round's rotations do not touch each other's elements: the 2 x 2
/// block where two pairs cross is one thread's to read and to write. Two barriers a round. Whatever is decided is decided by
/// largest values, so that bits depend neither on the group's size nor on timing.
/// </remarks>
internal static class JacobiEigenKernel
{
    /// <summary>The most threads of a group; a group's size is a power of two.</summary>
    public const int MaxGroupSize = 256;

    /// <summary>The outcome of a matrix that did not converge; otherwise it is the number of sweeps.</summary>
    public const int NotConverged = -1;

    /// <summary>The outcome of a matrix that holds NaN or infinity; nothing is written for it.</summary>
    public const int NotFinite = -2;

    /// <summary>The kernel.</summary>
    /// <param name="matrix">Memory of the matrices.</param>
    /// <param name="values">Memory of the values.</param>
    /// <param name="vectors">Memory of the vectors.</param>
    /// <param name="outcomes">Of each matrix the sweeps it took, or what went wrong.</param>
    /// <param name="shape">Sizes, places, choices.</param>
    /// <param name="tolerance">What an element may come to, squared, in the units of <see cref="JacobiShape.IsRelative"/>.</param>
    /// <param name="floor">What counts as zero wherever it stands.</param>
    public static void Run<V, T, TOrder>(
        ArrayView<T> matrix, ArrayView<T> values, ArrayView<T> vectors, ArrayView<int> outcomes, JacobiShape shape, T tolerance, T floor)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TOrder : struct, IJacobiOrder
    {
        JacobiMemory<V> memory = new()
        {
            Matrix = SharedMemory.Allocate<V>(TOrder.Order * (TOrder.Order + 1)),
            Vectors = SharedMemory.Allocate<V>(TOrder.Order * (TOrder.Order + 1)),
            Sines = SharedMemory.Allocate<V>(TOrder.Order),
            Halves = SharedMemory.Allocate<V>(TOrder.Order / 2),
            Largest = SharedMemory.Allocate<V>(MaxGroupSize),
            Columns = SharedMemory.Allocate<int>(TOrder.Order),
            Stride = TOrder.Order + 1,
        };
        long number = shape.FirstMatrix + Grid.IdxX;
        int even = shape.Order + (shape.Order & 1);
        V power = V.Constant(0);
        V largest = JacobiStaging.Load<V, T>(matrix, memory, shape, number, even);
        bool isFinite = V.IsLess(largest, V.Constant(double.PositiveInfinity));
        if (shape.IsScaled != 0 && isFinite) power = JacobiStaging.Scale<V, T>(memory, even, largest);

        int sweeps = 0;
        bool goesOn = isFinite && JacobiRotations.IsCoupled<V, T>(memory, shape, even, tolerance, floor);
        while (goesOn && sweeps < shape.MostSweeps)
        {
            for (int round = 0; round < even - 1; round++)
            {
                JacobiRotations.Choose<V, T>(memory, shape, even, round, tolerance, floor);

                // The rotations must stand before they are applied.
                Group.Barrier();
                JacobiRotations.Apply<V, T>(memory, even, round);

                // All must have been applied before the next are chosen.
                Group.Barrier();
            }

            sweeps++;
            goesOn = JacobiRotations.IsCoupled<V, T>(memory, shape, even, tolerance, floor);
        }

        if (Group.IdxX == 0) outcomes[number] = isFinite ? goesOn ? NotConverged : sweeps : NotFinite;
        if (isFinite) JacobiStaging.Store<V, T>(values, vectors, memory, shape, number, power);
    }
}
