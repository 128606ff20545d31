using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <content>Machines on a Gram matrix by its landmarks.</content>
public sealed partial class KernelSvm
{
    /// <summary>Fits the machines to an approximated Gram matrix F Fᵀ, which is never multiplied out; predictions then take the kernels against its landmarks.</summary>
    /// <remarks>
    /// The same search as on a stored matrix; a row of it costs 2 rows rank operations when it is first asked for. A pair's weights
    /// Fᵀ (y alpha) become coefficients of the landmarks: <see cref="Coefficients"/> are landmarks x pairs of classes.
    /// </remarks>
    /// <param name="factor">The matrix.</param>
    /// <param name="labels">By row: any integer, of two classes at least.</param>
    /// <param name="options">Cost, tolerance, probabilities, threads; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or there is one class only. For probabilities, a class has one row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The cost or the tolerance is not above 0.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelSvm Fit(NystromFactor factor, ReadOnlySpan<int> labels, KernelSvmOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(factor);
        options ??= new();
        Require(options);
        if (factor.Rows != labels.Length) throw new ArgumentException($"the factor is of {factor.Rows} rows, there are labels of {labels.Length}", nameof(labels));
        ClassPairs pairs = new(labels);
        List<SvmProblem> problems = Problems(pairs, options, out int machines);
        using Execution execution = HostExecution.Begin<double>(options, FitName);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        SvmSolution[] solutions = SvmMachines.Solve((HostEngine)execution.Engine, factor.Matrix.Ref, problems, execution.Parts, isFactor: true);
        DenseMatrix weights = Weights(factor.Matrix, problems, solutions);
        PlattSigmoid[]? sigmoids = null;
        if (options.Probabilities)
        {
            DenseMatrix decisions = algebra.Multiply(factor.Matrix, weights);
            sigmoids = [.. Enumerable.Range(0, machines).Select(pair => SigmoidOf(problems, solutions, decisions, machines, pair))];
        }

        double[] coefficients = algebra.Multiply(factor.Projection, weights.FirstColumns(machines)).Elements;
        Complete<double>(execution, problems, solutions, 4.0 * factor.Rank);
        return Of(pairs, factor.Landmarks.Count, coefficients, solutions.AsSpan(0, machines), sigmoids);
    }

    /// <summary>rank x machines: Fᵀ (y alpha) of each.</summary>
    private static DenseMatrix Weights(DenseMatrix factor, List<SvmProblem> problems, SvmSolution[] solutions)
    {
        DenseMatrix weights = new(factor.Columns, solutions.Length);
        for (int machine = 0; machine < solutions.Length; machine++)
        {
            for (int i = 0; i < problems[machine].Rows.Length; i++)
            {
                double coefficient = solutions[machine].Coefficients[i];
                if (coefficient == 0) continue;
                ReadOnlySpan<double> row = factor.Row(problems[machine].Rows[i]);
                for (int k = 0; k < row.Length; k++) weights[k, machine] += coefficient * row[k];
            }
        }

        return weights;
    }

    /// <summary>The sigmoid of a pair, from decisions by the machines that had not seen the row.</summary>
    private static PlattSigmoid SigmoidOf(List<SvmProblem> problems, SvmSolution[] solutions, DenseMatrix decisions, int machines, int pair)
    {
        SvmProblem problem = problems[pair];
        double[] held = new double[problem.Rows.Length];
        for (int fold = 0; fold < Folds; fold++)
        {
            int machine = machines + (pair * Folds) + fold;
            bool[] isHeld = IsInFold(problem.Signs, fold);
            for (int i = 0; i < held.Length; i++)
            {
                if (isHeld[i]) held[i] = decisions[problem.Rows[i], machine] + solutions[machine].Bias;
            }
        }

        return PlattSigmoid.Fit(held, problem.Signs);
    }
}
