using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Distances of many pairs of series on their way to a file, block by block of rows.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class SeriesDistanceFile<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string _path;
    private readonly SeriesPack<T> _x;

    /// <summary>The columns; null where they are the rows, and half of the distances the mirror image of the others.</summary>
    private readonly SeriesPack<T>? _y;

    private readonly DtwFileOptions _options;
    private readonly WarpingProblem _problem;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _blockRows;
    private readonly long _skipped;

    /// <summary>Plans the blocks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="x">Series.</param>
    /// <param name="y">Others; null for x against itself.</param>
    /// <param name="options">What is computed, and how.</param>
    public SeriesDistanceFile(string path, SeriesPack<T> x, SeriesPack<T>? y, DtwFileOptions options)
    {
        (_path, _x, _options, _problem) = (path, x, options, options.Problem(isForPath: false));

        // Only where both ways cost the same, one half of the matrix is the other's mirror image.
        _y = y ?? (_problem.IsSymmetric ? null : x);
        (_rows, _columns) = (x.Count, (y ?? x).Count);
        _skipped = x.MissingValues + (y?.MissingValues ?? 0);
        long rows = Math.Min(options.BlockBytes, Array.MaxLength) / ((long)_columns * Unsafe.SizeOf<T>());
        _blockRows = (int)Math.Clamp(rows, 1, _rows);
    }

    /// <summary>Computes and writes what is not on the disk yet.</summary>
    public MatrixFileSummary Write()
    {
        using Execution execution = Execution.Begin<T>(_options, "Dtw.DistancesTo");
        execution.Skipped(_skipped);
        using StreamedMatrix<T> file = new(_path, Work(execution.Device.Description));
        T[] block = GC.AllocateUninitializedArray<T>(checked(_blockRows * _columns), pinned: true);
        double cells = Cells(0, _rows), done = Cells(0, file.ResumedRows);
        for (int first = file.ResumedRows; first < _rows; first += _blockRows)
        {
            int count = Math.Min(_blockRows, _rows - first);
            double part = Cells(first, count);
            ComputeBlock(execution, file, block, first, count, done / cells, part / cells);
            file.Accept(first, count, block.AsSpan(0, count * _columns));
            done += part;
        }

        file.Complete();
        long series = _x.Bytes + (_y is null || ReferenceEquals(_x, _y) ? 0 : _y.Bytes), bytes = (2 * series) + (block.LongLength * Unsafe.SizeOf<T>());
        execution.Complete<T>($"blocks of {_blockRows} rows", cells, bytes);
        return new(_path, _rows, _columns, file.ResumedRows, file.Discarded);
    }

    private void ComputeBlock(in Execution execution, StreamedMatrix<T> file, T[] block, int first, int count, double done, double part)
    {
        RunSettings settings = execution.Settings;
        settings = settings with { Progress = settings.Progress is { } whole ? new PartialProgress(whole, done, part) : null };
        SeriesPack<T> rows = _x.Range(first, count);
        if (_y is not null)
        {
            Warping.Distances(execution.Engine, _problem, rows, _y, Part(block, 0, count, _columns), settings);
        }
        else
        {
            int behind = first + count;
            ReadMirrored(file, block, first, count);
            Warping.Distances(execution.Engine, _problem, rows, null, Part(block, first, count, count), settings with { Progress = null });
            if (behind < _rows) Warping.Distances(execution.Engine, _problem, rows, _x.Range(behind, _rows - behind), Part(block, behind, count, _rows - behind), settings);
        }

        if (_options.Missing == MissingSamples.Propagate) SeriesDistances.SpreadNonFinite(rows, _y ?? _x, block.AsSpan(0, count * _columns));
    }

    /// <summary>The columns of series that came before: distances that are in the file already, in its rows.</summary>
    private void ReadMirrored(StreamedMatrix<T> file, T[] block, int first, int count)
    {
        Span<T> column = new T[count];
        for (int earlier = 0; earlier < first; earlier++)
        {
            file.ReadBack(earlier, first, column);
            for (int row = 0; row < count; row++) block[(row * _columns) + earlier] = column[row];
        }
    }

    private MatrixRef<T> Part(T[] block, int column, int rows, int columns) => new(ref block[column], rows, columns, _columns);

    /// <summary>Cells of the tables of a block of rows: what its time is proportional to.</summary>
    private double Cells(int first, int count)
    {
        double cells = 0, columns = (_y ?? _x).Steps;
        for (int row = first; row < first + count; row++) cells += _x.Lengths[row] * (_y is null ? columns - _x.Starts[row] : columns);
        return cells;
    }

    private StreamedMatrixWork Work(DeviceDescription device)
    {
        using InputHash hash = new();
        foreach (SeriesPack<T>? series in (SeriesPack<T>?[])[_x, _y])
        {
            if (series is null) continue;
            hash.Append<int>(series.Lengths);
            hash.Append<T>(series.Values);
        }

        foreach (WarpingStep step in _problem.Pattern!.Steps)
        {
            hash.Append<double>([step.Rows, step.Columns, .. step.Cells.SelectMany(cell => (double[])[cell.Rows, cell.Columns, cell.Weight])]);
        }

        return new(
            StreamedMatrixWork.LibraryVersion,
            StreamedMatrixWork.DeviceOf(device),
            Element.NameOf<T>(),
            _problem.ToString(),
            _rows,
            _columns,
            _x.Channels,
            device.Kind == DeviceKind.Host ? 0 : _blockRows,
            _options.Missing.ToString(),
            hash.Text);
    }
}
