using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Grams;

/// <content>Blocks of rows and tiles, and how they shrink when the device runs out of memory.</content>
internal sealed partial class GramDevice<T>
{
    /// <summary>The fewest rows of a block or a tile: below, launches cost more than they compute.</summary>
    private const int SmallestEdge = 64;

    /// <summary>Rows of a block that is brought to the host at a time, at most.</summary>
    private int _blockRows = int.MaxValue;

    /// <summary>Rows and columns of a tile, at most; parts of a problem have those of the whole.</summary>
    private int _edge = GramPlan.LargestDeviceEdge;

    private (int Rows, int Columns) TileSize => (Math.Clamp(_x.Rows, 1, _edge), Math.Clamp(_y.Rows, 1, _edge));

    /// <summary>Does work that needs tiles, again in smaller ones while the device has no room for them.</summary>
    private TResult Tiled<TResult>(Func<TResult> work)
    {
        while (true)
        {
            try
            {
                return work();
            }
            catch (DeviceOutOfMemoryException full)
            {
                if (!TryHalveTiles()) throw Full(full);
            }
        }
    }

    /// <summary>Halves the tiles, unless they are as small as they get.</summary>
    private bool TryHalveTiles()
    {
        (int rows, int columns) = TileSize;
        int edge = Math.Max(rows, columns);
        if (edge <= SmallestEdge) return false;
        _edge = Half(edge);
        _tileProgram?.Dispose();
        _tileProgram = null;
        _problem.Settings.Trace?.Retries += 1;
        return true;
    }

    /// <summary>Halves what a failed block of so many rows took: the block itself where it is on its way to the host, and the tiles of a composed kernel.</summary>
    private void Shrink(DeviceOutOfMemoryException full, int rows, bool isStaged)
    {
        bool halvesTiles = _program.Single is null && TryHalveTiles();
        if (isStaged && rows > SmallestEdge)
        {
            _blockRows = Half(rows);
            if (!halvesTiles) _problem.Settings.Trace?.Retries += 1;
        }
        else if (!halvesTiles)
        {
            throw Full(full, rows);
        }
    }

    private static int Half(int edge) => Math.Max(SmallestEdge, (edge + 1) / 2);

    private DeviceOutOfMemoryException Full(DeviceOutOfMemoryException cause, int? rows = null) => new(
        _problem.Settings.Operation,
        _engine.Name,
        cause.RequestedBytes,
        cause.FreeBytes,
        rows is { } block ? $"{block} x {_y.Rows}" : $"{TileSize.Rows} x {TileSize.Columns}",
        cause);
}
