using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <content>Scores: of the training rows and of new ones.</content>
public sealed partial class MultiviewCorrelation
{
    /// <summary>The shared scores of rows, from the views that are given: each row's mean over its views, on the scale of the training rows.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="views">As many as were fitted, null where one is missing in all rows.</param>
    /// <param name="presence">rows x views, true where the view is there; null for all that are given.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x components; of the training rows, with their mask, <see cref="SharedScores"/>. A NaN in a row gives NaN in that row alone.</returns>
    /// <exception cref="ArgumentException">The views are not those of the model, no view is given, rows differ in number, a row has no view, or the mask does not fit.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> Transform<T>(IReadOnlyList<Tensor<T>?> views, Tensor<bool>? presence = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(views);
        const string Name = "MultiviewCorrelation.Transform";
        if (views.Count != Views) throw new ArgumentException($"there are {views.Count} views, the model was fitted to {Views}: give null for one that is missing", nameof(views));
        IRowView?[] given = [.. views.Select((view, v) => view is null ? null : View(view, v, $"views[{v}]"))];
        int rows = given.FirstOrDefault(view => view is not null)?.Rows ?? throw new ArgumentException("no view is given", nameof(views));
        int other = Array.FindIndex(given, view => view is not null && view.Rows != rows);
        if (other >= 0) throw new ArgumentException($"views[{other}] has {given[other]!.Rows} rows, another has {rows}: row i of all must be the same thing", nameof(views));
        bool[][] present = ViewPresence.Split(presence, rows, [.. given.Select(view => view is not null)]);
        using Execution execution = HostExecution.Begin<T>(options, Name);
        DenseMatrix scores = Shared((HostEngine)execution.Engine, given, present, rows, execution.Parts);
        execution.CompleteWhole<T>($"a product for each of {given.Count(view => view is not null)} views", 2.0 * rows * Components * given.Sum(view => view?.Columns ?? 0), 8L * scores.Elements.Length);
        return Tensor.Create(scores.Elements, [rows, Components]);
    }

    /// <summary>The variates of one view.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="view">The view's number.</param>
    /// <param name="x">rows x columns.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x components, of unit variance over the training rows. A NaN in a row gives NaN in that row alone.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    /// <exception cref="ArgumentException">The columns are not those of the view.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> TransformView<T>(int view, Tensor<T> x, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireView(view);
        ArgumentNullException.ThrowIfNull(x);
        const string Name = "MultiviewCorrelation.TransformView";
        TensorView<T> rows = View(x, view, nameof(x));
        using Execution execution = HostExecution.Begin<T>(options, Name);
        return Mapped(rows, _means[view], _weights[view], new double[Components], execution);
    }

    private TensorView<T> View<T>(Tensor<T> tensor, int view, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorView<T> rows = new(tensor, name);
        return rows.Columns == _means[view].Length
            ? rows
            : throw new ArgumentException($"{name} has {rows.Columns} columns, view {view} was fitted to {_means[view].Length}", name);
    }

    /// <summary>The sum over the views of a row of their shares, over the number of those views.</summary>
    private DenseMatrix Shared(HostEngine engine, IRowView?[] views, bool[][] present, int rows, in RunSettings settings)
    {
        double[] weights = new double[rows];
        for (int i = 0; i < rows; i++) weights[i] = 1.0 / present.Count(view => view.Length == 0 || view[i]);
        DenseMatrix scores = new(rows, Components);
        for (int v = 0; v < views.Length; v++)
        {
            if (views[v] is { } view) RowProjection.Add(engine, view, present[v], weights, _means[v], _shares[v], scores, settings);
        }

        return scores;
    }

    /// <summary>Makes the weight of largest magnitude in the first view's column positive, in standard deviations where columns are scaled; of equals, the first.</summary>
    private void FixSigns(bool isScaled)
    {
        for (int k = 0; k < Components; k++)
        {
            double largest = 0;
            for (int v = 0; v < Views && largest == 0; v++)
            {
                for (int j = 0; j < _shares[v].Rows; j++)
                {
                    double weight = _shares[v][j, k] * (isScaled ? _deviations[v][j] : 1);
                    if (Math.Abs(weight) > Math.Abs(largest)) largest = weight;
                }
            }

            if (largest >= 0) continue;
            foreach (DenseMatrix share in _shares) ScaleColumn(share, k, -1);
        }
    }

    /// <summary>Scales variates and shares of the scores to unit variance, and takes the covariances of all columns with the variates.</summary>
    /// <param name="algebra">Who multiplies.</param>
    /// <param name="moments">Products of the columns.</param>
    /// <param name="variances">Of the shared scores as they are, by component.</param>
    private void Complete(in DenseAlgebra algebra, MultiviewMoments moments, double[] variances)
    {
        _covariances = new DenseMatrix[Views];
        for (int v = 0; v < Views; v++)
        {
            for (int k = 0; k < Components; k++) ScaleColumn(_shares[v], k, Inverse(variances[k]));
            _shares[v].Elements.CopyTo(_weights[v].Elements, 0);
            double[] own = Dots(_shares[v], algebra.Multiply(moments.Covariance(v), _shares[v]));
            for (int k = 0; k < Components; k++) ScaleColumn(_weights[v], k, Inverse(own[k]));
            _covariances[v] = CovariancesWith(algebra, moments, v);
        }

        MeanCorrelations = Correlated();
    }

    private DenseMatrix CovariancesWith(in DenseAlgebra algebra, MultiviewMoments moments, int view)
    {
        DenseMatrix all = new(_offsets[^1], Components);
        for (int v = 0; v < Views; v++)
        {
            DenseMatrix products = algebra.Multiply(moments.Block(moments.Scatter, v, view), _weights[view]);
            double divisor = Math.Max(1, moments.Counts[v, view] - 1);
            for (int i = 0; i < products.Elements.Length; i++) all.Elements[(_offsets[v] * Components) + i] = products.Elements[i] / divisor;
        }

        return all;
    }

    /// <summary>Covariances of one view's columns with another's variates: columns x components.</summary>
    private DenseMatrix Covariances(int view, int variates) => _covariances[variates].Part(_offsets[view], _means[view].Length, 0, Components);

    private double[] Correlated()
    {
        double[] sums = new double[Components];
        int pairs = Views * (Views - 1) / 2;
        for (int a = 0; a < Views; a++)
        {
            for (int b = 0; b < a; b++)
            {
                double[] products = Dots(_weights[a], Covariances(a, b));
                for (int k = 0; k < sums.Length; k++) sums[k] += products[k] / pairs;
            }
        }

        return sums;
    }

    /// <summary>By component: the variance of scores, each row as often as it has views.</summary>
    private static double[] SharedVariances(DenseMatrix scores, int[] viewsOfRow)
    {
        double[] variances = new double[scores.Columns];
        double unit = scores.Rows / (viewsOfRow.Sum(count => (double)count) * (scores.Rows - 1));
        for (int i = 0; i < scores.Rows; i++)
        {
            for (int k = 0; k < variances.Length; k++) variances[k] += unit * viewsOfRow[i] * scores[i, k] * scores[i, k];
        }

        return variances;
    }

    /// <summary>The same of rows that have every view, from their products: scores are means over the views of the rows' shares.</summary>
    private double[] SharedVariances(in DenseAlgebra algebra, MultiviewMoments moments)
    {
        double[] variances = new double[Components];
        double unit = 1.0 / (Views * (double)Views * (moments.Counts[0, 0] - 1));
        for (int a = 0; a < Views; a++)
        {
            for (int b = 0; b < Views; b++)
            {
                double[] products = Dots(_shares[a], algebra.Multiply(moments.Block(moments.Scatter, a, b), _shares[b]));
                for (int k = 0; k < variances.Length; k++) variances[k] += unit * products[k];
            }
        }

        return variances;
    }

    private static double Inverse(double variance) => variance > 0 ? 1 / Math.Sqrt(variance) : 0;

    /// <summary>The diagonal of leftᵀ right.</summary>
    private static double[] Dots(DenseMatrix left, DenseMatrix right)
    {
        double[] values = new double[left.Columns];
        for (int k = 0; k < values.Length; k++)
        {
            for (int i = 0; i < left.Rows; i++) values[k] += left[i, k] * right[i, k];
        }

        return values;
    }

    private static void ScaleColumn(DenseMatrix matrix, int column, double factor)
    {
        for (int i = 0; i < matrix.Rows; i++) matrix[i, column] *= factor;
    }
}
