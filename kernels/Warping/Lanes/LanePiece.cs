namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>Series of x that meet a group of lanes.</summary>
/// <param name="Column">The first of y, in the order of lengths.</param>
/// <param name="EndColumn">Behind the last one, at most as many as there are lanes.</param>
/// <param name="FirstRow">The first of x, likewise.</param>
/// <param name="EndRow">Behind the last one.</param>
internal readonly record struct LanePiece(int Column, int EndColumn, int FirstRow, int EndRow);
