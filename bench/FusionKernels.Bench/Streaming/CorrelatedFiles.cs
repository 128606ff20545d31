namespace FusionKernels.Bench;

/// <summary>Two float32 views of known correlations as .npy files in a folder of their own, which goes with this object.</summary>
internal sealed class CorrelatedFiles : IDisposable
{
    /// <summary>Columns of each view that share something with the other's.</summary>
    private const int MostShared = 10;

    private readonly DirectoryInfo _folder;

    /// <summary>Writes the files and waits until the disk has them.</summary>
    /// <param name="folder">Where the files' folder is made.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Columns of each view.</param>
    /// <exception cref="IOException">The disk is full or failed; nothing stays.</exception>
    public CorrelatedFiles(string folder, long rows, int width)
    {
        (Rows, Width) = (rows, width);
        _folder = Directory.CreateDirectory(Path.Combine(folder, $"fusionkernels-{Path.GetRandomFileName()}"));
        Paths = [Path.Combine(_folder.FullName, "x.npy"), Path.Combine(_folder.FullName, "y.npy")];
        try
        {
            Write();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The files: rows x width each.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Rows.</summary>
    public long Rows { get; }

    /// <summary>Columns of each view.</summary>
    public int Width { get; }

    /// <summary>Columns of each view that share something with the other's: so many correlations are not 0.</summary>
    public int Shared => SharedOf(Width);

    /// <summary>Bytes of all elements.</summary>
    public long Bytes => 2 * Rows * Width * sizeof(float);

    /// <summary>
    /// The correlation that so many rows show: r + c (1 - r²) / r, r that of the population and c = width / rows, since noise correlates with
    /// noise a little (Bao, Hu, Pan and Zhou 2019, Annals of Statistics 47, Theorem 1.8).
    /// </summary>
    /// <param name="component">From 0 to <see cref="Shared"/>, of <see cref="LeastRows"/> or more.</param>
    public double Expected(int component)
    {
        double r = Samples.SharedCorrelation(component, Shared);
        return r + ((double)Width / Rows * (1 - (r * r)) / r);
    }

    /// <summary>Rows of which noise adds a tenth to the least correlation: with fewer, what it adds is no longer known well.</summary>
    /// <param name="width">Columns of each view.</param>
    public static long LeastRows(int width)
    {
        int shared = SharedOf(width);
        return (long)(10.0 * width / Math.Pow(Samples.SharedCorrelation(shared - 1, shared), 2));
    }

    /// <summary>Deletes the files and their folder.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private static int SharedOf(int width) => Math.Min(MostShared, width);

    private void Write()
    {
        int chunk = ViewFiles<float>.ChunkRows(2 * Width, Rows);
        Random[] random = [new(5), new(6)];
        float[][] views = [new float[chunk * Width], new float[chunk * Width]];
        using NpyWriter<float> x = new(Paths[0], Rows, Width), y = new(Paths[1], Rows, Width);
        for (long first = 0; first < Rows; first += chunk)
        {
            int elements = (int)Math.Min(chunk, Rows - first) * Width;
            Parallel.For(0, views.Length, view => Samples.Fill(views[view].AsSpan(0, elements), random[view]));
            Samples.Share(views[0].AsSpan(0, elements), views[1].AsSpan(0, elements), Width, Shared);
            x.Append(views[0].AsSpan(0, elements));
            y.Append(views[1].AsSpan(0, elements));
        }

        x.Complete();
        y.Complete();
    }
}
