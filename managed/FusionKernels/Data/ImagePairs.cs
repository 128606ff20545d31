using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A picture of images in pairs: as they are, and below each as something tells it.</summary>
internal static class ImagePairs
{
    private const int AcrossAtMost = 10, Scale = 4, Gap = 6;

    /// <summary>The bytes of a PNG file: greys, the least value of what is shown white and the greatest black.</summary>
    /// <param name="images">rows x pixels as they are.</param>
    /// <param name="told">rows x pixels as they are told.</param>
    /// <param name="shown">The rows to show, one at least.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    public static byte[] Png<T>(Tensor<T> images, Tensor<T> told, IReadOnlyList<int> shown, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int across = Math.Min(AcrossAtMost, shown.Count), down = (shown.Count + across - 1) / across;
        (int stepDown, int stepAcross) = ((height * Scale) + Gap, (width * Scale) + Gap);
        byte[,] pixels = new byte[(down * ((2 * stepDown) + Gap)) + Gap, (across * stepAcross) + Gap];
        (double least, double most) = Range(images, shown);

        // The last colour is paper, between the images; what they hold are greys from white to black.
        const byte Paper = 255;
        for (int i = 0; i < pixels.GetLength(0); i++)
        {
            for (int j = 0; j < pixels.GetLength(1); j++) pixels[i, j] = Paper;
        }

        for (int at = 0; at < shown.Count; at++)
        {
            int left = Gap + (at % across * stepAcross), top = Gap + (at / across * ((2 * stepDown) + Gap));
            Draw(images, shown[at], left, top);
            Draw(told, shown[at], left, top + stepDown);
        }

        (byte, byte, byte)[] palette = [.. Enumerable.Range(0, Paper).Select(value => ((byte)(Paper - value), (byte)(Paper - value), (byte)(Paper - value))), (214, 220, 230)];
        return PngImage.Write(pixels, palette);

        void Draw(Tensor<T> rows, int row, int left, int top)
        {
            for (int i = 0; i < height * Scale; i++)
            {
                for (int j = 0; j < width * Scale; j++)
                {
                    double share = (double.CreateChecked(rows[row, (i / Scale * width) + (j / Scale)]) - least) / (most - least);
                    pixels[top + i, left + j] = (byte)Math.Round((Paper - 1) * Math.Clamp(share, 0, 1));
                }
            }
        }
    }

    private static (double Least, double Most) Range<T>(Tensor<T> images, IReadOnlyList<int> rows)
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
