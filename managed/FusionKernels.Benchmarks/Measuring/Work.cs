namespace FusionKernels.Bench;

/// <summary>What one run of a case has to do, however it is done.</summary>
/// <param name="Flops">Floating-point operations; a multiply-add counts as two.</param>
/// <param name="Exponentials">Exponentials.</param>
/// <param name="BytesRead">Bytes of operands, each counted once.</param>
/// <param name="BytesWritten">Bytes of results.</param>
/// <param name="Cells">Cells of alignment tables.</param>
/// <param name="Rows">Rows of data, where the field counts speed in them: those that are learned from, correlated or classified.</param>
internal readonly record struct Work(double Flops, double Exponentials, double BytesRead, double BytesWritten, double Cells = 0, double Rows = 0);
