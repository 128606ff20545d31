using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <content>What centring and normalising steps read.</content>
internal sealed unsafe partial class GramHost<V, T>
{
    /// <inheritdoc/>
    GramPlan IGramParts<T>.Plan => _problem.Plan;

    /// <inheritdoc/>
    ReadOnlySpan<GivenMatrix<T>> IGramParts<T>.Given => _problem.Plan.Program.Uses(GramOpCode.Precomputed) ? _given : [];

    /// <summary>k(x, x) of every row.</summary>
    public double[] Diagonal() => GramDiagonal.Evaluate(
        _problem.Plan.Program, _operands.X.Rows, SelfDots(_problem.Plan.Program), Means(), GramPartMeans.GivenDiagonals(this));

    /// <inheritdoc/>
    double[] IGramParts<T>.RowMeansOf(GramProgram part, bool ofColumns) => new GramHost<V, T>(this, part, ofColumns).RowMeans();

    /// <inheritdoc/>
    double[] IGramParts<T>.DiagonalOf(GramProgram part, bool ofColumns) => new GramHost<V, T>(this, part, ofColumns).Diagonal();

    private GramMeans<T>?[] Means() => GramPartMeans.Of(this, _problem.Settings.Operation);

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
