namespace FusionKernels;

/// <summary>What a Gram computation will cost, before anything runs.</summary>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Features">Features of a row.</param>
/// <param name="Flops">Operations, a transcendental function counting as one.</param>
/// <param name="InputBytes">Bytes of the operands.</param>
/// <param name="ResultBytes">Bytes of the result.</param>
/// <param name="WorkingBytes">The most bytes that the computation holds beside operands and result, on the device that was asked about.</param>
/// <param name="Tiling">The kernel and its tiles, in words.</param>
public sealed record GramPlanSummary(
    int Rows, int Columns, int Features, double Flops, long InputBytes, long ResultBytes, long WorkingBytes, string Tiling);
