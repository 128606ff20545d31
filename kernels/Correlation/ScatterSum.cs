using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Sums and products of the columns of many rows, chunk by chunk, in float64 around a provisional centre.</summary>
/// <remarks>2 rows columns^2 operations, columns^2 numbers; bits depend on the chunks alone, not on threads.</remarks>
/// <param name="engine">The host.</param>
/// <param name="columns">Columns of a row.</param>
/// <param name="isCentred">Whether rows come centred; otherwise the means of the first chunk are subtracted and accounted for.</param>
/// <param name="settings">How to run; progress is not reported.</param>
internal sealed class ScatterSum(HostEngine engine, int columns, bool isCentred, in RunSettings settings)
{
    private readonly RunSettings _settings = settings with { Progress = null, Trace = null };
    private readonly double[] _sums = new double[columns];
    private readonly DenseMatrix _products = new(columns, columns);
    private double[]? _centre = isCentred ? new double[columns] : null;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds rows, which are centred where they stand.</summary>
    public void Add(DenseMatrix rows)
    {
        if (rows.Rows == 0) return;
        _settings.Cancellation.ThrowIfCancellationRequested();
        _centre ??= ColumnMeans.Of(rows);
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> row = rows.Row(i);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] -= _centre[j];
                _sums[j] += row[j];
            }
        }

        Products.Products.MultiplySelf(engine, rows.Ref.Transposed, _products.Ref, 1, 1, _settings);
        Rows += rows.Rows;
    }

    /// <summary>The means, and the products of what remains when they are subtracted.</summary>
    public (double[] Means, DenseMatrix Scatter) Centred()
    {
        DenseMatrix scatter = _products.Copy();
        double[] means = new double[columns];
        for (int i = 0; i < columns; i++)
        {
            means[i] = Rows == 0 ? 0 : _sums[i] / Rows;
            for (int j = 0; j < columns && Rows > 0; j++) scatter[i, j] -= _sums[i] * _sums[j] / Rows;
        }

        for (int i = 0; i < columns; i++) means[i] += _centre?[i] ?? 0;
        return (means, scatter);
    }

    /// <summary>The products as they were added up, of rows that came centred.</summary>
    public DenseMatrix Scatter => _products;
}
