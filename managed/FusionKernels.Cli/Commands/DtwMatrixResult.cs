using System.Text.Json.Serialization;

namespace FusionKernels.Cli;

/// <summary>What <c>dtw-matrix</c> tells about its work.</summary>
/// <param name="Pairs">Pairs that were aligned in this run; of one set each pair once, a series with itself included.</param>
/// <param name="Cells">Cells within the window of their alignment tables.</param>
/// <param name="Seconds">Wall time, writing included.</param>
/// <param name="Gcups">10^9 cells a second.</param>
/// <param name="PeakBytes">The most memory that the computation held at one time, series included.</param>
/// <param name="ResumedRows">Rows that an interrupted run had left.</param>
/// <param name="SkippedValues">Missing values that cost nothing; null where none may.</param>
internal sealed record DtwMatrixResult(
    long Pairs, long Cells, double Seconds, double Gcups, long PeakBytes, int ResumedRows, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? SkippedValues);
