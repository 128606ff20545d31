using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <content>Weights by margins: EasyMKL and SimpleMKL.</content>
public static partial class KernelWeights
{
    /// <summary>Relative violation at which EasyMKL's nearest points count as found: weights are ratios of forms in them, good to as many digits.</summary>
    private const double NearestTolerance = 1e-6;

    /// <summary>
    /// EasyMKL (Aiolli and Donini 2015): the nearest points of the hulls of a class and of the others under the mean kernel, and each
    /// kernel's part of the distance between them; every class against the others, averaged.
    /// </summary>
    /// <inheritdoc cref="Align{T}(IReadOnlyList{Tensor{T}}, ReadOnlySpan{int}, KernelWeightsOptions?)"/>
    /// <exception cref="ArgumentOutOfRangeException">Lambda is not in [0, 1).</exception>
    public static KernelWeightsResult EasyMkl<T>(IReadOnlyList<Tensor<T>> grams, ReadOnlySpan<int> labels, KernelWeightsOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "KernelWeights.EasyMkl";
        double lambda = (options ??= new()).Lambda;
        if (!(lambda is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), lambda, $"{nameof(KernelWeightsOptions.Lambda)} must be 0 or more and below 1");
        ClassPairs pairs = new(labels);
        using PinnedGrams<T> pinned = new(grams, labels.Length, Name, requireFinite: true);
        using Execution execution = HostExecution.Begin<T>(options, Name);
        Machines<T> machines = new(pinned.Operands, labels.Length, execution, Name);
        double[] equal = new double[grams.Count];
        Array.Fill(equal, 1.0 / grams.Count);

        // With the constraint that each side weighs as much, nearest points of hulls are a machine with a hard margin, up to scale.
        double ridge = Math.Max(lambda / (1 - lambda), 1e-10);
        SvmSolution[] solutions = machines.Solve(equal, pairs.AgainstOthers(ridge, NearestTolerance));
        double[] weights = new double[grams.Count], perClass = new double[solutions.Length * grams.Count];
        double[][] coefficients = [.. solutions.Select(one => Scaled(one.Coefficients))];
        double[,] forms = machines.Forms(coefficients);
        for (int c = 0; c < solutions.Length; c++)
        {
            double sum = 0;
            for (int m = 0; m < grams.Count; m++) sum += Math.Max(0, forms[m, c]);
            if (!(sum > 0)) throw new ArgumentException("no kernel tells the classes apart: there is nothing to weight");
            for (int m = 0; m < grams.Count; m++)
            {
                perClass[(c * grams.Count) + m] = Math.Max(0, forms[m, c]) / sum;
                weights[m] += perClass[(c * grams.Count) + m] / solutions.Length;
            }
        }

        machines.Complete(execution, $"{solutions.Length} machines on the sum of {grams.Count} matrices");
        return new(weights, [], Tensor.Create(perClass, [solutions.Length, grams.Count]), double.NaN, 0);

        static double[] Scaled(double[] beta)
        {
            double sum = beta.Sum(Math.Abs) / 2;
            return [.. beta.Select(value => value / sum)];
        }
    }

