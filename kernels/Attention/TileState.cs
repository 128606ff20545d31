namespace FusionKernels.Kernels.Attention;

/// <summary>What is known of a tile of scores beside its elements; nothing where no pair was left.</summary>
/// <param name="RowStart">The first row.</param>
/// <param name="Rows">Rows; 0 where nothing was computed.</param>
/// <param name="MayBeMasked">Whether some pair may be masked.</param>
/// <param name="AnyDead">Whether some row has every lane masked.</param>
internal readonly record struct TileState(int RowStart, int Rows, bool MayBeMasked, bool AnyDead);
