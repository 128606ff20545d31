using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <content>What centring and normalising steps read.</content>
internal sealed partial class GramDevice<T>
{
    /// <summary>The means of every row's values, without storing the matrix.</summary>
    public double[] RowMeans()
    {
        double[] means = new double[_x.Rows];
        int rows = Math.Clamp(_x.Rows, 1, TileEdge), columns = Math.Clamp(_y.Rows, 1, TileEdge);
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
    public double[] Diagonal() => GramDiagonal.Evaluate(_program, _x.Rows, SelfDots(), Means(), GivenDiagonals());

    private GramMeans<T>?[] Means()
    {
        GramMeans<T>?[] means = new GramMeans<T>?[_program.Ops.Length];
        for (int step = 0; step < means.Length; step++)
        {
            if (_program.Ops[step].Code == GramOpCode.Centre) means[step] = CentreMeans(_program.OperandOf(step));
            else if (_program.Ops[step].Code == GramOpCode.Normalise) means[step] = NormaliseWeights(_program.OperandOf(step));
        }

        return means;
    }

    private GramMeans<T> CentreMeans(GramProgram operand)
    {
        if (operand.Uses(GramOpCode.Precomputed)) GramChecks.GivenAmongItself(_problem.Plan);
        double[] columns = Of(operand, ofColumns: true, static part => part.RowMeans());
        double[] rows = _problem.Plan.Symmetric ? columns : Of(operand, ofColumns: false, static part => part.RowMeans());
        return new GramMeans<T>(rows, columns, columns.Length == 0 ? 0 : columns.Average());
    }

    private GramMeans<T> NormaliseWeights(GramProgram operand)
    {
        double[] columns = WeightsOf(operand, ofColumns: true);
        double[] rows = _problem.Plan.Symmetric ? columns : WeightsOf(operand, ofColumns: false);
        return new GramMeans<T>(rows, columns, 0);
    }

    private double[] WeightsOf(GramProgram operand, bool ofColumns) =>
        GramDiagonal.Weights<T>(Of(operand, ofColumns, static part => part.Diagonal()), _problem.Settings.Operation);

    private double[] Of(GramProgram operand, bool ofColumns, Func<GramDevice<T>, double[]> values)
    {
        using GramDevice<T> part = new(this, operand, ofColumns);
        return values(part);
    }

    private double[]?[] SelfDots() =>
        [.. _statistics.Select(s => s.Statistic == PairStatistic.Dot ? [.. Norms(s.X, default).Select(Element.ToDouble)] : (double[]?)null)];

    private unsafe double[][] GivenDiagonals()
    {
        if (!_program.Uses(GramOpCode.Precomputed)) return [];
        GramChecks.GivenAmongItself(_problem.Plan);
        double[][] diagonals = new double[_problem.Given.Length][];
        for (int g = 0; g < diagonals.Length; g++)
        {
            GivenMatrix<T> given = Given(g);
            diagonals[g] = new double[_x.Rows];
            for (int i = 0; i < _x.Rows; i++) diagonals[g][i] = Element.ToDouble(given.At(i, i));
        }

        return diagonals;
    }

    private unsafe GivenMatrix<T> Given(int number)
    {
        Operand<T> given = _problem.Given[number];
        return given.Buffer is null
            ? new(given.Pointer, given.RowStride, given.ColumnStride)
            : throw new DeviceMismatchException(_problem.Settings.Operation, _engine.Name, given.Buffer.Engine.Name);
    }
}
