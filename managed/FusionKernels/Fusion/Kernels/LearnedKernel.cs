using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What was learned from a Gram matrix.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract partial class LearnedKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The label of every row, or null where labels follow from probabilities.</summary>
    public virtual int[]? Predict(Tensor<T> gram, ExecutionOptions? options) => null;

    /// <summary>rows x classes.</summary>
    public abstract Tensor<double> Probabilities(Tensor<T> gram, ExecutionOptions? options);

    /// <summary>What a file keeps of the default learner.</summary>
    /// <param name="file">The file.</param>
    /// <param name="training">The rows that it learned from.</param>
    /// <param name="rows">Rows that new ones are compared with.</param>
    public static LearnedKernel<T> Read(ModelStateReader file, Views training, int rows) => training.Labels is { } labels
        ? new Machines(KernelSvm.Read(file, FusionModel.PriorOf(labels).Classes, rows))
        : new RidgeOfTargets(KernelRidge.Read(file, rows, training.RequireTargets().Outputs), file.Numbers("means", training.RequireTargets().Outputs));

    /// <summary>rows x outputs.</summary>
    public virtual Tensor<double> Values(Tensor<T> gram, ExecutionOptions? options) => throw new NotSupportedException("this learner predicts classes");

    /// <summary>Whether <see cref="Write"/> can be asked.</summary>
    public virtual bool IsKept => false;

    /// <summary>Writes what was learned.</summary>
    public virtual void Write(ModelStateWriter file) => throw new NotSupportedException("this learner keeps nothing in files");

    /// <summary>Support vector machines.</summary>
    public sealed class Machines(KernelSvm svm) : LearnedKernel<T>
    {
        /// <inheritdoc/>
        public override bool IsKept => true;

        /// <inheritdoc/>
        public override void Write(ModelStateWriter file) => svm.Write(file);

        /// <summary>The machines.</summary>
        public KernelSvm Svm => svm;

        /// <inheritdoc/>
        public override int[] Predict(Tensor<T> gram, ExecutionOptions? options) => svm.Predict(gram, options);

        /// <inheritdoc/>
        public override Tensor<double> Probabilities(Tensor<T> gram, ExecutionOptions? options) => svm.PredictProbabilities(gram, options);
    }

    /// <summary>Ridge regression on classes; outputs over a temperature, fitted to rows held out, are scores of a softmax.</summary>
    public sealed class RidgeOfClasses(KernelRidgeClassifier ridge, double temperature) : LearnedKernel<T>
    {
        /// <inheritdoc/>
        public override Tensor<double> Probabilities(Tensor<T> gram, ExecutionOptions? options) =>
            TemperatureCalibration.Softmax(ridge.DecisionValues(gram, options), temperature);
    }

    /// <summary>Ridge regression on targets around their mean.</summary>
    public sealed class RidgeOfTargets(KernelRidge ridge, double[] means) : LearnedKernel<T>
    {
        /// <inheritdoc/>
        public override bool IsKept => true;

        /// <inheritdoc/>
        public override void Write(ModelStateWriter file)
        {
            ridge.Write(file);
            file.Add("means", means);
        }

        /// <inheritdoc/>
        public override Tensor<double> Probabilities(Tensor<T> gram, ExecutionOptions? options) => throw new NotSupportedException("this learner predicts numbers");

        /// <inheritdoc/>
        public override Tensor<double> Values(Tensor<T> gram, ExecutionOptions? options)
        {
            Tensor<double> values = ridge.Predict(gram, options);
            TensorSpan<double> cells = values.AsTensorSpan();
            for (int i = 0; i < values.Lengths[0]; i++)
            {
                for (int c = 0; c < means.Length; c++) cells[i, c] += means[c];
            }

            return values;
        }
    }
}
