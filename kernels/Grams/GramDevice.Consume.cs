using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Grams;

/// <content>Matrices that are consumed instead of stored.</content>
internal sealed partial class GramDevice<T>
{
    /// <summary>Evaluates the matrix tile by tile and hands each to the consumer, in one piece of working memory.</summary>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for the smallest tile.</exception>
    public void Consume<TConsumer>(TConsumer consumer, IProgress<double>? progress)
        where TConsumer : struct, IDeviceTileConsumer<T>
    {
        for (int row = 0; row < _x.Rows;)
        {
            int first = row, rows = 0;
            row += Tiled(() =>
            {
                if (rows > 0) consumer.Restart(first, rows);
                rows = Math.Min(TileSize.Rows, _x.Rows - first);
                ConsumeRows(first, rows, consumer);
                return rows;
            });
            progress?.Report(row / (double)_x.Rows);
        }
    }

    private void ConsumeRows<TConsumer>(int row, int rows, TConsumer consumer)
        where TConsumer : struct, IDeviceTileConsumer<T>
    {
        int columns = TileSize.Columns;
        using AcceleratorBuffer<T> memory = _engine.Rent<T>((long)rows * columns, _problem.Settings.Operation);
        for (int column = 0; column < _y.Rows; column += columns)
        {
            _problem.Settings.Cancellation.ThrowIfCancellationRequested();
            DeviceMatrix<T> tile = DeviceMatrix<T>.Over(_engine, memory, 0, rows, Math.Min(columns, _y.Rows - column), _problem.Settings);
            EvaluateTile(row, column, tile);
            consumer.Accept(row, column, tile, memory);
        }
    }
}
