using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Rows times directions, chunk by chunk.</summary>
internal static class RowProjection
{
    /// <summary>result += weights (view - means) directions; an absent row adds nothing.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="view">rows x columns.</param>
    /// <param name="present">Which rows are there; empty for all.</param>
    /// <param name="weights">The factor of each row; empty for 1.</param>
    /// <param name="means">Of the training rows.</param>
    /// <param name="directions">columns x width.</param>
    /// <param name="result">rows x width.</param>
    /// <param name="settings">How to run.</param>
    public static void Add(
        HostEngine engine,
        IRowView view,
        ReadOnlySpan<bool> present,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> means,
        DenseMatrix directions,
        DenseMatrix result,
        in RunSettings settings)
    {
        RunSettings inner = settings with { Progress = null, Trace = null };
        int chunkRows = ViewRows.ChunkRows(view.Columns), width = directions.Columns;
        for (int row = 0; row < view.Rows; row += chunkRows)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            DenseMatrix chunk = new(Math.Min(chunkRows, view.Rows - row), view.Columns);
            view.Fill(row, present, weights, means, chunk, 0);
            MatrixRef<double> target = MatrixRef<double>.Of(result.Elements.AsSpan(row * width), chunk.Rows, width);
            Products.Products.Multiply(engine, chunk.Ref, directions.Ref, target, 1, 1, inner);
        }
    }
}
