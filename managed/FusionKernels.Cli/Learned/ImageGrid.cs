using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>Images of the second view in pairs: as they are, and as the first view tells them.</summary>
internal static class ImageGrid
{
    private const int Most = 20, AcrossAtMost = 10, Scale = 4, Gap = 6;

    /// <summary>Writes the picture: rows of images as they are, each above the same images rebuilt.</summary>
    public static void Write<T>(string path, AlignScores<T> scores, IAlignedPair<T> fitted, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> rebuilt = fitted.RebuildB(scores.A)!;
        int[] shown = Choose(scores);
        int across = Math.Min(AcrossAtMost, shown.Length), down = (shown.Length + across - 1) / across;
        byte[,] pixels = new byte[(down * ((2 * ((height * Scale) + Gap)) + Gap)) + Gap, (across * ((width * Scale) + Gap)) + Gap];
        (double least, double most) = Range(scores.B, shown);
        for (int at = 0; at < shown.Length; at++)
        {
            int left = Gap + (at % across * ((width * Scale) + Gap)), top = Gap + (at / across * ((2 * ((height * Scale) + Gap)) + Gap));
            Draw(scores.B, shown[at], left, top);
            Draw(rebuilt, shown[at], left, top + (height * Scale) + Gap);
        }

        // The last colour is paper, between the images; what they hold are greys from white to black.
        (byte, byte, byte)[] palette = [.. Enumerable.Range(0, 255).Select(value => ((byte)(255 - value), (byte)(255 - value), (byte)(255 - value))), (214, 220, 230)];
        byte[,] framed = new byte[pixels.GetLength(0), pixels.GetLength(1)];
        for (int i = 0; i < framed.GetLength(0); i++)
        {
            for (int j = 0; j < framed.GetLength(1); j++) framed[i, j] = (byte)(pixels[i, j] - 1);
        }

        using AtomicFile file = new(path);
        file.Stream.Write(PngImage.Write(framed, palette));
        file.Commit();

        // 0 is where nothing is drawn; greys are 1 to 255, and one less in the file.
        void Draw(Tensor<T> images, int row, int left, int top)
        {
            for (int i = 0; i < height * Scale; i++)
            {
                for (int j = 0; j < width * Scale; j++)
                {
                    double share = (double.CreateChecked(images[row, (i / Scale * width) + (j / Scale)]) - least) / (most - least);
                    pixels[top + i, left + j] = (byte)(1 + Math.Round(254 * Math.Clamp(share, 0, 1)));
                }
            }
        }
    }

    /// <summary>Two rows of every class in turn, or the first rows.</summary>
    private static int[] Choose<T>(AlignScores<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scores.Labels is null) return [.. Enumerable.Range(0, Math.Min(Most, scores.Rows))];
        int[][] classes = [.. Enumerable.Range(0, scores.Rows).GroupBy(row => scores.Labels.Indices[row]).OrderBy(group => group.Key).Select(group => group.ToArray())];
        return [.. Enumerable.Range(0, Most).SelectMany(turn => classes.Where(rows => turn < rows.Length).Select(rows => rows[turn])).Take(Most)];
    }

    private static (double Least, double Most) Range<T>(Tensor<T> images, int[] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (int row in rows)
        {
            for (int j = 0; j < images.Lengths[1]; j++)
            {
                double value = double.CreateChecked(images[row, j]);
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            }
        }

        return (least, most > least ? most : least + 1);
    }
}
