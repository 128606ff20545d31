using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Warping.Devices;

/// <content>Results in blocks of rows, where the device lacks room for all; and the table of one pair.</content>
internal sealed unsafe partial class WarpingDevice<T>
{
    private T _tableValue;

    /// <summary>Computes all pairs. A block of rows that finds no room is halved, and with it the teams and their working memory.</summary>
    /// <param name="result">Series of x x series of y.</param>
    /// <param name="isSymmetric">Whether x stands against itself and a pair is the same both ways.</param>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for one row by one team.</exception>
    public void Store(in Operand<T> result, bool isSymmetric)
    {
        int blockRows = result.Rows;
        for (int row = 0; row < result.Rows;)
        {
            int rows = Math.Min(blockRows, result.Rows - row);
            try
            {
                RunSettings settings = _settings with { Progress = PartialProgress.Of(_settings.Progress, row, result.Rows, rows) };
                if (isSymmetric) StoreSymmetric(result, row, rows, settings);
                else StoreRows(result, row, rows, settings);
            }
            catch (Exception full) when (full is DeviceOutOfMemoryException or InsufficientMemoryException)
            {
                if (rows == 1 && _teams <= 1) throw OutOfMemory(full, $"1 x {result.Columns} by one team");
                blockRows = (rows + 1) / 2;
                _mostTeams = Math.Max(1, _teams / 2);
                _settings.Trace?.Retries += 1;
                continue;
            }

            row += rows;
            _settings.Progress?.Report(row / (double)result.Rows);
        }
    }

    /// <summary>Computes one pair; its finished value comes back.</summary>
    /// <param name="table">Receives the accumulated costs; nothing for none.</param>
    /// <param name="columns">Samples of y.</param>
    public T Single(in Operand<T> table, int columns)
    {
        if (!table.IsAbsent)
        {
            using DeviceMatrix<T> matrix = _engine.Write(table, _settings);
            RunOne(matrix, storesTable: true, columns);
            matrix.Commit();
            return _tableValue;
        }

        using AcceleratorBuffer<T> value = _engine.Rent<T>(1, _settings.Operation);
        using DeviceMatrix<T> one = DeviceMatrix<T>.Over(_engine, value, 0, 1, 1, _settings);
        RunOne(one, storesTable: false, columns);
        return Download(value, 0);
    }

    private void RunOne(in DeviceMatrix<T> target, bool storesTable, int columns)
    {
        DeviceSeries<T>[] x = _x.List(0, 1, out int[] rowLengths);
        DeviceSeries<T>[] y = _hasCosts
            ? [new() { Length = columns, LengthValue = Simd.Element.Of<T>(columns) }]
            : _y.List(0, 1, out _);
        WarpingArguments<T> arguments = _arguments;
        arguments.Result = target.View;
        arguments.Shape.Result = DeviceLayout.Of(target);
        arguments.Shape.StoresTable = storesTable ? 1 : 0;
        RunPairs(arguments, x, y, rowLengths, [columns], 1, _settings);
        _settings.Cancellation.ThrowIfCancellationRequested();
    }

    private void StoreRows(in Operand<T> result, int row, int rows, in RunSettings settings)
    {
        using DeviceMatrix<T> block = _engine.Write(result.RowRange(row, rows), settings);
        DeviceLayout layout = DeviceLayout.Of(block);
        layout.Offset -= row * block.RowStride;
        Run(row, rows, 0, result.Columns, isSymmetric: false, mirrors: false, block.View, layout, settings);
        settings.Cancellation.ThrowIfCancellationRequested();
        block.Commit();
    }

    /// <summary>The triangle that a block of rows has on the diagonal, and the rectangle to its right; both go across the diagonal, too.</summary>
    private void StoreSymmetric(in Operand<T> result, int row, int rows, in RunSettings settings)
    {
        int right = row + rows, rest = result.Rows - right;
        bool isHere = result.Buffer is not null;
        using DeviceMatrix<T> block = _engine.Write(isHere ? result : result.RowRange(row, rows).ColumnRange(row, rows + rest), settings);
        DeviceLayout layout = DeviceLayout.Of(block);
        if (!isHere) layout.Offset -= row * (block.RowStride + block.ColumnStride);
        Run(row, rows, row, rows, isSymmetric: true, mirrors: true, block.View, layout, settings);
        Run(row, rows, right, rest, isSymmetric: false, mirrors: isHere, block.View, layout, settings with { Progress = null });
        settings.Cancellation.ThrowIfCancellationRequested();
        block.Commit();
        if (!isHere) Mirror(result, row, right);
    }

    private static void Mirror(in Operand<T> result, int row, int right)
    {
        for (int i = row; i < right; i++)
        {
            T* from = result.Pointer + (i * result.RowStride), to = result.Pointer + (i * result.ColumnStride);
            for (int j = right; j < result.Columns; j++) to[j * result.RowStride] = from[j * result.ColumnStride];
        }
    }

    private DeviceOutOfMemoryException OutOfMemory(Exception full, string smallest)
    {
        DeviceOutOfMemoryException? known = full as DeviceOutOfMemoryException;
        return new(_settings.Operation, _engine.Name, known?.RequestedBytes ?? 0, known?.FreeBytes ?? 0, smallest, full);
    }
}
