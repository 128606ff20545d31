using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <content>How columns and variates hang together.</content>
public sealed partial class CanonicalCorrelation
{
    /// <summary>Correlations of the first view's columns with its own variates: features x components; 0 for a column that does not vary.</summary>
    public Tensor<double> XLoadings => Copy(Loadings(_solution.Own, 0));

    /// <summary>Correlations of the second view's columns with its own variates: features x components.</summary>
    public Tensor<double> YLoadings => Copy(Loadings(_solution.Own, 1));

    /// <summary>Correlations of the first view's columns with the second view's variates: features x components.</summary>
    public Tensor<double> XCrossLoadings => Copy(Loadings(_solution.Cross, 0));

    /// <summary>Correlations of the second view's columns with the first view's variates: features x components.</summary>
    public Tensor<double> YCrossLoadings => Copy(Loadings(_solution.Cross, 1));

    /// <summary>Per component, the share of the standardized variance of the first view that the second view's variate explains (Stewart and Love 1968).</summary>
    public IReadOnlyList<double> XRedundancy => ColumnMeans(Loadings(_solution.Cross, 0));

    /// <summary>Per component, the share of the standardized variance of the second view that the first view's variate explains.</summary>
    public IReadOnlyList<double> YRedundancy => ColumnMeans(Loadings(_solution.Cross, 1));

    /// <summary>Per column of the first view, the sum of its squared loadings: the share of its variance that the kept variates hold, where there is no ridge.</summary>
    public IReadOnlyList<double> XCommunality => RowSums(Loadings(_solution.Own, 0));

    /// <summary>Per column of the second view, the sum of its squared loadings.</summary>
    public IReadOnlyList<double> YCommunality => RowSums(Loadings(_solution.Own, 1));

    private DenseMatrix Loadings(DenseMatrix[] covariances, int view)
    {
        DenseMatrix result = covariances[view].Copy();
        for (int i = 0; i < result.Rows; i++)
        {
            double deviation = _solution.Deviations[view][i];
            foreach (ref double value in result.Row(i)) value = deviation == 0 ? 0 : Math.Clamp(value / deviation, -1, 1);
        }

        return result;
    }

    private static double[] ColumnMeans(DenseMatrix loadings)
    {
        double[] result = new double[loadings.Columns];
        for (int i = 0; i < loadings.Rows; i++)
        {
            for (int k = 0; k < result.Length; k++) result[k] += loadings[i, k] * loadings[i, k] / loadings.Rows;
        }

        return result;
    }

    private static double[] RowSums(DenseMatrix loadings)
    {
        double[] result = new double[loadings.Rows];
        for (int i = 0; i < result.Length; i++) result[i] = TensorPrimitives.SumOfSquares<double>(loadings.Row(i));
        return result;
    }
}
