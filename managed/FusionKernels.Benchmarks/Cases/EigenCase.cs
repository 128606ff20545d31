using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions.Spectra;

namespace FusionKernels.Bench;

/// <summary>Eigenvalues and all vectors of a symmetric float64 matrix, or of many small ones.</summary>
internal sealed class EigenCase : BenchCase
{
    private readonly SpectrumOptions _options;
    private readonly Tensor<double> _matrices;
    private double[] _values = [];
    private double[] _vectors = [];

    private EigenCase(DeviceSession session, int items, int size, int threads)
    {
        (Items, Size) = (items, size);
        _options = new() { Device = session.Device, Threads = threads };
        Elements = Samples.Uniform<double>(items * size, size, seed: 8);
        for (int item = 0; item < items; item++)
        {
            Span<double> matrix = Elements.AsSpan(item * size * size, size * size);
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < i; j++) matrix[(j * size) + i] = matrix[(i * size) + j];
            }
        }

        _matrices = Tensor.Create(Elements, items == 1 ? [size, size] : [items, size, size]);
        double bytes = (double)items * size * size * sizeof(double);
        Work = new(new SymmetricEigenPlan(size, 1, size, WantsVectors: true, sizeof(double)).Flops * items, 0, bytes, bytes);
    }

    /// <summary>One matrix of 1024.</summary>
    public static EigenCase Large(DeviceSession session, int threads) => new(session, 1, session.Fit(40, 1024, [1024, 256], true, n => 80 * n * n * n, n => 40 * n * n), threads);

    /// <summary>A thousand matrices of 32.</summary>
    public static EigenCase Batched(DeviceSession session, int threads) => new(session, session.Fit(5, 1000, [1000], true, n => 1e7 * n, n => 1e5 * n), session.Fit(6, 32, [32], true, n => n, n => n), threads);

    /// <summary>Matrices.</summary>
    public int Items { get; }

    /// <summary>Rows of a matrix.</summary>
    public int Size { get; }

    /// <summary>The matrices, one after the other.</summary>
    public double[] Elements { get; }

    /// <inheritdoc/>
    public override string Shape => $"{(Items == 1 ? "" : $"{Items} of ")}{Size} x {Size}, all vectors";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        SymmetricEigenResult<double> result = Items == 1 ? SymmetricEigen.Compute(_matrices, _options) : SymmetricEigen.ComputeBatched(_matrices, _options);
        (_values, _vectors) = (Samples.Elements(result.Values), Samples.Elements(result.Vectors!));
    }

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(Items * Size, Items * Size, (row, column) => Product(row, column, _values, _vectors, isInRows: false), Reference);

    /// <summary>An element of V diag(values) Vᵀ, which is the matrix again: of the item that the row belongs to, in the column modulo the size.</summary>
    public double Product(int row, int column, double[] values, double[] vectors, bool isInRows)
    {
        int item = row / Size, i = row % Size, j = column % Size, first = item * Size * Size;
        (int step, int stride) = isInRows ? (1, Size) : (Size, 1);
        double sum = 0;
        for (int k = 0; k < Size; k++) sum += values[(item * Size) + k] * vectors[first + (i * step) + (k * stride)] * vectors[first + (j * step) + (k * stride)];
        return sum;
    }

    /// <summary>The same element of the matrix.</summary>
    public double Reference(int row, int column) => Elements[(row * Size) + (column % Size)];

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
