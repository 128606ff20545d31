using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Views in .npy files of the same rows, read a chunk ahead of who adds them.</summary>
/// <typeparam name="T">The element of all files.</typeparam>
internal sealed class ViewFiles<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of all views' rows that are read at a time; two such chunks are held, one that is read and one that is added.</summary>
    private const long ChunkBytes = 32 << 20;

    private readonly List<NpyRowReader<T>> _readers = [];

    /// <summary>Opens the files.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">A file is malformed, no matrix in C order, or of another type.</exception>
    /// <exception cref="ArgumentException">Rows differ, or a view has no columns.</exception>
    public ViewFiles(IReadOnlyList<string> paths)
    {
        try
        {
            foreach (string path in paths) _readers.Add(new(path));
            for (int i = 0; i < _readers.Count; i++)
            {
                if (_readers[i].Columns is 0 or > int.MaxValue) throw new ArgumentException($"view '{paths[i]}' has {_readers[i].Columns} columns");
                if (_readers[i].Rows != Rows) throw new ArgumentException($"view '{paths[0]}' has {Rows} rows, '{paths[i]}' has {_readers[i].Rows}: row i of each must be the same example");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Rows of each.</summary>
    public long Rows => _readers[0].Rows;

    /// <summary>Columns of each.</summary>
    public int[] Columns => [.. _readers.Select(reader => (int)reader.Columns)];

    /// <summary>Rows that are read at a time.</summary>
    /// <param name="columns">Columns of all views.</param>
    /// <param name="rows">All rows.</param>
    public static int ChunkRows(int columns, long rows) => (int)Math.Clamp(ChunkBytes / ((long)columns * Element.SizeOf<T>()), 256, Math.Max(256, rows));

    /// <summary>Gives all rows, chunk by chunk.</summary>
    /// <param name="options">Progress, over all rows, and cancellation; the rest is for who adds them.</param>
    /// <param name="add">Takes the views of a chunk, the number of its first row, and options that tell nobody.</param>
    public void Stream(ExecutionOptions? options, Action<Tensor<T>[], long, ExecutionOptions> add)
    {
        long rows = Rows;
        int chunk = ChunkRows(Columns.Sum(), rows);
        ExecutionOptions quiet = (options ?? new()) with { Progress = null, Report = null };
        T[][][] buffers = [Buffers(chunk), Buffers(chunk)];
        Task<Tensor<T>[]> ahead = Read(0, Math.Min(chunk, rows), buffers[0]);
        try
        {
            for (long first = 0; first < rows; first += chunk)
            {
                quiet.Cancellation.ThrowIfCancellationRequested();
                Tensor<T>[] views = ahead.GetAwaiter().GetResult();
                long next = first + chunk;
                if (next < rows) ahead = Read(next, Math.Min(chunk, rows - next), buffers[(next / chunk) & 1]);
                add(views, first, quiet);
                options?.Progress?.Report((double)Math.Min(next, rows) / rows);
            }
        }
        finally
        {
            // The files close when nobody reads them any more.
            ((IAsyncResult)ahead).AsyncWaitHandle.WaitOne();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NpyRowReader<T> reader in _readers) reader.Dispose();
    }

    private T[][] Buffers(int chunk) => [.. _readers.Select(reader => GC.AllocateUninitializedArray<T>(checked(chunk * (int)reader.Columns), pinned: true))];

    private Task<Tensor<T>[]> Read(long first, long count, T[][] buffers) => Task.Run(() =>
    {
        Tensor<T>[] views = new Tensor<T>[_readers.Count];
        for (int i = 0; i < views.Length; i++)
        {
            _readers[i].Read(first, buffers[i].AsSpan(0, checked((int)(count * _readers[i].Columns))));
            views[i] = Tensor.Create(buffers[i], 0, [(nint)count, (nint)_readers[i].Columns], [(nint)_readers[i].Columns, 1]);
        }

        return views;
    });
}
