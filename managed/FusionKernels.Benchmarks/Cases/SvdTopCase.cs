using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions.Spectra;

namespace FusionKernels.Bench;

/// <summary>The ten largest singular values and their vectors of a tall float64 matrix.</summary>
internal sealed class SvdTopCase : BenchCase
{
    /// <summary>Values that are wanted.</summary>
    public const int Top = 10;

    private readonly SvdOptions _options;
    private readonly Tensor<double> _matrix;
    private readonly Lazy<double[]> _values;
    private double[] _u = [];
    private double[] _v = [];

    /// <summary>Makes the matrix.</summary>
    public SvdTopCase(DeviceSession session, int threads)
    {
        Rows = session.Fit(60, 4096, [4096], true, n => n, n => n);
        Columns = session.Fit(50, 1024, [1024], true, n => n, n => n);
        _options = new() { Device = session.Device, Threads = threads, Count = Top };
        Elements = Samples.Uniform<double>(Rows, Columns, seed: 9);
        _matrix = Tensor.Create(Elements, [Rows, Columns]);
        _values = new(Exact);
        Work = new(new SvdPlan(Rows, Columns, Top, WantsVectors: true, Full: false, sizeof(double)).Flops, 0, (double)Rows * Columns * sizeof(double), Top * (Rows + Columns) * sizeof(double));
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>The matrix, row-major.</summary>
    public double[] Elements { get; }

    /// <inheritdoc/>
    public override string Shape => $"top {Top} of {Rows} x {Columns}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        SvdResult<double> result = Svd.Compute(_matrix, _options);
        (_u, _v) = (Samples.Elements(result.U!), Samples.Elements(result.V!));
    }

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(Top, Top, (i, j) => Along(k => _u[(k * Top) + i], k => _v[(k * Top) + j]), Reference);

    /// <summary>uᵀ A v.</summary>
    public double Along(Func<int, double> u, Func<int, double> v)
    {
        double[] right = [.. Enumerable.Range(0, Columns).Select(v)];
        double sum = 0;
        for (int i = 0; i < Rows; i++) sum += u(i) * TensorPrimitives.Dot<double>(Elements.AsSpan(i * Columns, Columns), right);
        return sum;
    }

    /// <summary>A singular value on the diagonal, 0 elsewhere: by all eigenvalues of AᵀA, whose errors of 1e-13 the largest do not show.</summary>
    public double Reference(int row, int column) => row == column ? _values.Value[row] : 0;

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private double[] Exact()
    {
        Tensor<double> gram = MatrixProduct.MultiplySelf(_matrix, new() { TransposeA = true });
        return [.. Samples.Elements(SymmetricEigen.Compute(gram, new() { Vectors = false }).Values).Take(Top).Select(Math.Sqrt)];
    }
}
