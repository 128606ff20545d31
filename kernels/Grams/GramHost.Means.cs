namespace FusionKernels.Kernels.Grams;

/// <content>What centring and normalising steps read.</content>
internal sealed unsafe partial class GramHost<V, T>
{
    /// <summary>k(x, x) of every row.</summary>
    public double[] Diagonal()
    {
        GramProgram program = _problem.Plan.Program;
        return GramDiagonal.Evaluate(program, SelfDots(_x), Means(program), GivenDiagonals());
    }

    private double[][] GivenDiagonals()
    {
        if (!_problem.Plan.Program.Uses(GramOpCode.Precomputed)) return [];
        RequireSymmetricGiven();
        double[][] diagonals = new double[_given.Length][];
        for (int g = 0; g < diagonals.Length; g++)
        {
            diagonals[g] = new double[_x.Rows];
            for (int i = 0; i < _x.Rows; i++) diagonals[g][i] = Simd.Element.ToDouble(_given[g].Data[i * (_given[g].RowStride + _given[g].ColumnStride)]);
        }

        return diagonals;
    }

    /// <summary>Centring and normalising need k among the columns' set, which a given rectangular matrix does not tell.</summary>
    private void RequireSymmetricGiven()
    {
        if (!_problem.Plan.Symmetric)
        {
            throw new ArgumentException(
                "a precomputed kernel of x against y cannot be centred or normalised, for its values among x and among y are not given: centre or normalise it before it is given");
        }
    }

    private GramMeans<T>?[] Means(GramProgram program)
    {
        GramMeans<T>?[] means = new GramMeans<T>?[program.Ops.Length];
        for (int step = 0; step < means.Length; step++)
        {
            if (program.Ops[step].Code == GramOpCode.Centre) means[step] = CentreMeans(program.OperandOf(step));
            else if (program.Ops[step].Code == GramOpCode.Normalise) means[step] = NormaliseWeights(program.OperandOf(step));
        }

        return means;
    }

    private GramMeans<T> CentreMeans(GramProgram operand)
    {
        double[] columns = MeansOf(operand, _y);
        double[] rows = _problem.Plan.Symmetric ? columns : MeansOf(operand, _x);
        return new GramMeans<T>(rows, columns, columns.Length == 0 ? 0 : columns.Average());
    }

    /// <summary>The mean of k(row, y) over the columns' set, for every row of <paramref name="rows"/>.</summary>
    private double[] MeansOf(GramProgram operand, in GramInput<T> rows)
    {
        if (operand.Uses(GramOpCode.Precomputed)) RequireSymmetricGiven();
        double[] means = new double[rows.Rows];
        GramHost<V, T> part = new(this, operand, rows);
        part.Consume(new MeansConsumer(means, _y.Rows));
        return means;
    }

    private GramMeans<T> NormaliseWeights(GramProgram operand)
    {
        double[] rows = Weights(operand, _x);
        double[] columns = _problem.Plan.Symmetric ? rows : Weights(operand, _y);
        return new GramMeans<T>(rows, columns, 0);
    }

    private double[] Weights(GramProgram operand, in GramInput<T> rows)
    {
        GramHost<V, T> part = new(this, operand, rows);
        double[] diagonal = part.Diagonal();
        for (int i = 0; i < diagonal.Length; i++) diagonal[i] = diagonal[i] > 0 ? 1 / Math.Sqrt(diagonal[i]) : 0;
        return diagonal;
    }

    private double[] SelfDots(in GramInput<T> input)
    {
        double[] dots = new double[input.Rows];
        if (!_problem.Plan.Program.Uses(PairStatistic.Dot)) return dots;
        for (int i = 0; i < dots.Length; i++)
        {
            T* row = input.Data + (i * input.RowStride);
            for (int k = 0; k < _geometry.Depth; k++)
            {
                double feature = Simd.Element.ToDouble(row[k * input.FeatureStride]);
                dots[i] += feature * feature;
            }
        }

        return dots;
    }
}
