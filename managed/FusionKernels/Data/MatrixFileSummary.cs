namespace FusionKernels;

/// <summary>A matrix that was computed block by block into a file.</summary>
/// <param name="Path">The .npy file.</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="ResumedRows">Rows that an earlier, interrupted call had already written; 0 when all were computed now.</param>
/// <param name="Discarded">Why the work of an interrupted call was discarded, in words; null when there was none, or when it was resumed.</param>
public sealed record MatrixFileSummary(string Path, int Rows, int Columns, int ResumedRows, string? Discarded);
