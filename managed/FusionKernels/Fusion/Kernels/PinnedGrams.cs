using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Gram matrices of the same rows, checked and pinned for the length of one call.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct PinnedGrams<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MemoryHandle[] _handles;

    /// <summary>Checks and pins.</summary>
    /// <exception cref="ArgumentException">There is none, shapes differ, or an element is not finite.</exception>
    /// <param name="grams">The matrices.</param>
    /// <param name="rows">Rows of each.</param>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="requireFinite">Whether to look for elements that are not finite here; false where a pass over them does.</param>
    public PinnedGrams(IReadOnlyList<Tensor<T>> grams, int rows, string operation, bool requireFinite)
    {
        ArgumentNullException.ThrowIfNull(grams);
        HostExecution.RequireElement<T>(operation);
        if (grams.Count == 0) throw new ArgumentException("there are no kernels to weight", nameof(grams));
        for (int m = 0; m < grams.Count; m++)
        {
            if (grams[m].Rank != 2 || grams[m].Lengths[0] != rows || grams[m].Lengths[1] != rows)
            {
                throw new ArgumentException($"Gram matrix {m} is {Shape.Of(grams[m].Lengths)}; with targets of {rows} rows, {rows} x {rows} is needed", nameof(grams));
            }

            if (requireFinite) DecompositionInput.RequireFinite(grams[m].AsReadOnlyTensorSpan().AsMatrix(nameof(grams)), $"{nameof(grams)}[{m}]");
        }

        _handles = [.. grams.Select(gram => gram.GetPinnedHandle())];
        Operands = new Operand<T>[grams.Count];
        for (int m = 0; m < grams.Count; m++) Operands[m] = Operand<T>.Pinned(_handles[m], rows, rows, grams[m].Strides[0], grams[m].Strides[1]);
    }

    /// <summary>The matrices.</summary>
    public Operand<T>[] Operands { get; }

    /// <summary>Unpins.</summary>
    public void Dispose()
    {
        foreach (MemoryHandle handle in _handles) handle.Dispose();
    }
}
