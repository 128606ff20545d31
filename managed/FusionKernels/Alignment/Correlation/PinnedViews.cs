using System.Buffers;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Views whose memory stays where it is for the length of a call: all rows, or every step-th from one on.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class PinnedViews<T> : IDisposable
    where T : unmanaged
{
    private readonly MemoryHandle[] _handles;

    /// <summary>Pins.</summary>
    public PinnedViews(IReadOnlyList<Tensor<T>> views, int first, int step, int rows)
    {
        _handles = new MemoryHandle[views.Count];
        Operands = new Operand<T>[views.Count];
        for (int i = 0; i < views.Count; i++)
        {
            _handles[i] = views[i].GetPinnedHandle();
            Operand<T> whole = Operand<T>.Pinned(_handles[i], (int)views[i].Lengths[0], (int)views[i].Lengths[1], views[i].Strides[0], views[i].Strides[1]);
            Operands[i] = whole.Strided(first, step, rows);
        }
    }

    /// <summary>The views as kernels take them.</summary>
    public Operand<T>[] Operands { get; }

    /// <summary>Lets the memory go.</summary>
    public void Dispose()
    {
        foreach (MemoryHandle handle in _handles) handle.Dispose();
    }
}
