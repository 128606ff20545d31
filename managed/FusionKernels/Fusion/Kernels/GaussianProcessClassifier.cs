using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>Gaussian-process classification on any Gram matrix by Laplace's approximation: functions of covariance s^2 K, the logistic likelihood of two classes or the softmax of several.</summary>
/// <remarks>
/// <para>Rasmussen and Williams 2006: algorithms 3.1 and 3.2 of two classes, 3.3 and 3.4 of several. Probabilities are averaged over what is left
/// uncertain: of two classes by quadrature, of several over draws. The evidence has the determinant of all classes together,
/// |I + D^1/2 K D^1/2| of each times that of the sum of their E.</para>
/// <para>Float64 on the host. Cost: a step of Newton takes n^3 / 3 operations, with a softmax 3 classes n^3; some five to ten steps for each
/// signal variance that is tried. Memory: 16 n^2 bytes, with a softmax 8 classes n^2. NaN and infinities are rejected. The same seed gives the
/// same bits for any number of threads. Immutable and thread-safe.</para>
/// </remarks>
public sealed partial class GaussianProcessClassifier
{
    private const string Name = "GaussianProcessClassifier";
    private static readonly double[] s_signals = [1, 3, 10, 30, 100];

    private readonly int[] _classes;
    private readonly ILaplaceMode[] _modes;
    private readonly int _rows;
    private readonly int _draws;
    private readonly int _seed;

    /// <summary>Keeps the modes: one of all classes together, one of two classes, or one for each class against the others.</summary>
    private GaussianProcessClassifier(int[] classes, ILaplaceMode[] modes, int rows, double signal, GaussianProcessClassifierOptions options)
    {
        (_classes, _modes, _rows, SignalVariance) = (classes, modes, rows, signal);
        (_draws, _seed) = (options.Draws, options.Seed);
        LogEvidence = modes.Sum(one => one.LogEvidence);
        Steps = modes.Sum(one => one.Steps);
    }

    /// <summary>Whether the classes have functions of one softmax.</summary>
    private bool IsSoftmax => _classes.Length > 2 && _modes.Length == 1;

    /// <summary>The labels that occurred, in ascending order: the columns of probabilities.</summary>
    public IReadOnlyList<int> Classes => _classes;

    /// <summary>s^2 of the covariance.</summary>
    public double SignalVariance { get; }

    /// <summary>The approximate logarithm of the labels' probability; of classes one against the others, the sum of their own.</summary>
    public double LogEvidence { get; }

    /// <summary>Newton's steps to the mode.</summary>
    public int Steps { get; }

    /// <summary>Fits a process.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">The training Gram matrix: n x n, symmetric, positive semi-definite.</param>
    /// <param name="labels">n labels, any integers, of two classes at least.</param>
    /// <param name="options">Signal variance, classes, draws; null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there is one class only, or an element is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NumericalException">The matrix is so far from positive semi-definite that a factorisation fails.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static GaussianProcessClassifier Fit<T>(Tensor<T> gram, ReadOnlySpan<int> labels, GaussianProcessClassifierOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Operation = $"{Name}.Fit";
        ArgumentNullException.ThrowIfNull(gram);
        HostExecution.RequireElement<T>(Operation);
        Require(options ??= new());
        if (gram.Rank != 2 || gram.Lengths[0] != gram.Lengths[1]) throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; that of the training rows is square", nameof(gram));
        if (gram.Lengths[0] != labels.Length) throw new ArgumentException($"the Gram matrix is of {gram.Lengths[0]} rows, there are labels of {labels.Length}", nameof(labels));
        MatrixRef<T> matrix = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        DecompositionInput.RequireFinite(matrix, nameof(gram));
        ClassPairs pairs = new(labels);
        using Execution execution = HostExecution.Begin<T>(options, Operation);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        DenseMatrix k = DenseMatrix.Of(matrix);
        GaussianProcessClassifier likeliest = Likeliest(pairs, labels, labels.Length, options, signal =>
        {
            DenseMatrix covariance = Scaled(k.Copy(), signal);
            return (signs => LaplaceBinary.Fit(algebra, covariance, signs, options.Cancellation), (own, classes) => LaplaceClasses.Fit(algebra, covariance, own, classes, options.Cancellation));
        });
        double rows = labels.Length, ofStep = likeliest.IsSoftmax ? 3 * pairs.Classes.Length : 1.0 / 3;
        likeliest.Complete<T>(execution, options, ofStep * rows * rows * rows, (long)((likeliest.IsSoftmax ? 8 * pairs.Classes.Length : 16) * rows * rows));
        return likeliest;
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <summary>Tells what ran, of the signal variance that was taken.</summary>
    private void Complete<T>(in Execution execution, GaussianProcessClassifierOptions options, double flopsOfStep, long bytes)
        where T : unmanaged => execution.CompleteWhole<T>(
            $"{(options.SignalVariance is null ? s_signals.Length : 1)} signal variances, {Steps} steps of Newton with the likeliest", Steps * flopsOfStep, bytes);

