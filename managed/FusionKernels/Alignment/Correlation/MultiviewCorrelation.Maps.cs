using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <content>How columns and variates hang together; from one view to another, and from variates to rows.</content>
public sealed partial class MultiviewCorrelation
{
    /// <summary>Correlations of a view's columns with its own variates, or with those of another view.</summary>
    /// <param name="view">The view whose columns they are.</param>
    /// <param name="variates">The view whose variates they are; null for the view's own.</param>
    /// <returns>columns x components, over the rows that have both views; 0 for a column that does not vary.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    public Tensor<double> Loadings(int view, int? variates = null)
    {
        RequireView(view);
        RequireView(variates ?? view);
        DenseMatrix loadings = Covariances(view, variates ?? view);
        for (int i = 0; i < loadings.Rows; i++)
        {
            double deviation = _deviations[view][i];
            foreach (ref double value in loadings.Row(i)) value = deviation == 0 ? 0 : Math.Clamp(value / deviation, -1, 1);
        }

        return Tensor.Create(loadings.Elements, [loadings.Rows, Components]);
    }

    /// <summary>The columns of another view as the variates of one predict them by least squares, over the training rows that have both.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="view">The view that is given.</param>
    /// <param name="x">Its rows x columns.</param>
    /// <param name="other">The view that is predicted.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x columns of the other view. A NaN in a row gives NaN in that row alone.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    /// <exception cref="ArgumentException">The columns are not those of the view.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> PredictView<T>(int view, Tensor<T> x, int other, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireView(view);
        RequireView(other);
        ArgumentNullException.ThrowIfNull(x);
        const string Name = "MultiviewCorrelation.PredictView";
        using Execution execution = HostExecution.Begin<T>(options, Name);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts with { Progress = null });
        DenseMatrix regression = Kernels.Correlation.Correlations.Regression(algebra, _weights[view], Covariances(view, view), Covariances(other, view));
        return Mapped(View(x, view, nameof(x)), _means[view], algebra.Multiply(_weights[view], regression), _means[other], execution);
    }

    /// <summary>The columns of a view that its variates stand for, by least squares through the loadings.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="view">The view.</param>
    /// <param name="variates">Its variates: rows x components.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x columns of the view. A NaN in a row gives NaN in that row alone.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    /// <exception cref="ArgumentException">The columns are not the components.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> InverseView<T>(int view, Tensor<T> variates, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireView(view);
        ArgumentNullException.ThrowIfNull(variates);
        const string Name = "MultiviewCorrelation.InverseView";
        TensorView<T> rows = new(variates, nameof(variates));
        if (rows.Columns != Components) throw new ArgumentException($"{nameof(variates)} has {rows.Columns} columns, the model {Components} components", nameof(variates));
        using Execution execution = HostExecution.Begin<T>(options, Name);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts with { Progress = null });
        DenseMatrix own = Covariances(view, view);
        return Mapped(rows, new double[Components], Kernels.Correlation.Correlations.Regression(algebra, _weights[view], own, own), _means[view], execution);
    }

    /// <summary>(rows - means) map + offset.</summary>
    private static Tensor<double> Mapped<T>(TensorView<T> rows, double[] means, DenseMatrix map, double[] offset, in Execution execution)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DenseMatrix result = new(rows.Rows, map.Columns);
        for (int i = 0; i < result.Rows; i++) offset.CopyTo(result.Row(i));
        RowProjection.Add((HostEngine)execution.Engine, rows, [], [], means, map, result, execution.Parts);
        execution.CompleteWhole<T>(MapRoute(rows.Rows, map), 2.0 * rows.Rows * map.Rows * map.Columns, 8L * result.Elements.Length);
        return Tensor.Create(result.Elements, [result.Rows, result.Columns]);
    }

    private static string MapRoute(int rows, DenseMatrix map) => $"a product of {rows} rows with a map of {map.Rows} x {map.Columns} in float64";
}
