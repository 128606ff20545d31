using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Householder's QR in blocks on the matrix product: a block of reflectors is I - V T Vᵀ (Schreiber and Van Loan 1989).</summary>
internal sealed unsafe class HouseholderQr<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly HostEngine _engine;
    private readonly RunSettings _settings;
    private readonly int _rows;
    private readonly int _columns;
    private readonly List<Block> _blocks = [];

    private HouseholderQr(HostEngine engine, int rows, int columns, in RunSettings settings)
    {
        (_engine, _rows, _columns) = (engine, rows, columns);
        _settings = settings with { Progress = null, Trace = null };
    }

    /// <summary>Replaces a matrix of at least as many rows as columns by Q, and gives R.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="matrix">rows x columns, row by row; no element so large that its square overflows.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="r">Receives columns x columns, the lower half 0, the diagonal of either sign.</param>
    /// <param name="settings">How to run; cancels between blocks.</param>
    /// <param name="wantsQ">Whether Q is wanted; else the matrix is left undefined.</param>
    public static void Factor(HostEngine engine, Span<T> matrix, int rows, int columns, Span<T> r, in RunSettings settings, bool wantsQ = true)
    {
        HouseholderQr<T> run = new(engine, rows, columns, settings);
        for (int first = 0; first < columns; first += QrPlan.PanelWidth) run.Reduce(matrix, first);
        for (int i = 0; i < columns; i++)
        {
            Span<T> row = r.Slice(i * columns, columns);
            matrix.Slice(i * columns, columns).CopyTo(row);
            row[..i].Clear();
        }

        if (!wantsQ) return;
        matrix.Clear();
        for (int i = 0; i < columns; i++) matrix[(i * columns) + i] = T.One;
        for (int block = run._blocks.Count - 1; block >= 0; block--) run.Apply(matrix, run._blocks[block], run._blocks[block].First, isTransposed: false);
    }

    private void Reduce(Span<T> matrix, int first)
    {
        _settings.Cancellation.ThrowIfCancellationRequested();
        int width = Math.Min(QrPlan.PanelWidth, _columns - first), length = _rows - first;
        T[] reflectors = new T[width * length];
        double[] taus = new double[width];
        for (int i = 0; i < length; i++)
        {
            Span<T> row = matrix.Slice(((first + i) * _columns) + first, width);
            for (int j = 0; j < width; j++) reflectors[(j * length) + i] = row[j];
        }

        fixed (T* columns = reflectors)
        fixed (double* factors = taus)
        {
            HouseholderPanel<T> panel = new() { Columns = columns, Length = length, Width = width, Taus = factors };
            VectorDispatch.Run<T, HouseholderPanel<T>>(_engine.Width, ref panel);
        }

        // The triangle belongs to R; the reflectors keep the ones and zeros that it hid.
        for (int j = 0; j < width; j++)
        {
            for (int i = 0; i <= j; i++)
            {
                matrix[((first + i) * _columns) + first + j] = reflectors[(j * length) + i];
                reflectors[(j * length) + i] = i == j ? T.One : T.Zero;
            }
        }

        Block block = new(first, width, length, reflectors, Triangle(reflectors, width, length, taus));
        _blocks.Add(block);
        Apply(matrix, block, first + width, isTransposed: true);
    }

    /// <summary>The upper triangle T of a block, width x width.</summary>
    private T[] Triangle(T[] reflectors, int width, int length, double[] taus)
    {
        T[] overlaps = new T[width * width], triangle = new T[width * width];
        Products.Products.MultiplySelf(
            _engine, MatrixRef<T>.Of(reflectors, width, length), MatrixRef<T>.Of(overlaps, width, width), T.One, T.Zero, _settings);
        for (int j = 0; j < width; j++)
        {
            triangle[(j * width) + j] = Element.Of<T>(taus[j]);
            for (int i = 0; i < j; i++)
            {
                double sum = 0;
                for (int k = i; k < j; k++) sum += Element.ToDouble(triangle[(i * width) + k]) * Element.ToDouble(overlaps[(k * width) + j]);
                triangle[(i * width) + j] = Element.Of<T>(-taus[j] * sum);
            }
        }

        return triangle;
    }

    /// <summary>C -= V T Vᵀ C, or with Tᵀ, for the columns of the matrix from <paramref name="column"/> on.</summary>
    private void Apply(Span<T> matrix, Block block, int column, bool isTransposed)
    {
        int columns = _columns - column;
        if (columns == 0) return;
        MatrixRef<T> target = new(ref matrix[(block.First * _columns) + column], block.Length, columns, _columns);
        MatrixRef<T> reflectors = MatrixRef<T>.Of(block.Reflectors, block.Width, block.Length), triangle = MatrixRef<T>.Of(block.Triangle, block.Width, block.Width);
        T[] overlaps = new T[block.Width * columns], weights = new T[block.Width * columns];
        MatrixRef<T> first = MatrixRef<T>.Of(overlaps, block.Width, columns), second = MatrixRef<T>.Of(weights, block.Width, columns);
        Products.Products.Multiply(_engine, reflectors, target, first, T.One, T.Zero, _settings);
        Products.Products.Multiply(_engine, isTransposed ? triangle.Transposed : triangle, first, second, T.One, T.Zero, _settings);
        Products.Products.Multiply(_engine, reflectors.Transposed, second, target, -T.One, T.One, _settings);
    }

    /// <summary>A block of reflectors.</summary>
    /// <param name="First">The first row and column that it touches.</param>
    /// <param name="Width">Reflectors.</param>
    /// <param name="Length">Their elements.</param>
    /// <param name="Reflectors">Vᵀ: width x length.</param>
    /// <param name="Triangle">T: width x width.</param>
    private sealed record Block(int First, int Width, int Length, T[] Reflectors, T[] Triangle);
}
