namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>How all pairs fall into pieces, a group of lanes and a few series of x each: pure.</summary>
/// <param name="rows">Lengths of the series of x, ascending.</param>
/// <param name="columns">Those of the series of y, whose place is in the lanes.</param>
/// <param name="isSymmetric">Whether x stands against itself, so that a pair is computed once.</param>
/// <param name="lanes">Pairs side by side.</param>
internal sealed class LanePieces(int[] rows, int[] columns, bool isSymmetric, int lanes)
{
    private int Groups => (columns.Length + lanes - 1) / lanes;

    /// <summary>The pieces, the longest first.</summary>
    /// <param name="threads">Threads that share them.</param>
    /// <param name="parts">Alignments of each pair.</param>
    public LanePiece[] Split(int threads, int parts)
    {
        long all = 0;
        for (int group = 0; group < Groups; group++) all += RowsOf(group);

        // A few pieces for each thread, each short enough that a cancelled call returns at once; packing costs as much as a few rows of tables.
        double cellsOfRow = (double)lanes * rows[^1] * columns[^1] * parts;
        double fewest = Math.Ceiling(256.0 / rows[^1]);
        int most = (int)Math.Clamp(Math.Max(fewest, Math.Min(all / (8.0 * threads), 2e8 / cellsOfRow)), 1, LaneGroup<byte>.PieceRows);
        List<LanePiece> pieces = [];
        for (int group = Groups - 1; group >= 0; group--)
        {
            int end = RowsOf(group);
            for (int row = 0; row < end; row += most) pieces.Add(new(StartOf(group), StartOf(group + 1), row, Math.Min(row + most, end)));
        }

        return [.. pieces];
    }

    /// <summary>Cells that the lanes pass over in some pieces, windows disregarded: a lane goes on to the end of the longest series beside it, and is computed where it holds none.</summary>
    public double Cells(ReadOnlySpan<LanePiece> pieces)
    {
        double cells = 0;
        foreach (LanePiece piece in pieces)
        {
            for (int row = piece.FirstRow; row < piece.EndRow; row++) cells += (double)rows[row] * columns[piece.EndColumn - 1] * lanes;
        }

        return cells;
    }

    /// <summary>The first column of a group. Where pairs are computed once the first group meets the fewest rows: it is the one that is not full.</summary>
    private int StartOf(int group) => isSymmetric
        ? Math.Max(0, columns.Length - ((Groups - group) * lanes))
        : Math.Min(group * lanes, columns.Length);

    /// <summary>Rows that meet a group of columns: all, or those up to its last column where pairs are computed once.</summary>
    private int RowsOf(int group) => isSymmetric ? StartOf(group + 1) : rows.Length;
}
