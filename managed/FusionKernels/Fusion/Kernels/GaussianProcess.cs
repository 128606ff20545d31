using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Gaussian-process regression on any Gram matrix: y = f + noise, f of covariance s^2 K (Rasmussen and Williams 2006, algorithm 2.1).</summary>
/// <remarks>
/// The signal variance s^2 is that of largest likelihood, in closed form; the noise, as a fraction of it, is given or the likeliest of
/// seven from 1e-4 to 1. Targets are taken around their means. Float64 on the host; n^3 / 3 operations for each noise that is tried, 8
/// n^2 bytes. NaN and infinities are rejected. The same bits for any number of threads. Immutable and thread-safe.
/// </remarks>
public sealed partial class GaussianProcess
{
    private static readonly double[] s_noises = [1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1];

    /// <summary>What tells how much rows explain: the triangle that K with noise is made of; of landmarks, what their kernels are multiplied by.</summary>
    private readonly DenseMatrix _factor;
    private readonly bool _isTriangle;
    private readonly double[] _coefficients;
    private readonly double[] _means;
    private readonly double[] _signals;

    private GaussianProcess(DenseMatrix factor, bool isTriangle, double[] coefficients, double[] means, double[] signals, double noise, double likelihood)
    {
        (_factor, _isTriangle, _coefficients, _means, _signals) = (factor, isTriangle, coefficients, means, signals);
        (Noise, LogMarginalLikelihood) = (noise, likelihood);
    }

    /// <summary>Outputs of the regression.</summary>
    public int Outputs => _means.Length;

    /// <summary>The variance of the noise, as a fraction of the signal's.</summary>
    public double Noise { get; }

    /// <summary>By output: the variance of the signal.</summary>
    public IReadOnlyList<double> SignalVariances => _signals;

    /// <summary>The logarithm of the targets' density, of all outputs together.</summary>
    public double LogMarginalLikelihood { get; }

