using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>One side of a kernel method: rows and a kernel, or the Gram matrix that the caller has.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class KernelInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a dense Gram matrix of which float64 copies can be made.</summary>
    private const int MostDenseRows = 46_340;

    private readonly Tensor<T> _rows;
    private readonly Kernel? _kernel;
    private readonly string _name;

    private KernelInput(Tensor<T> rows, Kernel? kernel, string name)
    {
        (_rows, _kernel, _name) = (rows, kernel, name);
        Rows = checked((int)rows.Lengths[0]);
    }

    /// <summary>Training rows.</summary>
    public int Rows { get; }

    /// <summary>Whether there are rows and a kernel, whose values a device may compute.</summary>
    public bool HasKernel => _kernel is not null;

    /// <summary>What is evaluated: rows x features, or the Gram matrix.</summary>
    public Tensor<T> Tensor => _rows;

    /// <summary>Rows and a kernel.</summary>
    /// <exception cref="ArgumentException">The tensor is no matrix, or has less than two rows.</exception>
    public static KernelInput<T> Of(Tensor<T> rows, Kernel kernel, string name)
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        ArgumentNullException.ThrowIfNull(kernel);
        Require(rows, name, rows.Rank == 2, "rows x features are needed");
        return new(rows, kernel, name);
    }

    /// <summary>A Gram matrix.</summary>
    /// <exception cref="ArgumentException">It is not square, or has less than two rows.</exception>
    public static KernelInput<T> Of(Tensor<T> gram, string name)
    {
        ArgumentNullException.ThrowIfNull(gram, name);
        Require(gram, name, gram.Rank == 2 && gram.Lengths[0] == gram.Lengths[1], "the Gram matrix of the training rows is square");
        return new(gram, null, name);
    }

    /// <summary>The functions that the route evaluates, and the map that makes a factor of them; null where they are the factor, or the matrix is dense.</summary>
    public (KernelBasis<T> Basis, DenseMatrix? Map) Prepare(KernelFactorOptions options, in DenseAlgebra algebra, HostEngine engine) => options.Approximation switch
    {
        KernelApproximation.Dense => (Basis([.. Enumerable.Range(0, Rows)]), null),
        KernelApproximation.Cholesky => OfPivots(options, algebra),
        KernelApproximation.Nystrom => OfDrawn(options, algebra),
        _ => (Fourier(options, engine), null),
    };

    /// <summary>The whole Gram matrix in float64.</summary>
    /// <exception cref="ArgumentException">It is too large, not finite, or not symmetric.</exception>
    public DenseMatrix Gram(HostEngine engine, GramOptions options, in RunSettings settings)
    {
        if (Rows > MostDenseRows) throw new ArgumentException($"{_name} has {Rows} rows, of which a dense Gram matrix is too large: choose a low-rank {nameof(KernelApproximation)}", _name);
        Tensor<T> gram = _kernel is null ? _rows : FusionKernels.Gram.Compute(_rows, _kernel, options);
        return RidgeMatrix.Of(engine, gram.AsReadOnlyTensorSpan().AsMatrix(_name), settings);
    }

    private static void Require(Tensor<T> tensor, string name, bool isRight, string needed)
    {
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"kernels compute in float and double; convert the {typeof(T).Name} tensor '{name}' first");
        if (!isRight) throw new ArgumentException($"'{name}' is {Shape.Of(tensor.Lengths)}; {needed}", name);
        if (tensor.Lengths[0] < 2) throw new ArgumentException($"'{name}' has {tensor.Lengths[0]} rows: two at least are needed", name);
    }

    private KernelBasis<T> Basis(int[] landmarks)
    {
        if (_kernel is null) return new GivenBasis<T>(Rows, landmarks);
        using GramColumns<T> columns = new(_rows, _kernel, HostExecution.Device, null);
        return new LandmarkBasis<T>(columns.Rows(landmarks), _kernel);
    }

    private (KernelBasis<T> Basis, DenseMatrix? Map) OfPivots(KernelFactorOptions options, in DenseAlgebra algebra)
    {
        IncompleteCholeskyOptions inner = new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation };
        int rank = Math.Min(options.Rank, Rows);
        IncompleteCholeskyFactor<T> factor = _kernel is null
            ? IncompleteCholesky.Factor(_rows, rank, options.Tolerance, inner)
            : IncompleteCholesky.Factor(_rows, _kernel, rank, options.Tolerance, inner);
        int[] pivots = [.. factor.Pivots];
        if (pivots.Length == 0) throw new ArgumentException($"the kernel of '{_name}' is 0 everywhere", _name);
        DenseMatrix corner = new(pivots.Length, pivots.Length);
        for (int j = 0; j < pivots.Length; j++) factor.Elements.AsSpan(pivots[j] * pivots.Length, pivots.Length).CopyTo(corner.Row(j));
        return (Basis(pivots), algebra.SolveLowerTransposed(corner, DenseMatrix.Identity(pivots.Length)));
    }

    private (KernelBasis<T> Basis, DenseMatrix? Map) OfDrawn(KernelFactorOptions options, in DenseAlgebra algebra)
    {
        int[] numbers = [.. Enumerable.Range(0, Rows)];
        int count = Math.Min(options.Rank, Rows);
        Random random = new(options.Seed);
        for (int i = 0; i < count; i++)
        {
            int other = random.Next(i, Rows);
            (numbers[i], numbers[other]) = (numbers[other], numbers[i]);
        }

        int[] landmarks = [.. numbers[..count].Order()];
        KernelBasis<T> basis = Basis(landmarks);
        DenseMatrix against = new(count, count);
        for (int i = 0; i < count; i++) basis.Evaluate(_rows, landmarks[i], 1, GramColumns<T>.Options(options)).Row(0).CopyTo(against.Row(i));
        (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(against);
        int kept = KernelSpectrum<T>.Above(values, count);
        DenseMatrix map = vectors.FirstColumns(kept);
        for (int i = 0; i < map.Rows; i++)
        {
            for (int j = 0; j < kept; j++) map[i, j] /= Math.Sqrt(values[j]);
        }

        return (basis, map);
    }

    private FourierBasis<T> Fourier(KernelFactorOptions options, HostEngine engine)
    {
        if (_kernel is null) throw new ArgumentException($"'{_name}' is a Gram matrix: random Fourier features need rows and a kernel", _name);
        int width = checked((int)_rows.Lengths[1]);
        FourierFeatures features = FourierFeatures.Draw(_kernel.Compile<T>(width).Program, width, options.Rank, options.Seed)
            ?? throw new NotSupportedException($"{_kernel} has no random Fourier features: choose another {nameof(KernelApproximation)}, or one of rbf, laplacian, exponential, matern, rational-quadratic");
        return new(features, width, engine);
    }
}
