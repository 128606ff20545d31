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

    /// <summary>Bytes of all views' rows that are read at a time; two such chunks are held, one that is read and one that is added.</summary>
    private const long ChunkBytes = 32 << 20;

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
    public static CanonicalMoments OfFiles(IReadOnlyList<string> paths, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new ArgumentException("moments need one view or more", nameof(paths));
        return Npy.ReadHeader(paths[0]).ElementType == NpyType.F4 ? OfFiles<float>(paths, options) : OfFiles<double>(paths, options);
    }

    /// <summary>Rows that are read at a time.</summary>
    /// <param name="columns">Columns of all views.</param>
    /// <param name="rows">All rows.</param>
    internal static int ChunkRows<T>(int columns, long rows)
        where T : unmanaged => (int)Math.Clamp(ChunkBytes / ((long)columns * Kernels.Simd.Element.SizeOf<T>()), 256, Math.Max(256, rows));

    private static CanonicalMoments OfFiles<T>(IReadOnlyList<string> paths, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<NpyRowReader<T>> readers = [];
        try
        {
            foreach (string path in paths) readers.Add(new(path));
            for (int i = 0; i < readers.Count; i++)
            {
                if (readers[i].Columns is 0 or > int.MaxValue) throw new ArgumentException($"view '{paths[i]}' has {readers[i].Columns} columns");
                if (readers[i].Rows != readers[0].Rows) throw new ArgumentException($"view '{paths[0]}' has {readers[0].Rows} rows, '{paths[i]}' has {readers[i].Rows}: row i of each must be the same example");
            }

            CanonicalMoments result = new([.. readers.Select(reader => (int)reader.Columns)]);
            paths.ToArray().CopyTo(result._names, 0);
            result.AccumulateRows(readers, options);
            return result;
        }
        finally
        {
            foreach (NpyRowReader<T> reader in readers) reader.Dispose();
        }
    }

    /// <summary>Adds all rows of the files, reading a chunk ahead.</summary>
    private void AccumulateRows<T>(List<NpyRowReader<T>> readers, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long rows = readers[0].Rows;
        int chunk = ChunkRows<T>(State.Features, rows);
        ExecutionOptions quiet = (options ?? new()) with { Progress = null, Report = null };
        T[][][] buffers = [Buffers(readers, chunk), Buffers(readers, chunk)];
        Task<Tensor<T>[]> ahead = Read(readers, 0, Math.Min(chunk, rows), buffers[0]);
        try
        {
            for (long first = 0; first < rows; first += chunk)
            {
                quiet.Cancellation.ThrowIfCancellationRequested();
                Tensor<T>[] views = ahead.GetAwaiter().GetResult();
                long next = first + chunk;
                if (next < rows) ahead = Read(readers, next, Math.Min(chunk, rows - next), buffers[(next / chunk) & 1]);
                Accumulate(views, 0, 1, first, quiet);
                options?.Progress?.Report((double)Math.Min(next, rows) / rows);
            }
        }
        finally
        {
            // The files close when nobody reads them any more.
            ((IAsyncResult)ahead).AsyncWaitHandle.WaitOne();
        }
    }

    private static T[][] Buffers<T>(List<NpyRowReader<T>> readers, int chunk)
        where T : unmanaged => [.. readers.Select(reader => GC.AllocateUninitializedArray<T>(checked(chunk * (int)reader.Columns), pinned: true))];

    private static Task<Tensor<T>[]> Read<T>(List<NpyRowReader<T>> readers, long first, long count, T[][] buffers)
        where T : unmanaged => Task.Run(() =>
        {
            Tensor<T>[] views = new Tensor<T>[readers.Count];
            for (int i = 0; i < views.Length; i++)
            {
                readers[i].Read(first, buffers[i].AsSpan(0, checked((int)(count * readers[i].Columns))));
                views[i] = Tensor.Create(buffers[i], 0, [(nint)count, (nint)readers[i].Columns], [(nint)readers[i].Columns, 1]);
            }

            return views;
        });
}
