namespace FusionKernels.Cli;

/// <summary>What <c>gram</c> tells about its work.</summary>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Features">Features of an input row.</param>
/// <param name="Kernel">The kernel's formula with its parameters.</param>
/// <param name="Device">The device that ran.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Seconds">Wall time of the computation, and of writing where the matrix goes to the disk block by block.</param>
/// <param name="Gflops">10^9 operations a second.</param>
/// <param name="PeakBytes">The most memory that the computation held at one time, operands included.</param>
/// <param name="Output">The file.</param>
/// <param name="ResumedRows">Rows that an interrupted run had already written.</param>
internal sealed record GramResult(
    int Rows,
    int Columns,
    int Features,
    string Kernel,
    string Device,
    string Precision,
    double Seconds,
    double Gflops,
    long PeakBytes,
    string Output,
    int ResumedRows);