    private static void Require(GaussianProcessClassifierOptions options)
    {
        if (options.SignalVariance is { } given && !(given > 0 && double.IsFinite(given))) throw new ArgumentOutOfRangeException(nameof(options), given, $"{nameof(GaussianProcessClassifierOptions.SignalVariance)} must be a finite number above 0");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 1, nameof(options));
    }

    /// <summary>The process of the likeliest signal variance.</summary>
    /// <param name="pairs">The classes.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="rows">Rows that new ones are compared with.</param>
    /// <param name="options">What is tried.</param>
    /// <param name="under">Under a signal variance: the mode of two classes by signs, and of several by their numbers.</param>
    private static GaussianProcessClassifier Likeliest(
        ClassPairs pairs, ReadOnlySpan<int> labels, int rows, GaussianProcessClassifierOptions options, Func<double, (Func<double[], ILaplaceMode> Binary, Func<int[], int, ILaplaceMode> Classes)> under)
    {
        int[] classes = pairs.Classes, own = [.. labels.ToArray().Select(label => Array.BinarySearch(classes, label))];
        double[] tried = options.SignalVariance is { } only ? [only] : s_signals;
        GaussianProcessClassifier? best = null;
        for (int t = 0; t < tried.Length; t++)
        {
            (Func<double[], ILaplaceMode> binary, Func<int[], int, ILaplaceMode> softmax) = under(tried[t]);
            ILaplaceMode[] modes = classes.Length > 2 && options.Classes == ProcessClasses.Softmax
                ? [softmax(own, classes.Length)]
                : [.. Enumerable.Range(0, classes.Length == 2 ? 1 : classes.Length).Select(c => binary([.. own.Select(number => number == c ? 1.0 : -1)]))];
            GaussianProcessClassifier one = new(classes, modes, rows, tried[t], options);
            if (best is null || one.LogEvidence > best.LogEvidence) best = one;
            options.Progress?.Report((t + 1.0) / tried.Length);
        }

        return best!;
    }

    /// <summary>The probability of every class.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">rows x training rows, or landmarks, of a kernel with k(x, x) = 1.</param>
    /// <param name="options">Threads, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x classes; a row adds up to 1.</returns>
    /// <exception cref="ArgumentException">The columns are not the training rows, or an element is not finite; its place is named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> PredictProbabilities<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ProbabilitiesAs(gram, options, $"{Name}.PredictProbabilities");

    private Tensor<double> ProbabilitiesAs<T>(Tensor<T> gram, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        HostExecution.RequireElement<T>(operation);
        if (gram.Rank != 2 || gram.Lengths[1] != _rows) throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; fitted to {_rows} training rows, it must be rows x {_rows}", nameof(gram));
        MatrixRef<T> matrix = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        DecompositionInput.RequireFinite(matrix, nameof(gram));
        using Execution execution = HostExecution.Begin<T>(options, operation);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        DenseMatrix k = Scaled(DenseMatrix.Of(matrix), SignalVariance);
        double[] result = HostArray.Create<double>(operation, k.Rows, _classes.Length);
        if (IsSoftmax) Average(_modes[0].Predict(algebra, k, SignalVariance), result);
        else
        {
            for (int c = 0; c < _modes.Length; c++)
            {
                (double[] means, double[] variances) = _modes[c].Predict(algebra, k, SignalVariance);
                for (int i = 0; i < means.Length; i++)
                {
                    double positive = NormalAverage.Logistic(means[i], variances[i]);
                    result[(i * _classes.Length) + c] = positive;
                    if (_modes.Length == 1) result[(i * 2) + 1] = 1 - positive;
                }
            }

            for (int at = 0; at < result.Length && _modes.Length > 1; at += _classes.Length)
            {
                Span<double> row = result.AsSpan(at, _classes.Length);
                TensorPrimitives.Divide(row, TensorPrimitives.Sum<double>(row), row);
            }
        }

        execution.CompleteWhole<T>($"{k.Rows} rows against {_modes.Length} modes in float64", _modes.Length * (double)k.Rows * _rows * (_rows + 2.0), 16L * k.Elements.Length);
        return Tensor.Create(result, [k.Rows, _classes.Length]);
    }

    /// <summary>The likeliest class; of equal ones, the lower label.</summary>
    /// <returns>One label per row.</returns>
    /// <inheritdoc cref="PredictProbabilities{T}(Tensor{T}, ExecutionOptions?)"/>
    public int[] Predict<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<double> probabilities = ProbabilitiesAs(gram, options, $"{Name}.Predict");
        double[] values = new double[probabilities.FlattenedLength];
        probabilities.FlattenTo(values);
        return [.. Enumerable.Range(0, (int)probabilities.Lengths[0]).Select(i => _classes[TensorPrimitives.IndexOfMax<double>(values.AsSpan(i * _classes.Length, _classes.Length))])];
    }

    private static DenseMatrix Scaled(DenseMatrix matrix, double by)
    {
        TensorPrimitives.Multiply(matrix.Elements, by, matrix.Elements);
        return matrix;
    }

    /// <summary>The mean of the softmax over draws of the functions, the same for every row.</summary>
    private void Average((double[] Means, double[] Covariances) functions, double[] result)
    {
        int classes = _classes.Length;
        Random random = new(_seed);
        double[] draws = [.. Enumerable.Range(0, _draws * classes).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
        double[] row = new double[classes], factor = new double[classes * classes];
        for (int first = 0; first < result.Length; first += classes)
        {
            Root(functions.Covariances.AsSpan(first * classes, classes * classes), factor, classes);
            Span<double> mean = functions.Means.AsSpan(first, classes), sum = result.AsSpan(first, classes);
            for (int draw = 0; draw < draws.Length; draw += classes)
            {
                for (int c = 0; c < classes; c++)
                {
                    row[c] = mean[c];
                    for (int d = 0; d <= c; d++) row[c] += factor[(c * classes) + d] * draws[draw + d];
                }

                SoftmaxSolver.Softmax(row);
                for (int c = 0; c < classes; c++) sum[c] += row[c] / _draws;
            }
        }
    }

    /// <summary>The lower triangle of a covariance; what rounding leaves below 0 is 0.</summary>
    private static void Root(ReadOnlySpan<double> covariance, double[] factor, int size)
    {
        Array.Clear(factor);
        for (int c = 0; c < size; c++)
        {
            for (int d = 0; d <= c; d++)
            {
                double rest = covariance[(c * size) + d];
                for (int e = 0; e < d; e++) rest -= factor[(c * size) + e] * factor[(d * size) + e];
                double pivot = factor[(d * size) + d];
                factor[(c * size) + d] = c == d ? Math.Sqrt(Math.Max(0, rest)) : pivot > 0 ? rest / pivot : 0;
            }
        }
    }
}
