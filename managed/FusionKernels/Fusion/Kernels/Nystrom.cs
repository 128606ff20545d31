using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Gram matrices of many rows from their columns at a few landmarks: K is about C W^+ Cᵀ, with C of all rows against the landmarks and W of these among themselves.</summary>
/// <remarks>
/// <para>Machines learn from the <see cref="NystromFactor"/> in place of the matrix, and are told of new rows by their Gram matrix against
/// the landmarks alone: <see cref="KernelRidge"/>, <see cref="KernelRidgeClassifier"/>, <see cref="KernelSvm"/>, <see cref="GaussianProcess"/>.
/// With every row a landmark nothing is lost but rounding.</para>
/// <para>Cost: rows x landmarks kernels and 2 rows landmarks^2 + 9 landmarks^3 operations, in float64 on the host; memory 16 rows landmarks bytes.
/// NaN and infinities are rejected. The same seed gives the same bits for any number of threads. Thread-safe. (Williams and Seeger 2001.)</para>
/// </remarks>
public static class Nystrom
{
    private const string Name = "Nystrom.Fit";

    /// <summary>Approximates the Gram matrix of rows of features.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">A positive semi-definite kernel; not centred, which takes all columns.</param>
    /// <param name="options">Landmarks, choice, seed, device of the Gram matrix; null for the defaults.</param>
    /// <exception cref="ArgumentException">x is no matrix or holds a value that is not finite, the kernel does not fit it, or all kernels are 0 or below.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static NystromFactor Fit<T>(Tensor<T> x, Kernel kernel, NystromOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(kernel);
        if (x.Rank != 2) throw new ArgumentException($"'{nameof(x)}' is {Shape.Of(x.Lengths)}; rows x features is needed", nameof(x));
        using Execution execution = HostExecution.BeginBeside<T>(options, Name, hasKernel: true);
        GramOptions gram = new() { Device = options?.Device, Threads = options?.Threads ?? 0, Cancellation = options?.Cancellation ?? default };
        double[]? diagonal = options?.Choice == LandmarkChoice.Leverage ? Array.ConvertAll(Gram.Diagonal(x, kernel, gram).ToArray(), double.CreateChecked) : null;
        return Fit((int)x.Lengths[0], landmarks => Gram.Compute(x, GramPart.Rows(x, landmarks), kernel, gram), options ?? new(), diagonal, execution);
    }

    /// <summary>Approximates a Gram matrix of which columns can be asked for: of series, of graphs, of anything.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="rows">Rows of the matrix, 1 or more.</param>
    /// <param name="against">Gives rows x landmarks for the numbers of some rows; asked once, by leverage twice.</param>
    /// <param name="options">Landmarks, choice, seed; null for the defaults.</param>
    /// <param name="diagonal">By row: k(x, x), which leverage reads; null where it is 1.</param>
    /// <exception cref="ArgumentException">Columns are of another shape or not finite, or all kernels are 0 or below.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no row, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static NystromFactor Fit<T>(int rows, Func<int[], Tensor<T>> against, NystromOptions? options = null, IReadOnlyList<double>? diagonal = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(against);
        HostExecution.RequireElement<T>(Name);
        using Execution execution = HostExecution.BeginBeside<T>(options, Name, hasKernel: false);
        return Fit(rows, against, options ?? new(), diagonal, execution);
    }

    private static NystromFactor Fit<T>(int rows, Func<int[], Tensor<T>> against, NystromOptions options, IReadOnlyList<double>? diagonal, in Execution execution)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Landmarks, 1, nameof(options));
        if (!(options.LeverageRidge > 0 && double.IsFinite(options.LeverageRidge))) throw new ArgumentOutOfRangeException(nameof(options), options.LeverageRidge, $"{nameof(NystromOptions.LeverageRidge)} must be a finite number above 0");
        if (diagonal is not null && diagonal.Count != rows) throw new ArgumentException($"there are {rows} rows and a diagonal of {diagonal.Count}", nameof(diagonal));
        if (options.Tolerance is { } given && !(given is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), given, $"{nameof(NystromOptions.Tolerance)} must be 0 or more and below 1");
        DenseAlgebra algebra = new(HostExecution.EngineBeside(options), execution.Parts);
        int count = Math.Min(options.Landmarks, rows);
        Random random = new(options.Seed);
        int[] landmarks = count == rows ? [.. Enumerable.Range(0, rows)] : Weighted(random, [.. Enumerable.Repeat(1.0, rows)], count);
        double tolerance = options.Tolerance ?? Rounding<T>(count);
        (NystromFactor factor, double[] spectrum) = Of(algebra, Columns(rows, landmarks, against), landmarks, tolerance);
        bool isTwice = count < rows && options.Choice == LandmarkChoice.Leverage;
        if (isTwice)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            landmarks = Weighted(random, Leverages(factor.Matrix, spectrum, options.LeverageRidge, diagonal), count);
            factor = Of(algebra, Columns(rows, landmarks, against), landmarks, tolerance).Factor;
        }

        double all = count;
        execution.CompleteWhole<T>(
            $"{count} columns of {rows} rows{(isTwice ? ", twice for leverage" : "")}, {factor.Rank} eigenvectors in float64", (isTwice ? 2 : 1) * all * all * ((2.0 * rows) + (9 * all)), 16L * rows * count);
        return factor;
    }

    /// <summary>Approximates a Gram matrix by columns at landmarks that others have chosen.</summary>
    internal static NystromFactor Of<T>(Tensor<T> columns, int[] landmarks, double? tolerance, ExecutionOptions host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DenseAlgebra algebra = new(HostExecution.Engine(host, Name), HostExecution.Settings(host, Name));
        return Of(algebra, Columns((int)columns.Lengths[0], landmarks, _ => columns), landmarks, tolerance ?? Rounding<T>(landmarks.Length)).Factor;
    }

    private static double Rounding<T>(int landmarks) => landmarks * (typeof(T) == typeof(float) ? 1.2e-7 : 2.2e-16);

    /// <summary>Rows without repetition, each as likely as its weight (Efraimidis and Spirakis 2006), in ascending order.</summary>
    private static int[] Weighted(Random random, double[] weights, int count)
    {
        double[] keys = [.. weights.Select(weight => -Math.Log(1 - random.NextDouble()) / Math.Max(weight, 1e-300))];
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, order);
        return [.. order.Take(count).Order()];
    }

    /// <summary>In proportion to ridge leverage scores: k(i, i) less what the landmarks explain of it, c(i) (W + ridge)^-1 c(i)ᵀ, which shrinks little where no landmark is near.</summary>
    private static double[] Leverages(DenseMatrix factor, double[] spectrum, double ridge, IReadOnlyList<double>? diagonal)
    {
        double[] scores = new double[factor.Rows];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = diagonal?[i] ?? 1;
            ReadOnlySpan<double> row = factor.Row(i);
            for (int k = 0; k < row.Length; k++) scores[i] -= row[k] * row[k] * spectrum[k] / (spectrum[k] + (ridge * spectrum[0]));
        }

        return scores;
    }

    private static DenseMatrix Columns<T>(int rows, int[] landmarks, Func<int[], Tensor<T>> against)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> columns = against((int[])landmarks.Clone());
        if (columns is null || columns.Rank != 2 || columns.Lengths[0] != rows || columns.Lengths[1] != landmarks.Length)
        {
            throw new ArgumentException($"the columns at {landmarks.Length} landmarks are {(columns is null ? "not there" : Shape.Of(columns.Lengths))}; {rows} x {landmarks.Length} is needed", nameof(against));
        }

        MatrixRef<T> matrix = columns.AsReadOnlyTensorSpan().AsMatrix(nameof(against));
        DecompositionInput.RequireFinite(matrix, "columns");
        return DenseMatrix.Of(matrix);
    }

    private static (NystromFactor Factor, double[] Spectrum) Of(in DenseAlgebra algebra, DenseMatrix columns, int[] landmarks, double tolerance)
    {
        int count = landmarks.Length;
        DenseMatrix among = new(count, count);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++) among[a, b] = (columns[landmarks[a], b] + columns[landmarks[b], a]) / 2;
        }

        (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(among);
        int rank = values.Count(value => value > 0 && value > tolerance * values[0]);
        if (rank == 0) throw new ArgumentException($"the kernels among {count} landmarks have no eigenvalue above 0: nothing can be learned from them");
        DenseMatrix projection = vectors.FirstColumns(rank);
        for (int a = 0; a < count; a++)
        {
            for (int k = 0; k < rank; k++) projection[a, k] /= Math.Sqrt(values[k]);
        }

        return (new(landmarks, projection, algebra.Multiply(columns, projection)), values);
    }
}