    /// <summary>Fits a process.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">The training Gram matrix: n x n, symmetric, positive semi-definite.</param>
    /// <param name="targets">n x outputs, or n values of one output.</param>
    /// <param name="noise">Its variance as a fraction of the signal's, above 0; null for the likeliest.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two rows, or an element is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The noise is not a finite number above 0.</exception>
    /// <exception cref="NumericalException">K with noise is not positive definite.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static GaussianProcess Fit<T>(Tensor<T> gram, Tensor<double> targets, double? noise = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "GaussianProcess.Fit";
        ArgumentNullException.ThrowIfNull(gram);
        ArgumentNullException.ThrowIfNull(targets);
        HostExecution.RequireElement<T>(Name);
        RequireNoise(noise);
        if (gram.Rank != 2 || gram.Lengths[0] != gram.Lengths[1]) throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; that of the training rows is square", nameof(gram));
        if (targets.Rank is not (1 or 2) || targets.Lengths[0] != gram.Lengths[0]) throw new ArgumentException($"'{nameof(targets)}' is {Shape.Of(targets.Lengths)}, the Gram matrix is of {gram.Lengths[0]} rows", nameof(targets));
        int rows = (int)gram.Lengths[0], outputs = targets.Rank == 2 ? (int)targets.Lengths[1] : 1;
        if (rows < 2) throw new ArgumentException($"the Gram matrix is of {rows} rows; two at least are needed", nameof(gram));
        MatrixRef<T> matrix = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        DecompositionInput.RequireFinite(matrix, nameof(gram));
        (double[] values, double[] means) = Centred(targets, rows, outputs);
        using Execution execution = HostExecution.Begin<T>(options, Name);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        DenseMatrix k = DenseMatrix.Of(matrix), y = new(rows, outputs, values);
        GaussianProcess likeliest = Likeliest(noise, options, tried => With(algebra, k, y, means, tried));
        int fits = Fits(noise);
        execution.CompleteWhole<T>($"{fits} noises, a Cholesky factor of {rows} rows in float64 each", fits * (double)rows * rows * ((rows / 3.0) + (2.0 * outputs)), 24L * rows * rows);
        return likeliest;
    }

    /// <summary>Predicts the outputs of rows, with their variances.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">rows x training rows.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>Means and variances of f, without noise, for a kernel with k(x, x) = 1: rows x outputs each.</returns>
    /// <exception cref="ArgumentException">The columns are not the training rows, or an element is not finite.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public (Tensor<double> Means, Tensor<double> Variances) Predict<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "GaussianProcess.Predict";
        ArgumentNullException.ThrowIfNull(gram);
        HostExecution.RequireElement<T>(Name);
        int columns = _coefficients.Length / Outputs;
        if (gram.Rank != 2 || gram.Lengths[1] != columns) throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; fitted to {columns} training rows, it must be rows x {columns}", nameof(gram));
        MatrixRef<T> matrix = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        DecompositionInput.RequireFinite(matrix, nameof(gram));
        using Execution execution = HostExecution.Begin<T>(options, Name);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        DenseMatrix k = DenseMatrix.Of(matrix), solved = _isTriangle ? algebra.SolveLower(_factor, k.Transposed()) : algebra.MultiplyTransposed(_factor, k);
        DenseMatrix mean = algebra.Multiply(k, new(columns, Outputs, _coefficients));
        double[] explained = new double[k.Rows], variances = HostArray.Create<double>(Name, k.Rows, Outputs);
        for (int t = 0; t < solved.Rows; t++)
        {
            for (int i = 0; i < k.Rows; i++) explained[i] += solved[t, i] * solved[t, i];
        }

        for (int at = 0; at < variances.Length; at++)
        {
            int output = at % Outputs;
            mean.Elements[at] += _means[output];
            variances[at] = _signals[output] * Math.Max(0, 1 - explained[at / Outputs]);
        }

        execution.CompleteWhole<T>(
            $"{k.Rows} rows against {(_isTriangle ? "the Cholesky factor" : "features")} in float64",
            (double)k.Rows * (((_isTriangle ? 1.0 : 2.0) * _factor.Elements.Length) + (2.0 * _coefficients.Length)),
            8L * (k.Elements.Length + solved.Elements.Length));
        return (Tensor.Create(mean.Elements, [k.Rows, Outputs]), Tensor.Create(variances, [k.Rows, Outputs]));
    }

    private static GaussianProcess With(in DenseAlgebra algebra, DenseMatrix k, DenseMatrix y, double[] means, double noise)
    {
        DenseMatrix noisy = k.Copy();
        for (int i = 0; i < k.Rows; i++) noisy[i, i] += noise;
        DenseMatrix factor = algebra.Cholesky(noisy);
        DenseMatrix half = algebra.SolveLower(factor, y), coefficients = algebra.SolveLowerTransposed(factor, half);
        double logDeterminant = 0;
        for (int i = 0; i < k.Rows; i++) logDeterminant += 2 * Math.Log(factor[i, i]);
        double[] signals = new double[means.Length];
        for (int at = 0; at < half.Elements.Length; at++) signals[at % means.Length] += half.Elements[at] * half.Elements[at] / k.Rows;
        return new(factor, isTriangle: true, coefficients.Elements, means, signals, noise, Likelihood(logDeterminant, signals, k.Rows));
    }

    /// <summary>The best of the noises that are tried.</summary>
    private static GaussianProcess Likeliest(double? noise, ExecutionOptions? options, Func<double, GaussianProcess> with)
    {
        GaussianProcess? best = null;
        double[] tried = noise is { } only ? [only] : s_noises;
        for (int t = 0; t < tried.Length; t++)
        {
            options?.Cancellation.ThrowIfCancellationRequested();
            GaussianProcess one = with(tried[t]);
            if (best is null || one.LogMarginalLikelihood > best.LogMarginalLikelihood) best = one;
            options?.Progress?.Report((t + 1.0) / tried.Length);
        }

        return best!;
    }

    /// <summary>The density with the likeliest signals, which are kept off 0.</summary>
    private static int Fits(double? noise) => noise is null ? s_noises.Length : 1;

    private static double Likelihood(double logDeterminant, double[] signals, int rows)
    {
        double likelihood = 0;
        for (int c = 0; c < signals.Length; c++)
        {
            // A target that does not vary has no scale of its own; any small one explains it.
            signals[c] = Math.Max(signals[c], 1e-300);
            likelihood -= (logDeterminant + (rows * (Math.Log(2 * Math.PI * signals[c]) + 1))) / 2;
        }

        return likelihood;
    }

    /// <summary>Targets around their means, and these.</summary>
    private static (double[] Values, double[] Means) Centred(Tensor<double> targets, int rows, int outputs)
    {
        double[] values = HostArray.Create<double>("GaussianProcess.Fit", rows, outputs), means = new double[outputs];
        targets.FlattenTo(values);
        int wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        if (wrong >= 0) throw new ArgumentException($"targets[{wrong / outputs}, {wrong % outputs}] is not a finite number", nameof(targets));
        for (int at = 0; at < values.Length; at++) means[at % outputs] += values[at] / rows;
        for (int at = 0; at < values.Length; at++) values[at] -= means[at % outputs];
        return (values, means);
    }

    private static void RequireNoise(double? noise)
    {
        if (noise is { } given && !(given > 0 && double.IsFinite(given))) throw new ArgumentOutOfRangeException(nameof(noise), noise, "the noise must be a finite number above 0");
    }
}
