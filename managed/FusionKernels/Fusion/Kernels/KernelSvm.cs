using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>Support vector classification on any Gram matrix: one machine for every pair of classes, the class of most votes wins.</summary>
/// <remarks>
/// <para>Each machine is solved by sequential minimal optimisation with second-order choice of the pair (Fan, Chen and Lin 2005), in
/// float64 on rows of the Gram matrix that are gathered when they are first needed. Without shrinking. An indefinite matrix ends at a
/// point that no pair improves. Cost: about 4 n operations for each of usually n to 10 n steps of a machine of n rows; machines run on
/// all threads. Memory: 8 n^2 bytes for each thread, at most 512 MiB each. The same bits for any number of threads.</para>
/// <para>Probabilities: a sigmoid for each pair, fitted to decision values of five-fold cross-validation (Platt 2000), and coupled (Wu,
/// Lin and Weng 2004). Folds go through the rows of a class in turn: no chance is involved. NaN and infinities are rejected. Immutable
/// and thread-safe.</para>
/// </remarks>
public sealed partial class KernelSvm
{
    private const int Folds = 5;
    private const string FitName = "KernelSvm.Fit";
    private const string PredictName = "KernelSvm.Predict";

    private readonly int[] _classes;
    private readonly double[] _coefficients;
    private readonly double[] _biases;
    private readonly PlattSigmoid[]? _sigmoids;

    private KernelSvm(int[] classes, int trainingRows, double[] coefficients, double[] biases, PlattSigmoid[]? sigmoids)
    {
        (_classes, TrainingRows, _coefficients, _biases, _sigmoids) = (classes, trainingRows, coefficients, biases, sigmoids);
        for (int i = 0; i < trainingRows; i++)
        {
            if (coefficients.AsSpan(i * biases.Length, biases.Length).ContainsAnyExcept(0)) SupportVectors++;
        }
    }

    /// <summary>The labels that occurred, in ascending order.</summary>
    public IReadOnlyList<int> Classes => _classes;

    /// <summary>Rows of the training Gram matrix; of a <see cref="NystromFactor"/>, its landmarks.</summary>
    public int TrainingRows { get; }

    /// <summary>Rows, or landmarks, that any machine leans on.</summary>
    public int SupportVectors { get; }

    /// <summary>Steps of all machines.</summary>
    public long Iterations { get; private init; }

    /// <summary>The sum of the machines' dual objectives.</summary>
    public double Objective { get; private init; }

    /// <summary>The largest violation of optimality that any machine was left with: below the tolerance, unless ten million steps were not enough.</summary>
    public double Gap { get; private init; }

    /// <summary>Whether <see cref="PredictProbabilities{T}"/> can be asked.</summary>
    public bool HasProbabilities => _sigmoids is not null;

    /// <summary>A copy of y alpha of every machine: training rows x pairs of classes, (0, 1), (0, 2), ... in their order; above 0 speaks for the first.</summary>
    public Tensor<double> Coefficients => Tensor.Create((double[])_coefficients.Clone(), [TrainingRows, _biases.Length]);

    /// <summary>By pair of classes: what is added to the sum of coefficients times kernels.</summary>
    public IReadOnlyList<double> Biases => _biases;

    /// <summary>Fits the machines.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">The training Gram matrix: n x n, symmetric.</param>
    /// <param name="labels">n labels, any integers, of two classes at least.</param>
    /// <param name="options">Cost, tolerance, probabilities, threads; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there is one class only, or an element is not finite; the place is named. For probabilities, a class has one row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The cost or the tolerance is not above 0.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelSvm Fit<T>(Tensor<T> gram, ReadOnlySpan<int> labels, KernelSvmOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        options ??= new();
        HostExecution.RequireElement<T>(FitName);
        Require(options);
        RequireSquare(gram, labels.Length);
        MatrixRef<T> matrix = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        DecompositionInput.RequireFinite(matrix, nameof(gram));
        ClassPairs pairs = new(labels);
        List<SvmProblem> problems = Problems(pairs, options, out int machines);
        using Execution execution = HostExecution.Begin<T>(options, FitName);
        SvmSolution[] solutions = SvmMachines.Solve((HostEngine)execution.Engine, matrix, problems, execution.Parts);
        PlattSigmoid[]? sigmoids = options.Probabilities ? Sigmoids(matrix, problems, solutions, machines) : null;
        double[] coefficients = HostArray.Create<double>(FitName, labels.Length, machines);
        for (int pair = 0; pair < machines; pair++)
        {
            int[] rows = problems[pair].Rows;
            for (int i = 0; i < rows.Length; i++) coefficients[(rows[i] * machines) + pair] = solutions[pair].Coefficients[i];
        }

