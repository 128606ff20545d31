using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Downloads each tile and keeps its largest values: a transfer takes longer than to look the tile through.</summary>
internal readonly unsafe struct NearestOnHost<T>(AcceleratorEngine engine, int count, bool excludeSelf, int* indices, T* values)
    : IDeviceTileConsumer<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int _count = count;
    private readonly int* _indices = indices;
    private readonly T* _values = values;
    private readonly NearestColumns<Lanes1<T>, T> _nearest = new(count, excludeSelf, indices, values);

    /// <inheritdoc/>
    public void Accept(int row, int column, in DeviceMatrix<T> tile, AcceleratorBuffer<T> memory)
    {
        T* host = Scratch.Get<T>(ScratchSlot.TileValues, (nint)tile.Rows * tile.Columns);
        engine.Download<T>(memory, 0, new Span<T>(host, tile.Rows * tile.Columns));
        _nearest.Accept(row, tile.Rows, column, tile.Columns, host, tile.Columns);
    }

    /// <inheritdoc/>
    public void Restart(int row, int rows)
    {
        new Span<int>(_indices + ((long)row * _count), rows * _count).Fill(-1);
        new Span<T>(_values + ((long)row * _count), rows * _count).Fill(Element.Of<T>(double.NaN));
    }
}
