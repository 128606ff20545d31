using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <content>Decisions, votes and probabilities of new rows.</content>
public sealed partial class KernelSvm
{
    /// <summary>The decision value of every machine.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">rows x training rows: the rows against the training rows, by the kernel of the training Gram.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x pairs of classes; above 0 speaks for the first of the pair.</returns>
    /// <exception cref="ArgumentException">The columns are not the training rows, or an element is not finite; its place is named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> DecisionValues<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "KernelSvm.DecisionValues";
        using Execution execution = HostExecution.Begin<T>(options, Name);
        double[] values = Decide(gram, execution, Name);
        Complete<T>(execution, gram.Lengths[0]);
        return Tensor.Create(values, [gram.Lengths[0], _biases.Length]);
    }

    /// <summary>The class that most machines vote for; of equal ones, the lower label.</summary>
    /// <returns>One label per row.</returns>
    /// <inheritdoc cref="DecisionValues{T}(Tensor{T}, ExecutionOptions?)"/>
    public int[] Predict<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = HostExecution.Begin<T>(options, PredictName);
        double[] values = Decide(gram, execution, PredictName);
        int[] result = new int[gram.Lengths[0]];
        int[] votes = new int[_classes.Length];
        for (int i = 0; i < result.Length; i++)
        {
            Array.Clear(votes);
            int pair = i * _biases.Length;
            for (int a = 0; a < _classes.Length; a++)
            {
                for (int b = a + 1; b < _classes.Length; b++) votes[values[pair++] > 0 ? a : b]++;
            }

            result[i] = _classes[Array.IndexOf(votes, votes.Max())];
        }

        Complete<T>(execution, result.Length);
        return result;
    }

    /// <summary>The probability of every class.</summary>
    /// <returns>rows x classes; a row adds up to 1. The likeliest class need not be that of most votes.</returns>
    /// <exception cref="InvalidOperationException">Probabilities were not fitted.</exception>
    /// <inheritdoc cref="DecisionValues{T}(Tensor{T}, ExecutionOptions?)"/>
    public Tensor<double> PredictProbabilities<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_sigmoids is null) throw new InvalidOperationException($"this machine was fitted without probabilities: set {nameof(KernelSvmOptions)}.{nameof(KernelSvmOptions.Probabilities)}");
        const string Name = "KernelSvm.PredictProbabilities";
        using Execution execution = HostExecution.Begin<T>(options, Name);
        double[] values = Decide(gram, execution, Name);
        int rows = (int)gram.Lengths[0], classes = _classes.Length;
        double[] result = HostArray.Create<double>(Name, rows, classes), pairs = new double[classes * classes];
        for (int i = 0; i < rows; i++)
        {
            int pair = 0;
            for (int a = 0; a < classes; a++)
            {
                for (int b = a + 1; b < classes; b++, pair++)
                {
                    // As libsvm's: a pair is never certain.
                    double p = Math.Clamp(_sigmoids[pair].Probability(values[(i * _biases.Length) + pair]), 1e-7, 1 - 1e-7);
                    (pairs[(a * classes) + b], pairs[(b * classes) + a]) = (p, 1 - p);
                }
            }

            PairwiseCoupling.Couple(pairs, result.AsSpan(i * classes, classes));
        }

        Complete<T>(execution, rows);
        return Tensor.Create(result, [rows, classes]);
    }

    private void Complete<T>(in Execution execution, long rows)
        where T : unmanaged => execution.CompleteWhole<T>($"{rows} rows by {_biases.Length} machines in float64", 2.0 * rows * _coefficients.Length, 8 * rows * _biases.Length);

    private double[] Decide<T>(Tensor<T> gram, in Execution execution, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        HostExecution.RequireElement<T>(operation);
        MatrixRef<T> matrix = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        if (gram.Rank != 2 || matrix.Columns != TrainingRows)
        {
            throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; fitted to {TrainingRows} training rows, it must be rows x {TrainingRows}", nameof(gram));
        }

        DecompositionInput.RequireFinite(matrix, nameof(gram));
        double[] values = HostArray.Create<double>(operation, matrix.Rows, _biases.Length);
        RidgeSolver.Predict((HostEngine)execution.Engine, matrix, _coefficients, _biases.Length, values, execution.Parts);
        for (int i = 0; i < values.Length; i++) values[i] += _biases[i % _biases.Length];
        return values;
    }
}
