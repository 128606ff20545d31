using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Grams;

/// <content>Matrices that are consumed instead of stored.</content>
internal sealed partial class GramDevice<T>
{
    /// <summary>Evaluates the matrix tile by tile and hands each to the consumer, in one piece of working memory.</summary>
    public void Consume<TConsumer>(TConsumer consumer)
        where TConsumer : struct, IDeviceTileConsumer<T>
    {
        int rows = Math.Clamp(_x.Rows, 1, TileEdge), columns = Math.Clamp(_y.Rows, 1, TileEdge);
        using AcceleratorBuffer<T> memory = _engine.Rent<T>((long)rows * columns, _problem.Settings.Operation);
        for (int row = 0; row < _x.Rows; row += rows)
        {
            for (int column = 0; column < _y.Rows; column += columns)
            {
                _problem.Settings.Cancellation.ThrowIfCancellationRequested();
                DeviceMatrix<T> tile = DeviceMatrix<T>.Over(
                    _engine, memory, 0, Math.Min(rows, _x.Rows - row), Math.Min(columns, _y.Rows - column), _problem.Settings);
                EvaluateTile(row, column, tile);
                consumer.Accept(row, column, tile, memory);
            }

            _problem.Settings.Progress?.Report(Math.Min(_x.Rows, row + rows) / (double)_x.Rows);
        }
    }
}
