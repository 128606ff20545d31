using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Grams;

/// <summary>Takes tiles of a Gram matrix that is not stored, where they lie on the device.</summary>
internal interface IDeviceTileConsumer<T>
    where T : unmanaged
{
    /// <summary>Takes the tile that begins at (row, column) and fills the first elements of its memory, dense; the tiles of one block of rows come from left to right. The memory is used again when this returns.</summary>
    void Accept(int row, int column, in DeviceMatrix<T> tile, AcceleratorBuffer<T> memory);

    /// <summary>Forgets the tiles of some rows, of which the device could not hold all: they come again from the first column on, in smaller ones.</summary>
    void Restart(int row, int rows);
}
