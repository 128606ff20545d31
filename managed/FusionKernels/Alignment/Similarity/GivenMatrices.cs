using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>The precomputed matrices of a kernel, pinned for the length of one call.</summary>
/// <typeparam name="T">The element of the computation.</typeparam>
internal readonly struct GivenMatrices<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MemoryHandle[] _handles;

    /// <summary>Checks and pins the matrices.</summary>
    /// <exception cref="ArgumentException">A matrix has another shape or element than the computation.</exception>
    public GivenMatrices(Kernel.Compiled kernel, int rows, int columns)
    {
        _handles = kernel.Given.Length == 0 ? [] : new MemoryHandle[kernel.Given.Length];
        Operands = kernel.Given.Length == 0 ? [] : new Operand<T>[kernel.Given.Length];
        for (int i = 0; i < kernel.Given.Length; i++)
        {
            if (kernel.Given[i] is not Tensor<T> matrix)
            {
                throw new ArgumentException($"a precomputed kernel of another precision meets rows of {Element.NameOf<T>()}: convert one of them", nameof(kernel));
            }

            if (matrix.Lengths[0] != rows || matrix.Lengths[1] != columns)
            {
                throw new ArgumentException($"a precomputed kernel is {Shape.Of(matrix.Lengths)}, the Gram matrix is {rows} x {columns}", nameof(kernel));
            }

            _handles[i] = matrix.GetPinnedHandle();
            Operands[i] = Operand<T>.Pinned(_handles[i], rows, columns, matrix.Strides[0], matrix.Strides[1]);
        }
    }

    /// <summary>The matrices, by number.</summary>
    public Operand<T>[] Operands { get; }

    /// <summary>Unpins.</summary>
    public void Dispose()
    {
        foreach (MemoryHandle handle in _handles) handle.Dispose();
    }
}
