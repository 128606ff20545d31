using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>Reads a matrix, rows x features, from any file that the tool understands.</summary>
internal static class MatrixFile
{
    /// <summary>What is understood, for the help.</summary>
    public const string Forms = ".npy, .npz (or file.npz:name), .csv, .tsv, .txt or .ts (series of equal length, flattened)";

    /// <summary>Reads a file; numbers are rounded to the nearest <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="argument">A path, or <c>path.npz:name</c>.</param>
    /// <param name="mayHaveGaps">Whether numbers may be NaN or infinite, for the reader to say which of them count.</param>
    /// <returns>rows x features; a vector becomes one column, and what follows the first dimension is flattened.</returns>
    /// <exception cref="DataException">There is no such file, it is a folder or of a kind that is not understood, or a number is not finite.</exception>
    /// <exception cref="DataFormatException">The file is malformed.</exception>
    public static Tensor<T> Read<T>(string argument, bool mayHaveGaps = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (string path, string? member) = Split(argument);
        InputFile.Require(path);
        Tensor<T> tensor = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".NPY" => Npy.ReadAs<T>(path, ValueConversion.Round),
            ".NPZ" => ReadMember<T>(path, member),
            ".CSV" or ".TSV" or ".TXT" => Csv.Read(path).ToTensor<T>(),
            ".TS" => ReadSeries<T>(path),
            _ => throw InputFile.NotUnderstood(path, use: "", Forms),
        };
        if (!mayHaveGaps) RequireFinite(path, tensor);
        return AsMatrix(tensor);
    }

    /// <summary>The path without the name of a member.</summary>
    public static string PathOf(string argument) => Split(argument).Path;

    private static (string Path, string? Member) Split(string argument)
    {
        int at = argument.IndexOf(".npz:", StringComparison.OrdinalIgnoreCase);
        return at < 0 || File.Exists(argument) ? (argument, null) : (argument[..(at + 4)], argument[(at + 5)..]);
    }

    private static Tensor<T> ReadMember<T>(string path, string? member)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using NpzArchive archive = NpzArchive.Open(path);
        string names = string.Join(", ", archive.Names);
        if (archive.Names.Count == 0) throw new DataException($"{path} holds no arrays");
        if (member is null && archive.Names.Count > 1) throw new DataException($"{path} holds several arrays; name one, as in {path}:{archive.Names[0]} ({names})");
        string name = member ?? archive.Names[0];
        if (!archive.Names.Contains(name)) throw new DataException($"{path} has no array '{name}'; it has {names}{NearestName.Hint(name, archive.Names)}");
        return archive.ReadAs<T>(name, ValueConversion.Round);
    }

    private static Tensor<T> ReadSeries<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TimeSeriesSet<T> set = Ts.Read<T>(path);
        if (!set.IsEqualLength) throw new DataException($"{path}: the series differ in length; a Gram matrix of their values needs equal lengths");
        return set.ToTensor();
    }

    private static void RequireFinite<T>(string path, Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> values = DataTensor.Flatten(tensor.AsReadOnlyTensorSpan());
        for (int at = 0; at < values.Length; at++)
        {
            if (T.IsFinite(values[at])) continue;
            int features = (int)(values.Length / tensor.Lengths[0]);
            throw new DataException($"{path}: row {at / features}, feature {at % features} (from 0) is {values[at]}; finite numbers are needed");
        }
    }

    private static Tensor<T> AsMatrix<T>(Tensor<T> tensor)
    {
        nint rows = tensor.Lengths[0];
        nint features = 1;
        for (int dimension = 1; dimension < tensor.Rank; dimension++) features *= tensor.Lengths[dimension];
        return tensor.Rank == 2 ? tensor : tensor.Reshape([rows, features]);
    }
}
