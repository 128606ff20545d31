using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Applies reflectors that lie in rows to vectors that lie in rows, a block at a time by products (compact WY: Schreiber and Van Loan 1989).</summary>
/// <param name="engine">The host.</param>
/// <param name="reflectors">Reflector k in row k, zeros before it and 1 in column k + offset.</param>
/// <param name="stride">Elements from row to row of the reflectors.</param>
/// <param name="tau">Their factors.</param>
/// <param name="offset">Columns before the 1 of reflector 0.</param>
/// <param name="size">Elements of a reflector, the zeros before it included.</param>
/// <param name="settings">How to run.</param>
internal readonly unsafe struct ReflectorBlocks(HostEngine engine, double* reflectors, long stride, double* tau, int offset, int size, RunSettings settings)
{
    /// <summary>Reflectors of one block: reading and writing the vectors once more costs a few percent of an update of this depth.</summary>
    public const int Width = 64;

    private readonly RunSettings _settings = settings with { Progress = null, Trace = null };

    /// <summary>Replaces each row x by H x, H the product of all reflectors, first to last.</summary>
    /// <param name="rows">Vectors.</param>
    /// <param name="count">Their number.</param>
    /// <param name="rowStride">Elements from vector to vector.</param>
    /// <param name="reflections">Reflectors.</param>
    public void Apply(double* rows, int count, long rowStride, int reflections)
    {
        if (count == 0 || reflections == 0) return;
        using HostBlock memory = new((2L * Width * Width) + (2L * count * Width));
        double* factor = memory.Pointer, gram = factor + (Width * Width), along = gram + (Width * Width), turned = along + ((long)count * Width);
        for (int first = (reflections - 1) / Width * Width; first >= 0; first -= Width)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            int width = Math.Min(Width, reflections - first), column = first + offset, length = size - column;
            double* block = reflectors + (first * stride) + column, part = rows + column;
            Factor(block, width, length, first, gram, factor);
            Product(part, rowStride, 1, count, block, stride, 1, width, length, along, Width, 1, 0);
            Product(along, Width, 1, count, factor, Width, 1, width, width, turned, Width, 1, 0);
            Product(turned, Width, 1, count, block, 1, stride, length, width, part, rowStride, -1, 1);
        }
    }

    /// <summary>The upper triangle T of H = I - V T Vᵀ.</summary>
    private void Factor(double* block, int width, int length, int first, double* gram, double* factor)
    {
        Product(block, stride, 1, width, block, stride, 1, width, length, gram, Width, 1, 0);
        new Span<double>(factor, Width * Width).Clear();
        for (int j = 0; j < width; j++)
        {
            double scale = tau[first + j];
            for (int i = 0; i < j; i++)
            {
                double sum = 0;
                for (int k = i; k < j; k++) sum += factor[(i * Width) + k] * gram[(k * Width) + j];
                factor[(i * Width) + j] = -scale * sum;
            }

            factor[(j * Width) + j] = scale;
        }
    }

    private void Product(
        double* x, long xRow, long xFeature, int rows, double* y, long yRow, long yFeature, int columns, int depth, double* result, long resultStride, double alpha, double beta)
    {
        TiledProduct<double> product = new()
        {
            X = x,
            XRowStride = xRow,
            XFeatureStride = xFeature,
            Y = y,
            YRowStride = yRow,
            YFeatureStride = yFeature,
            Rows = rows,
            Columns = columns,
            Depth = depth,
            Result = result,
            ResultStride = resultStride,
        };
        if (beta == 0) TiledProductHost.Run<double, DotTerm<double>, Scaled<double>>(engine, product, new(alpha), _settings);
        else TiledProductHost.Run<double, DotTerm<double>, ScaledSum<double>>(engine, product, new(alpha, beta), _settings);
    }
}
