namespace FusionKernels.Cli;

/// <summary>The bundled handwritten digits: 8 x 8 pixels, grey values 0 to 1, with the digit that each shows.</summary>
/// <param name="Pixels">Images x 64, row by row.</param>
/// <param name="Labels">The digit of each image.</param>
internal sealed record Digits(double[][] Pixels, int[] Labels)
{
    /// <summary>Edge of an image.</summary>
    public const int Edge = 8;

    /// <summary>Different digits.</summary>
    public const int Classes = 10;

    /// <summary>Images in the bundled file.</summary>
    public const int Available = 1797;

    private const string Resource = "digits.csv";
    private const double White = 16;

    /// <summary>Reads the first images of the bundled file, in which the digits come mixed.</summary>
    /// <param name="count">How many; at most <see cref="Available"/>.</param>
    public static Digits Load(int count = Available)
    {
        using Stream packed = typeof(Digits).Assembly.GetManifestResourceStream(Resource)!;
        using MemoryStream stream = new();
        packed.CopyTo(stream);
        stream.Position = 0;
        CsvTable table = Csv.Read(stream, Resource, new CsvReadOptions { Header = CsvHeader.Absent });
        var numbers = table.ToTensor<int>();
        double[][] pixels = new double[count][];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            pixels[i] = new double[Edge * Edge];
            for (int k = 0; k < pixels[i].Length; k++) pixels[i][k] = numbers[i, k] / White;
            labels[i] = numbers[i, Edge * Edge];
        }

        return new(pixels, labels);
    }
}
