using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>Files: the state itself, and rows that need not fit into memory.</content>
public sealed partial class CanonicalMoments
{
    private const string Kind = "fusionkernels.moments";
    private const long Version = 1;

    /// <summary>Writes the state to an .npz file, which appears when it is complete.</summary>
    /// <remarks>
    /// Version 1: <c>fusionkernels.moments</c> (int64: the version), <c>features</c> (int64 per view), <c>rows</c> (int64),
    /// <c>precision</c> (float64: the relative precision of the input), <c>mean</c> (float64, all columns), <c>scatter</c>
    /// (float64, columns x columns: sums of products of deviations).
    /// </remarks>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        using NpzWriter writer = ModelArchive.Create(path, Kind, Version);
        writer.Add("features", Tensor.Create([.. State.Widths.Select(width => (long)width)], [Views]));
        writer.Add("rows", Tensor.Create([Rows], [1]));
        writer.Add("precision", Tensor.Create([State.Precision], [1]));
        writer.Add("mean", Tensor.Create((double[])State.Mean.Clone(), [State.Features]));
        writer.Add("scatter", Tensor.Create(State.Scatter.Elements, [State.Features, State.Features]));
        writer.Complete();
    }

    /// <summary>Reads a state that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind or version, or its arrays do not fit together.</exception>
    public static CanonicalMoments Load(string path)
    {
        using ModelArchive archive = ModelArchive.Open(path, Kind, Version);
        long views = archive.ShapeOf("features", 1)[0], columns = archive.ShapeOf("mean", 1)[0];
        long[] features = archive.Integers("features", views);
        long rows = archive.Integers("rows", 1)[0];
        double precision = archive.Numbers("precision", 1)[0];
        if (views == 0 || features.Any(width => width < 1 || width > columns) || features.Sum() != columns) throw archive.Error("features", $"columns that add up to {columns}", string.Join(" + ", features.Take(8)));
        if (rows < 0) throw archive.Error("rows", "0 or more", $"{rows}");
        if (precision is not (Epsilon.Float32 or Epsilon.Float64)) throw archive.Error("precision", "that of float32 or float64", $"{precision}");
        double[] mean = archive.Numbers("mean", columns), scatter = archive.Numbers("scatter", columns, columns);
        for (long i = 0; i < columns; i++)
        {
            if (scatter[(i * columns) + i] < 0) throw archive.Error("scatter", "0 or more on the diagonal", $"{scatter[(i * columns) + i]} at {i}");
        }

        return new(Moments.Of([.. features.Select(width => (int)width)], rows, precision, mean, new DenseMatrix((int)columns, (int)columns, scatter)));
    }

    /// <summary>Moments of two .npy matrices that need not fit into memory, in one pass; both of float32 or both of float64, in C order.</summary>
    /// <param name="x">The first view's file: rows x features.</param>
    /// <param name="y">The second view's file.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <inheritdoc cref="OfFiles(IReadOnlyList{string}, ExecutionOptions?)"/>
    public static CanonicalMoments OfFiles(string x, string y, ExecutionOptions? options = null) => OfFiles([x, y], options);

    /// <summary>Moments of .npy matrices that need not fit into memory, in one pass; all of float32 or all of float64, in C order.</summary>
    /// <remarks>Holds two chunks of 32 MiB, or of 256 rows where those take more, beside what <see cref="Accumulate{T}(IReadOnlyList{Tensor{T}}, ExecutionOptions?)"/> takes: one is read while the other is added.</remarks>
    /// <param name="paths">One file per view: rows x features.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">A file is malformed, no matrix in C order, of another type than the first, or shorter than its header says.</exception>
    /// <exception cref="ArgumentException">Rows differ, or a value is NaN or infinite; file, row and column are named.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static CanonicalMoments OfFiles(IReadOnlyList<string> paths, ExecutionOptions? options = null) =>
        IsFloat32(paths) ? OfFiles<float>(paths, options) : OfFiles<double>(paths, options);

    private static bool IsFloat32(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new ArgumentException("moments need one view or more", nameof(paths));
        return Npy.ReadHeader(paths[0]).ElementType == NpyType.F4;
    }

    private static CanonicalMoments OfFiles<T>(IReadOnlyList<string> paths, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using ViewFiles<T> files = new(paths);
        CanonicalMoments result = new(files.Columns);
        paths.ToArray().CopyTo(result._names, 0);
        using Execution execution = Execution.Begin<T>(options, "CanonicalMoments.OfFiles");
        files.Stream(options, (views, first, quiet) => result.Accumulate(views, 0, 1, new RowNumbers(first, 1), quiet));
        double columns = result.State.Features;
        execution.CompleteWhole<T>("chunks of the files, one read while another is added", result.Rows * columns * (columns + 1), (long)(16 * columns * columns));
        return result;
    }
}
