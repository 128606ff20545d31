using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <content>What centring and normalising steps read.</content>
internal sealed partial class GramDevice<T>
{
    /// <inheritdoc/>
    GramPlan IGramParts<T>.Plan => _problem.Plan;

    /// <inheritdoc/>
    ReadOnlySpan<GivenMatrix<T>> IGramParts<T>.Given => _program.Uses(GramOpCode.Precomputed) ? _given : [];

    /// <summary>The means of every row's values, without storing the matrix.</summary>
    public double[] RowMeans() => Tiled(MeansOfRows);

    private double[] MeansOfRows()
    {
        double[] means = new double[_x.Rows];
        (int rows, int columns) = TileSize;
        using DeviceMatrix<T> memory = _engine.Temporary<T>(rows, columns, _problem.Settings);
        double[] sums = new double[rows];
        for (int row = 0; row < _x.Rows; row += rows)
        {
            for (int column = 0; column < _y.Rows; column += columns)
            {
                _problem.Settings.Cancellation.ThrowIfCancellationRequested();
                DeviceMatrix<T> tile = memory.Range(0, Math.Min(rows, _x.Rows - row), 0, Math.Min(columns, _y.Rows - column));
                EvaluateTile(row, column, tile);
                Sums(tile, sums.AsSpan(0, tile.Rows));
                for (int r = 0; r < tile.Rows; r++) means[row + r] += sums[r] / _y.Rows;
            }
        }

        return means;
    }

    /// <summary>k(x, x) of every row.</summary>
    public double[] Diagonal() => Tiled(() => GramDiagonal.Evaluate(_program, _x.Rows, SelfDots(), Means(), GramPartMeans.GivenDiagonals(this)));

    /// <inheritdoc/>
    double[] IGramParts<T>.RowMeansOf(GramProgram part, bool ofColumns)
    {
        using GramDevice<T> gram = new(this, part, ofColumns);
        return gram.RowMeans();
    }

    /// <inheritdoc/>
    double[] IGramParts<T>.DiagonalOf(GramProgram part, bool ofColumns)
    {
        using GramDevice<T> gram = new(this, part, ofColumns);
        return gram.Diagonal();
    }

    private GramMeans<T>?[] Means() => GramPartMeans.Of(this, _problem.Settings.Operation);

    private double[]?[] SelfDots() =>
        [.. _statistics.Select(s => s.Statistic == PairStatistic.Dot ? [.. Norms(s.X, default).Select(Element.ToDouble)] : (double[]?)null)];
}
