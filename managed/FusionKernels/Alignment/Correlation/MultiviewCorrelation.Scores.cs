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
        DenseMatrix scores = Shared(HostExecution.Engine(options, Name), given, present, rows, HostExecution.Settings(options, Name));
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
        IRowView rows = View(x, view, nameof(x));
        DenseMatrix scores = new(rows.Rows, Components);
        RowProjection.Add(HostExecution.Engine(options, Name), rows, [], [], _means[view], _weights[view], scores, HostExecution.Settings(options, Name));
        return Tensor.Create(scores.Elements, [rows.Rows, Components]);
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

    /// <summary>Makes the weight of largest magnitude in the first view's column positive; of equals, the first.</summary>
    private void FixSigns()
    {
        for (int k = 0; k < Components; k++)
        {
            double largest = 0;
            for (int v = 0; v < Views && largest == 0; v++)
            {
                for (int j = 0; j < _shares[v].Rows; j++)
                {
                    if (Math.Abs(_shares[v][j, k]) > Math.Abs(largest)) largest = _shares[v][j, k];
                }
            }

            if (largest >= 0) continue;
            foreach (DenseMatrix share in _shares) ScaleColumn(share, k, -1);
        }
    }

    /// <summary>Scales variates and shared scores to unit variance.</summary>
    private void Scale(in DenseAlgebra algebra, HostEngine engine, IRowView[] views, bool[][] present, MultiviewMoments moments, in RunSettings settings)
    {
        DenseMatrix scores = Shared(engine, views, present, views[0].Rows, settings with { Progress = null });
        int rows = scores.Rows;
        double total = moments.ViewsOfRow.Sum(count => (double)count);
        for (int k = 0; k < Components; k++)
        {
            double sum = 0;
            for (int i = 0; i < rows; i++) sum += moments.ViewsOfRow[i] * scores[i, k] * scores[i, k];
            double scale = sum == 0 ? 0 : Math.Sqrt(total * (rows - 1) / (sum * rows));
            ScaleColumn(scores, k, scale);
            foreach (DenseMatrix share in _shares) ScaleColumn(share, k, scale);
        }

        SharedScores = Tensor.Create(scores.Elements, [rows, Components]);
        for (int v = 0; v < Views; v++)
        {
            _shares[v].Elements.CopyTo(_weights[v].Elements, 0);
            double[] variances = Dots(_shares[v], algebra.Multiply(moments.Covariance(v), _shares[v]));
            for (int k = 0; k < Components; k++) ScaleColumn(_weights[v], k, variances[k] > 0 ? 1 / Math.Sqrt(variances[k]) : 0);
        }
    }

    private void Correlate(in DenseAlgebra algebra, MultiviewMoments moments)
    {
        double[] sums = new double[Components];
        int pairs = Views * (Views - 1) / 2;
        for (int a = 0; a < Views; a++)
        {
            for (int b = 0; b < a; b++)
            {
                double[] products = Dots(_weights[a], algebra.Multiply(moments.Block(moments.Scatter, a, b), _weights[b]));
                for (int k = 0; k < sums.Length; k++) sums[k] += products[k] / Math.Max(1, moments.Counts[a, b] - 1) / pairs;
            }
        }

        MeanCorrelations = sums;
    }

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
