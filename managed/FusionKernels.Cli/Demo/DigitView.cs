namespace FusionKernels.Cli;

/// <summary>One way of looking at the images.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What its features are.</param>
/// <param name="Rows">Images x features, the variances of the features adding up to 1.</param>
internal sealed record DigitView(string Name, string Description, double[][] Rows)
{
    private const int Edge = Digits.Edge;

    /// <summary>Half of the spectrum: the other half of a real image's repeats it.</summary>
    private const int Frequencies = (Edge / 2) + 1;

    private const int Orientations = 8;
    private const int HighestMoment = 4;

    /// <summary>Features of an image.</summary>
    public int Features => Rows[0].Length;

    /// <summary>The five views of the images.</summary>
    public static IReadOnlyList<DigitView> All(Digits digits) =>
    [
        Of("pixels", "the 64 grey values", digits, image => image),
        Of("fourier", "magnitudes of the two-dimensional discrete Fourier transform", digits, Fourier),
        Of("profiles", "mean grey of each row and of each column", digits, Profiles),
        Of("gradients", "histograms of the edge directions in the four quadrants", digits, Gradients),
        Of("moments", "mass, centre and central moments up to the fourth, each brought to variance 1", digits, Moments, standardize: true),
    ];

    private static DigitView Of(string name, string description, Digits digits, Func<double[], double[]> extract, bool standardize = false)
    {
        double[][] rows = [.. digits.Pixels.Select(extract)];
        double[] variances = Variances(rows);
        double total = variances.Sum();
        return new(name, description, [.. rows.Select(row => Scale(row, k => standardize ? variances[k] * variances.Length : total))]);
    }

    private static double[] Scale(double[] row, Func<int, double> variance) =>
        [.. row.Select((value, k) => variance(k) > 0 ? value / Math.Sqrt(variance(k)) : 0)];

    private static double[] Variances(double[][] rows)
    {
        double[] variances = new double[rows[0].Length];
        for (int k = 0; k < variances.Length; k++)
        {
            double mean = rows.Average(row => row[k]);
            variances[k] = rows.Average(row => (row[k] - mean) * (row[k] - mean));
        }

        return variances;
    }

    private static double[] Fourier(double[] image)
    {
        double[] magnitudes = new double[Edge * Frequencies];
        for (int u = 0; u < Edge; u++)
        {
            for (int v = 0; v < Frequencies; v++)
            {
                double real = 0, imaginary = 0;
                for (int at = 0; at < image.Length; at++)
                {
                    (double sin, double cos) = Math.SinCos(2 * Math.PI * ((u * (at / Edge)) + (v * (at % Edge))) / Edge);
                    real += image[at] * cos;
                    imaginary -= image[at] * sin;
                }

                magnitudes[(u * Frequencies) + v] = Math.Sqrt((real * real) + (imaginary * imaginary));
            }
        }

        return magnitudes;
    }

    private static double[] Profiles(double[] image)
    {
        double[] profiles = new double[2 * Edge];
        for (int at = 0; at < image.Length; at++)
        {
            profiles[at / Edge] += image[at] / Edge;
            profiles[Edge + (at % Edge)] += image[at] / Edge;
        }

        return profiles;
    }

    /// <summary>Central differences, beyond the border 0; each pixel's strength goes to the two nearest directions of its quadrant.</summary>
    private static double[] Gradients(double[] image)
    {
        double[] histograms = new double[4 * Orientations];
        for (int row = 0; row < Edge; row++)
        {
            for (int column = 0; column < Edge; column++)
            {
                double dx = (Grey(image, row, column + 1) - Grey(image, row, column - 1)) / 2;
                double dy = (Grey(image, row + 1, column) - Grey(image, row - 1, column)) / 2;
                double strength = Math.Sqrt((dx * dx) + (dy * dy));
                double direction = ((Math.Atan2(dy, dx) / (2 * Math.PI)) + 1) % 1 * Orientations;
                int lower = (int)direction % Orientations, first = ((row / 4 * 2) + (column / 4)) * Orientations;
                double upperShare = direction - Math.Floor(direction);
                histograms[first + lower] += strength * (1 - upperShare);
                histograms[first + ((lower + 1) % Orientations)] += strength * upperShare;
            }
        }

        return histograms;
    }

    private static double Grey(double[] image, int row, int column) =>
        row is >= 0 and < Edge && column is >= 0 and < Edge ? image[(row * Edge) + column] : 0;

    private static double[] Moments(double[] image)
    {
        double mass = image.Sum();
        double x = image.Select((grey, at) => grey * (at % Edge)).Sum() / mass, y = image.Select((grey, at) => grey * (at / Edge)).Sum() / mass;
        List<double> moments = [mass, x, y];
        for (int p = 0; p <= HighestMoment; p++)
        {
            for (int q = 0; p + q <= HighestMoment; q++)
            {
                if (p + q < 2) continue;
                moments.Add(image.Select((grey, at) => grey * Math.Pow((at % Edge) - x, p) * Math.Pow((at / Edge) - y, q)).Sum() / mass);
            }
        }

        return [.. moments];
    }
}
