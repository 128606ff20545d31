using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Bench;

/// <summary>Eigenvalues and all vectors of a symmetric float64 matrix, or of many small ones; matrices and results of accelerators stay on the device.</summary>
internal sealed class EigenCase : BenchCase
{
    private readonly SpectrumOptions _options;
    private readonly Tensor<double> _matrices;
    private readonly SymmetricEigenPlan _plan;
    private readonly DeviceTensor<double>? _onDevice;
    private readonly DeviceTensor<double>? _deviceValues;
    private readonly DeviceTensor<double>? _deviceVectors;
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
        _plan = new(size, items, size, WantsVectors: true, sizeof(double));
        if (session.IsHost) return;
        _onDevice = session.Device.Upload(Tensor.Create(Elements, [items * size, size]));
        _deviceValues = session.Device.Allocate<double>(items, size);
        _deviceVectors = session.Device.Allocate<double>(items * size, size);
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
        if (_onDevice is null)
        {
            Compute();
            return;
        }

        long stride = (long)Size * Size;
        Spectra.SymmetricEigen(
            _onDevice.Device.Engine, _plan, Item(_onDevice), stride, _deviceValues!.AsMatrix("values"), Item(_deviceVectors!), stride, new RunSettings("Bench", _options.Threads));

        MatrixRef<double> Item(DeviceTensor<double> all) => new(all.Buffer, 0, Size, Size, Size);
    }

    /// <inheritdoc/>
    public override Action? EndToEnd => _onDevice is null ? null : Compute;

    /// <summary>One call on tensors of the host.</summary>
    private void Compute()
    {
        SymmetricEigenResult<double> result = Items == 1 ? SymmetricEigen.Compute(_matrices, _options) : SymmetricEigen.ComputeBatched(_matrices, _options);
        (_values, _vectors) = (Samples.Elements(result.Values), Samples.Elements(result.Vectors!));
    }

    /// <inheritdoc/>
    public override double MaxError()
    {
        if (_onDevice is not null) (_values, _vectors) = (Samples.Elements(_deviceValues!.Download()), Samples.Elements(_deviceVectors!.Download()));
        return Samples.MaxError(Items * Size, Items * Size, (row, column) => Product(row, column, _values, _vectors, isInRows: false), Reference);
    }

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
        foreach (DeviceTensor<double>? held in new[] { _onDevice, _deviceValues, _deviceVectors }) held?.Dispose();
    }
}
