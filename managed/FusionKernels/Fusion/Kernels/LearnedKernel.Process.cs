using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Gaussian processes.</content>
internal abstract partial class LearnedKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A Gaussian process; of classes by regression on +1 and -1, the probability of a class in proportion to that of its output being above 0.</summary>
    public sealed class Process(GaussianProcess process) : LearnedKernel<T>
    {
        /// <summary>Regression on targets.</summary>
        public static Process OfTargets(FusedMatrix<T> matrix, Views views, ExecutionOptions options) => new(matrix.Process(views.Targets!, options));

        /// <summary>Regression on classes.</summary>
        public static Process OfClasses(FusedMatrix<T> matrix, int[] labels, ExecutionOptions options)
        {
            ClassPairs pairs = new(labels);
            double[] targets = [.. pairs.Indicators().Select(value => (2 * value) - 1)];
            return new(matrix.Process(Tensor.Create(targets, [labels.Length, pairs.Classes.Length]), options));
        }

        /// <inheritdoc/>
        public override Tensor<double> Values(Tensor<T> gram, ExecutionOptions? options) => process.Predict(gram, options).Means;

        /// <inheritdoc/>
        public override Tensor<double> Probabilities(Tensor<T> gram, ExecutionOptions? options)
        {
            (Tensor<double> means, Tensor<double> variances) = process.Predict(gram, options);
            int classes = process.Outputs;
            double[] result = new double[means.FlattenedLength], row = new double[classes];
            for (int i = 0; i < means.Lengths[0]; i++)
            {
                for (int c = 0; c < classes; c++) row[c] = Above(means[i, c] / Math.Sqrt(Math.Max(variances[i, c], 1e-12)));
                double sum = row.Sum();
                for (int c = 0; c < classes; c++) result[(i * classes) + c] = row[c] / sum;
            }

            return Tensor.Create(result, means.Lengths);
        }

        /// <summary>The normal distribution function by the logistic approximation of Bowling et al. 2009, off by less than 2e-4; never 0.</summary>
        private static double Above(double z) => 1 / (1 + Math.Exp(-Math.Clamp((1.5976 * z) + (0.07056 * z * z * z), -500, 500)));
    }

    /// <summary>A Gaussian process of classes by Laplace's approximation.</summary>
    public sealed class Laplace(GaussianProcessClassifier process) : LearnedKernel<T>
    {
        /// <inheritdoc/>
        public override Tensor<double> Probabilities(Tensor<T> gram, ExecutionOptions? options) => process.PredictProbabilities(gram, options);
    }
}
