using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Bench;

/// <summary>The product of two square matrices in the device's memory.</summary>
internal sealed class ProductCase<T> : BenchCase
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _threads;
    private readonly DeviceTensor<T> _a;
    private readonly DeviceTensor<T> _b;
    private readonly DeviceTensor<T> _result;

    /// <summary>Makes the operands: of 2048 rows on the host, of up to 8192 on an accelerator.</summary>
    public ProductCase(DeviceSession session, int threads)
        : this(session, threads, FittingEdge(session), hasFloor: true)
    {
    }

    private ProductCase(DeviceSession session, int threads, int edge, bool hasFloor)
    {
        int bytes = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        (_threads, Edge, HasFloor) = (threads, edge, hasFloor);
        Left = Samples.Uniform<T>(Edge, Edge, seed: 2);
        Right = Samples.Uniform<T>(Edge, Edge, seed: 3);
        _a = session.Device.Upload(Tensor.Create(Left, [Edge, Edge]));
        _b = session.Device.Upload(Tensor.Create(Right, [Edge, Edge]));
        _result = session.Device.Allocate<T>(Edge, Edge);
        Work = new(2.0 * Edge * Edge * Edge, 0, 2.0 * Edge * Edge * bytes, (double)Edge * Edge * bytes);
    }

    /// <summary>64 rows: what one call costs.</summary>
    public static ProductCase<T> Small(DeviceSession session, int threads) => new(session, threads, 64, hasFloor: false);

    /// <summary>Rows and columns of every matrix.</summary>
    public int Edge { get; }

    /// <summary>The left operand, row-major.</summary>
    public T[] Left { get; }

    /// <summary>The right operand, row-major.</summary>
    public T[] Right { get; }

    /// <inheritdoc/>
    public override string Shape => $"{Edge} x {Edge} x {Edge}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override bool HasFloor { get; }

    /// <inheritdoc/>
    public override void Run() => Products.Multiply(
        _a.Device.Engine, _a.AsMatrix("a"), _b.AsMatrix("b"), _result.AsMatrix("result"), T.One, T.Zero, new RunSettings("Bench", _threads));

    /// <inheritdoc/>
    public override Action? EndToEnd => _a.Device.Description.Kind == DeviceKind.Host ? null : () =>
        MatrixProduct.Multiply(Tensor.Create(Left, [Edge, Edge]), Tensor.Create(Right, [Edge, Edge]), new() { Device = _a.Device });

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(Edge, Edge, (i, j) => DeviceElements.At(_result, ((long)i * Edge) + j), Reference);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _result.Dispose();
    }

    private static int FittingEdge(DeviceSession session)
    {
        int bytes = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        return session.Fit(48, 2048, [8192, 4096, 2048, 1024, 512, 256, 128], typeof(T) == typeof(double), n => 2 * n * n * n, n => 3 * n * n * bytes);
    }

    /// <summary>One element of the product in float64.</summary>
    public double Reference(int row, int column)
    {
        double sum = 0;
        for (int k = 0; k < Edge; k++)
        {
            sum += double.CreateChecked(Left[((long)row * Edge) + k]) * double.CreateChecked(Right[((long)k * Edge) + column]);
        }

        return sum;
    }
}
