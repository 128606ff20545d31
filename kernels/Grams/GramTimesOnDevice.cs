using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Grams;

/// <summary>Multiplies each tile with its rows of V on the device; a row's tiles add up from left to right.</summary>
internal readonly struct GramTimesOnDevice<T>(AcceleratorEngine engine, DeviceMatrix<T> vectors, DeviceMatrix<T> result, RunSettings settings)
    : IDeviceTileConsumer<T>
    where T : unmanaged, INumberBase<T>
{
    /// <inheritdoc/>
    public void Accept(int row, int column, in DeviceMatrix<T> tile, AcceleratorBuffer<T> memory)
    {
        DeviceProduct<T> product = new()
        {
            X = tile,
            Y = vectors.Range(column, tile.Columns, 0, vectors.Columns).Transposed,
            Result = result.Range(row, tile.Rows, 0, result.Columns),
            IsSymmetric = false,
        };
        RunSettings silent = settings with { Progress = null };
        if (column == 0) TiledProductDevice.Run<T, DotTerm<T>, Scaled<T>>(engine, product, new(T.One), silent);
        else TiledProductDevice.Run<T, DotTerm<T>, ScaledSum<T>>(engine, product, new(T.One, T.One), silent);
    }

    /// <summary>Nothing: the tile of the first column overwrites what stands there.</summary>
    public void Restart(int row, int rows)
    {
    }
}
