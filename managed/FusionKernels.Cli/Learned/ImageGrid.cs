using System.Numerics;

namespace FusionKernels.Cli;

/// <summary>Images of the second view in pairs: as they are, and as the first view tells them.</summary>
internal static class ImageGrid
{
    private const int Most = 20;

    /// <summary>Writes the picture: rows of images as they are, each above the same images rebuilt.</summary>
    public static void Write<T>(string path, AlignScores<T> scores, IAlignedPair<T> fitted, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using AtomicFile file = new(path);
        file.Stream.Write(ImagePairs.Png(scores.B, fitted.RebuildB(scores.A)!, Choose(scores), height, width));
        file.Commit();
    }

    /// <summary>Two rows of every class in turn, or the first rows.</summary>
    private static int[] Choose<T>(AlignScores<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scores.Labels is null) return [.. Enumerable.Range(0, Math.Min(Most, scores.Rows))];
        int[][] classes = [.. Enumerable.Range(0, scores.Rows).GroupBy(row => scores.Labels.Indices[row]).OrderBy(group => group.Key).Select(group => group.ToArray())];
        return [.. Enumerable.Range(0, Most).SelectMany(turn => classes.Where(rows => turn < rows.Length).Select(rows => rows[turn])).Take(Most)];
    }
}