        Complete<T>(execution, problems, solutions, 4);
        return Of(pairs, labels.Length, coefficients, solutions.AsSpan(0, machines), sigmoids);
    }

    /// <summary>Tells what ran.</summary>
    /// <param name="execution">The call.</param>
    /// <param name="problems">Its machines.</param>
    /// <param name="solutions">Their steps.</param>
    /// <param name="flops">Operations of a step for each of a machine's rows.</param>
    private static void Complete<T>(in Execution execution, List<SvmProblem> problems, SvmSolution[] solutions, double flops)
        where T : unmanaged
    {
        if (!execution.IsReported) return;
        double all = problems.Zip(solutions, (problem, solution) => flops * problem.Rows.Length * solution.Iterations).Sum();
        execution.CompleteWhole<T>($"{problems.Count} machines by pairs of rows, {solutions.Sum(one => (long)one.Iterations)} steps", all, 8L * problems.Max(problem => (long)problem.Rows.Length * problem.Rows.Length));
    }

    private static KernelSvm Of(ClassPairs pairs, int columns, double[] coefficients, ReadOnlySpan<SvmSolution> solutions, PlattSigmoid[]? sigmoids)
    {
        SvmSolution[] full = solutions.ToArray();
        return new(pairs.Classes, columns, coefficients, [.. full.Select(one => one.Bias)], sigmoids)
        {
            Iterations = full.Sum(one => (long)one.Iterations),
            Objective = full.Sum(one => one.Objective),
            Gap = full.Max(one => one.Gap),
        };
    }

    /// <summary>The machines of all pairs of classes, and behind them, for probabilities, those that had not seen a fold.</summary>
    private static List<SvmProblem> Problems(ClassPairs pairs, KernelSvmOptions options, out int machines)
    {
        if (options.Probabilities) pairs.RequireTwoRows();
        List<SvmProblem> problems = pairs.Problems(options.Cost, options.Tolerance);
        machines = problems.Count;
        for (int pair = 0; pair < machines && options.Probabilities; pair++)
        {
            for (int fold = 0; fold < Folds; fold++) problems.Add(Without(problems[pair], fold));
        }

        return problems;
    }

    private static void Require(KernelSvmOptions options)
    {
        if (!(options.Cost > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Cost, $"{nameof(KernelSvmOptions.Cost)} must be above 0");
        if (!(options.Tolerance > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Tolerance, $"{nameof(KernelSvmOptions.Tolerance)} must be above 0");
    }

    private static void RequireSquare<T>(Tensor<T> gram, int labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (gram.Rank != 2 || gram.Lengths[0] != gram.Lengths[1])
        {
            throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; that of the training rows is square", nameof(gram));
        }

        if (gram.Lengths[0] != labels) throw new ArgumentException($"the Gram matrix is of {gram.Lengths[0]} rows, there are labels of {labels}", nameof(labels));
    }

    /// <summary>Rows of each class go to the folds in turn.</summary>
    private static bool[] IsInFold(sbyte[] signs, int fold)
    {
        bool[] result = new bool[signs.Length];
        int positive = 0, negative = 0;
        for (int i = 0; i < signs.Length; i++) result[i] = (signs[i] > 0 ? positive++ : negative++) % Folds == fold;
        return result;
    }

    private static SvmProblem Without(in SvmProblem problem, int fold)
    {
        bool[] held = IsInFold(problem.Signs, fold);
        return problem with
        {
            Rows = [.. problem.Rows.Where((_, i) => !held[i])],
            Signs = [.. problem.Signs.Where((_, i) => !held[i])],
        };
    }

    /// <summary>By pair: the sigmoid of decision values by machines that had not seen the row.</summary>
    private static PlattSigmoid[] Sigmoids<T>(MatrixRef<T> gram, List<SvmProblem> problems, SvmSolution[] solutions, int machines)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PlattSigmoid[] sigmoids = new PlattSigmoid[machines];
        for (int pair = 0; pair < machines; pair++)
        {
            SvmProblem problem = problems[pair];
            double[] decisions = new double[problem.Rows.Length];
            for (int fold = 0; fold < Folds; fold++)
            {
                int machine = machines + (pair * Folds) + fold;
                SvmMachines.Decide(gram, problem.Rows, IsInFold(problem.Signs, fold), problems[machine].Rows, solutions[machine], decisions);
            }

            sigmoids[pair] = PlattSigmoid.Fit(decisions, problem.Signs);
        }

        return sigmoids;
    }
}