    /// <summary>
    /// SimpleMKL (Rakotomamonjy, Bach, Canu and Grandvalet 2008): descends, by reduced gradients, the sum of the objectives of all
    /// pairs' machines over the weights.
    /// </summary>
    /// <remarks>Each of some tens of evaluations fits all machines.</remarks>
    /// <inheritdoc cref="Align{T}(IReadOnlyList{Tensor{T}}, ReadOnlySpan{int}, KernelWeightsOptions?)"/>
    /// <exception cref="ArgumentOutOfRangeException">The cost or the gap is not above 0.</exception>
    public static KernelWeightsResult SimpleMkl<T>(IReadOnlyList<Tensor<T>> grams, ReadOnlySpan<int> labels, KernelWeightsOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "KernelWeights.SimpleMkl";
        options ??= new();
        if (!(options.Cost > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Cost, $"{nameof(KernelWeightsOptions.Cost)} must be above 0");
        if (!(options.Gap > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Gap, $"{nameof(KernelWeightsOptions.Gap)} must be above 0");
        ClassPairs pairs = new(labels);
        using PinnedGrams<T> pinned = new(grams, labels.Length, Name, requireFinite: true);
        using Execution execution = HostExecution.Begin<T>(options, Name);
        Machines<T> machines = new(pinned.Operands, labels.Length, execution, Name);
        KernelWeightsResult result = Descend(weights => machines.Objective(weights, pairs.Problems(options.Cost, 1e-3)), grams.Count, options);
        machines.Complete(execution, $"{result.Descents} descents, each some machines on a sum of {grams.Count} matrices");
        return result;
    }

    /// <summary>
    /// SimpleMKL with targets of regression (Rakotomamonjy et al. 2008, section 4, with squared errors): descends, by reduced gradients, the sum over
    /// outputs of max a'y - a'(sum of w K + ridge I)a / 2 over the weights; y are deviations from the mean in units of their standard deviation.
    /// </summary>
    /// <remarks>Each of some tens of evaluations factorises the weighted sum: n^3 / 3 operations.</remarks>
    /// <inheritdoc cref="Align{T}(IReadOnlyList{Tensor{T}}, Tensor{double}, KernelWeightsOptions?)"/>
    /// <exception cref="ArgumentOutOfRangeException">The ridge or the gap is not above 0.</exception>
    /// <exception cref="NumericalException">A weighted sum and its ridge are not positive definite.</exception>
    public static KernelWeightsResult SimpleMkl<T>(IReadOnlyList<Tensor<T>> grams, Tensor<double> targets, KernelWeightsOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "KernelWeights.SimpleMkl";
        options ??= new();
        if (!(options.Ridge > 0 && double.IsFinite(options.Ridge))) throw new ArgumentOutOfRangeException(nameof(options), options.Ridge, $"{nameof(KernelWeightsOptions.Ridge)} must be a finite number above 0");
        if (!(options.Gap > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Gap, $"{nameof(KernelWeightsOptions.Gap)} must be above 0");
        double[] values = Flat(targets);
        int rows = (int)targets.Lengths[0], outputs = rows == 0 ? 0 : values.Length / rows;
        using PinnedGrams<T> pinned = new(grams, rows, Name, requireFinite: true);
        double[] deviations = StandardTargets.Of(values, outputs).Deviations;
        if (Array.TrueForAll(deviations, value => value == 0)) throw new ArgumentException("the targets are the same in every row: there is nothing to weight kernels by", nameof(targets));
        using Execution execution = HostExecution.Begin<T>(options, Name);
        Machines<T> machines = new(pinned.Operands, rows, execution, Name);
        KernelWeightsResult result = Descend(weights => machines.RidgeObjective(weights, deviations, outputs, options.Ridge), grams.Count, options);
        machines.Complete(execution, $"{result.Descents} descents, each some ridge regressions of a sum of {grams.Count} matrices");
        return result;
    }

    private static KernelWeightsResult Descend(Func<double[], (double Value, double[] Gradient)> objective, int kernels, KernelWeightsOptions options)
    {
        ReducedGradient descent = new(objective, kernels);
        descent.Run(options.Gap, options.MostDescents, fraction => options.Progress?.Report(fraction));
        return new(descent.Weights, [], null, descent.Value, descent.Descents);
    }

    /// <summary>Machines on weighted sums of matrices.</summary>
    private sealed class Machines<T>(Operand<T>[] grams, int rows, Execution execution, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly HostEngine _engine = (HostEngine)execution.Engine;
        private readonly RunSettings _settings = execution.Parts with { Progress = null };
        private readonly T[] _sum = HostArray.Create<T>(operation, rows, rows);
        private double _flops;

        public SvmSolution[] Solve(double[] weights, IReadOnlyList<SvmProblem> problems)
        {
            WeightedSum.Compute(_engine, grams, weights, _sum, _settings);
            SvmSolution[] solutions = SvmMachines.Solve(_engine, MatrixRef<T>.Of(_sum, rows, rows), problems, _settings);
            _flops += (2.0 * grams.Length * _sum.Length) + problems.Zip(solutions, (problem, solution) => 4.0 * problem.Rows.Length * solution.Iterations).Sum();
            return solutions;
        }

        /// <summary>Tells what ran.</summary>
        public void Complete(in Execution told, string route) => told.CompleteWhole<T>(route, _flops, 8L * _sum.Length);

        /// <summary>The sum of the objectives, and by kernel minus half of the forms: its gradient.</summary>
        public (double Value, double[] Gradient) Objective(double[] weights, List<SvmProblem> problems)
        {
            SvmSolution[] solutions = Solve(weights, problems);
            double[][] coefficients = new double[solutions.Length][];
            for (int p = 0; p < solutions.Length; p++)
            {
                coefficients[p] = new double[rows];
                for (int i = 0; i < problems[p].Rows.Length; i++) coefficients[p][problems[p].Rows[i]] = solutions[p].Coefficients[i];
            }

            return (solutions.Sum(one => one.Objective), Gradient(coefficients));
        }

        /// <summary>The same of ridge regression: half of y' (K + ridge I)^-1 y, summed over outputs.</summary>
        public (double Value, double[] Gradient) RidgeObjective(double[] weights, double[] targets, int outputs, double ridge)
        {
            WeightedSum.Compute(_engine, grams, weights, _sum, _settings);
            double[] solved = new double[targets.Length];
            RidgeSolver.Solve(_engine, MatrixRef<T>.Of(_sum, rows, rows), ridge, targets, solved, _settings);
            _flops += _sum.Length * ((2.0 * grams.Length) + (rows / 3.0));
            double[][] coefficients = [.. Enumerable.Range(0, outputs).Select(c => Enumerable.Range(0, rows).Select(i => solved[(i * outputs) + c]).ToArray())];
            return (TensorPrimitives.Dot<double>(targets, solved) / 2, Gradient(coefficients));
        }

        private double[] Gradient(double[][] coefficients)
        {
            double[,] forms = Forms(coefficients);
            double[] gradient = new double[grams.Length];
            for (int m = 0; m < grams.Length; m++)
            {
                for (int p = 0; p < coefficients.Length; p++) gradient[m] -= forms[m, p] / 2;
            }

            return gradient;
        }

        /// <summary>beta' K beta of every matrix and vector.</summary>
        public double[,] Forms(double[][] vectors)
        {
            double[] right = HostArray.Create<double>(operation, rows, vectors.Length), product = new double[right.Length];
            for (int i = 0; i < rows; i++)
            {
                for (int p = 0; p < vectors.Length; p++) right[(i * vectors.Length) + p] = vectors[p][i];
            }

            _flops += 2.0 * grams.Length * _sum.Length * vectors.Length;
            double[,] forms = new double[grams.Length, vectors.Length];
            for (int m = 0; m < grams.Length; m++)
            {
                RidgeSolver.Predict(_engine, grams[m].Ref, right, vectors.Length, product, _settings);
                for (int at = 0; at < product.Length; at++) forms[m, at % vectors.Length] += right[at] * product[at];
            }

            return forms;
        }
    }
}
