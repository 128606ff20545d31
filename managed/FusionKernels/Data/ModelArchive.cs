using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Reads the .npz file of a fitted model or state: its kind and version first, then arrays whose shapes are checked before they are read.</summary>
/// <remarks>The kind is the name of an array that holds the version: a single int64.</remarks>
internal sealed class ModelArchive : IDisposable
{
    private readonly string path;
    private readonly NpzArchive archive;

    private ModelArchive(string path, NpzArchive archive) => (this.path, this.archive) = (path, archive);

    /// <summary>Begins a file of this kind.</summary>
    public static NpzWriter Create(string path, string kind, long version)
    {
        NpzWriter writer = new(path);
        try
        {
            writer.Add(kind, Tensor.Create([version], [1]));
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Adds texts as UTF-16, each ended by 0: arrays of text are not portable.</summary>
    public static void AddText(NpzWriter file, string name, IEnumerable<string> texts)
    {
        long[] codes = [.. texts.SelectMany(text => text.Append('\0')).Select(letter => (long)letter)];
        file.Add(name, Tensor.Create(codes, [codes.Length]));
    }

    /// <summary>Opens a file and checks its kind and version.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, or of another kind or version.</exception>
    public static ModelArchive Open(string path, string kind, long version)
    {
        ModelArchive result = new(path, NpzArchive.Open(path));
        try
        {
            long found = result.Integers(kind, 1)[0];
            if (found != version) throw result.Error(kind, $"version {version}", $"version {found}");
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is an array of this name.</summary>
    public bool Has(string name) => archive.Names.Contains(name);

    /// <summary>An array of so many float64 values of a shape; all finite.</summary>
    /// <exception cref="DataFormatException">It is absent, of another shape or type, or not finite.</exception>
    public double[] Numbers(string name, params long[] shape) => Numbers<double>(name, shape);

    /// <summary>An array of so many values of a shape, in the element that the file has; all finite.</summary>
    /// <exception cref="DataFormatException">It is absent, of another shape or type, or not finite.</exception>
    public T[] Numbers<T>(string name, params long[] shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = Read<T>(name, shape);
        int wrong = Array.FindIndex(values, value => !T.IsFinite(value));
        return wrong < 0 ? values : throw Error(name, "finite numbers", string.Create(CultureInfo.InvariantCulture, $"{values[wrong]} at {wrong}"));
    }

    /// <summary>An array of so many int64 values of a shape.</summary>
    /// <exception cref="DataFormatException">It is absent, or of another shape or type.</exception>
    public long[] Integers(string name, params long[] shape) => Read<long>(name, shape);

    /// <summary>What <see cref="AddText"/> added.</summary>
    /// <exception cref="DataFormatException">It is absent, or no text.</exception>
    public string[] Text(string name)
    {
        long[] codes = Integers(name, ShapeOf(name, 1)[0]);
        if (codes.Length == 0 || codes[^1] != 0 || codes.Any(code => code is < 0 or > char.MaxValue)) throw Error(name, "text as UTF-16, each ended by 0", "other numbers");
        return string.Concat(codes[..^1].Select(code => (char)code)).Split('\0');
    }

    /// <summary>The shape of an array, without reading it.</summary>
    /// <exception cref="DataFormatException">It is absent, or of another rank.</exception>
    public IReadOnlyList<long> ShapeOf(string name, int rank)
    {
        Require(name);
        IReadOnlyList<long> shape = archive.ReadHeader(name).Shape;
        return shape.Count == rank ? shape : throw Error(name, $"{rank} dimensions", $"{shape.Count}");
    }

    /// <summary>An error in one array.</summary>
    public DataFormatException Error(string name, string expected, string found) => new(path, $"array '{name}'", expected, found);

    /// <summary>Closes the file.</summary>
    public void Dispose() => archive.Dispose();

    private T[] Read<T>(string name, long[] shape)
        where T : unmanaged
    {
        IReadOnlyList<long> found = ShapeOf(name, shape.Length);
        if (!found.SequenceEqual(shape)) throw Error(name, $"the shape {string.Join(" x ", shape)}", string.Join(" x ", found));
        Tensor<T> tensor = archive.Read<T>(name);
        T[] values = new T[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    private void Require(string name)
    {
        if (!Has(name)) throw new DataFormatException(path, "the archive's directory", $"an array '{name}'", archive.Names.Count == 0 ? "none" : string.Join(", ", archive.Names.Take(8)));
    }
}
