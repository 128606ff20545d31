namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Where a part of a problem begins in the whole, for what is drawn by number.</summary>
/// <param name="Item">Its first item.</param>
/// <param name="Head">Its first query head.</param>
internal readonly record struct AttentionOrigin(int Item, int Head);
