using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <content>What centring and normalising steps read.</content>
internal sealed unsafe partial class GramHost<V, T>
{
    /// <summary>k(x, x) of every row.</summary>
    public double[] Diagonal()
    {
        GramProgram program = _problem.Plan.Program;
        return GramDiagonal.Evaluate(program, _operands.X.Rows, SelfDots(program), Means(program), GivenDiagonals());
    }

    private double[][] GivenDiagonals()
    {
        if (!_problem.Plan.Program.Uses(GramOpCode.Precomputed)) return [];
        GramChecks.GivenAmongItself(_problem.Plan);
        double[][] diagonals = new double[_given.Length][];
        for (int g = 0; g < diagonals.Length; g++)
        {
            diagonals[g] = new double[_operands.X.Rows];
            for (int i = 0; i < _operands.X.Rows; i++) diagonals[g][i] = Element.ToDouble(_given[g].At(i, i));
        }

        return diagonals;
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
        double[] columns = MeansOf(operand, ofColumns: true);
        double[] rows = _problem.Plan.Symmetric ? columns : MeansOf(operand, ofColumns: false);
        return new GramMeans<T>(rows, columns, columns.Length == 0 ? 0 : columns.Average());
    }

    /// <summary>The mean of k(row, y) over the columns' set, for every row of x or of y.</summary>
    private double[] MeansOf(GramProgram operand, bool ofColumns)
    {
        if (operand.Uses(GramOpCode.Precomputed)) GramChecks.GivenAmongItself(_problem.Plan);
        return new GramHost<V, T>(this, operand, ofColumns).RowMeans();
    }

    private GramMeans<T> NormaliseWeights(GramProgram operand)
    {
        double[] columns = WeightsOf(operand, ofColumns: true);
        double[] rows = _problem.Plan.Symmetric ? columns : WeightsOf(operand, ofColumns: false);
        return new GramMeans<T>(rows, columns, 0);
    }

    private double[] WeightsOf(GramProgram operand, bool ofColumns) =>
        GramDiagonal.Weights<T>(new GramHost<V, T>(this, operand, ofColumns).Diagonal(), _problem.Settings.Operation);

    /// <summary>By statistic: x.x over its features, for every row; null where no kernel reads dot products.</summary>
    private double[]?[] SelfDots(GramProgram program)
    {
        double[]?[] dots = new double[]?[program.Statistics.Length];
        for (int s = 0; s < dots.Length; s++)
        {
            GramOp kernel = program.Statistics[s];
            if (KernelFunctions.StatisticOf(kernel.Code) == PairStatistic.Dot) dots[s] = SelfDots(_operands.X.FromFeature(kernel.First), kernel.Features);
        }

        return dots;
    }

    private static double[] SelfDots(in GramInput<T> input, int features)
    {
        double[] dots = new double[input.Rows];
        for (int i = 0; i < dots.Length; i++)
        {
            T* row = input.Data + (i * input.RowStride);
            for (int k = 0; k < features; k++)
            {
                double feature = Element.ToDouble(row[k * input.FeatureStride]);
                dots[i] += feature * feature;
            }
        }

        return dots;
    }
}
