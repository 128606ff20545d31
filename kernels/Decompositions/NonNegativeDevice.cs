using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>min |A x - b|, x of 0 or more, with all that grows with the rows on an accelerator: A = Q R, Qᵀ b, and at the end residuals and gradients.</summary>
/// <remarks>
/// |A x - b| and |R x - Qᵀ b| have the same minimiser, and R, unlike AᵀA, has no more than the condition of A: the active set method
/// takes its steps on R, on the host. On the device 2 rows columns + rows width + 2 columns width elements for each matrix, and
/// rows columns more where reflectors are needed.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class NonNegativeDevice<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Operations of the reflectors of one matrix up to which one group alone takes them: a tenth of a second or so.</summary>
    private const double MostAlone = 1 << 28;

    private readonly AcceleratorEngine _engine;
    private readonly HostEngine _host;
    private readonly NonNegativeShape _shape;
    private readonly int _count;
    private readonly bool _isBatch;
    private readonly RunSettings _settings;
    private readonly RunSettings _inner;

    /// <summary>Takes the shape of some problems.</summary>
    /// <param name="engine">The engine; calls are on its lane.</param>
    /// <param name="host">Who takes the steps.</param>
    /// <param name="shape">Extents, none of them 0.</param>
    /// <param name="count">Matrices.</param>
    /// <param name="isBatch">Whether they are small and taken side by side.</param>
    /// <param name="settings">How to run; cancels between launches and steps.</param>
    public NonNegativeDevice(AcceleratorEngine engine, HostEngine host, NonNegativeShape shape, int count, bool isBatch, in RunSettings settings)
    {
        (_engine, _host, _shape, _count, _isBatch, _settings) = (engine, host, shape, count, isBatch, settings);
        _inner = settings with { Progress = null };
    }

    /// <summary>Solves all.</summary>
    /// <param name="matrices">count x rows x columns.</param>
    /// <param name="right">count x rows x width.</param>
    /// <param name="sides">By matrix: receives the solutions.</param>
    /// <returns>How Q and R were found, in words.</returns>
    public string Solve(ReadOnlySpan<double> matrices, ReadOnlySpan<double> right, Span<NonNegativeSides> sides)
    {
        (int rows, int columns, int width) = _shape;
        (T[] units, double[][] lengths) = Unit(matrices, columns);
        (T[] targets, double[][] scales) = Unit(right, width);
        using AcceleratorBuffer<T> unit = Uploaded(units), side = Uploaded(targets), small = Rent(columns, width);
        DeviceMatrix<T> a = Over(unit, rows, columns), b = Over(side, rows, width);
        T[] image = new T[_count * _shape.Steps * width];
        (double[][] R, string Way) factors;
        using (AcceleratorBuffer<T> q = Rent(rows, _shape.Steps))
        {
            factors = Factored(units, unit, q);
            Multiply(Over(q, rows, _shape.Steps).Transposed, b.Transposed, Over(small, _shape.Steps, width), new Scaled<T>(T.One));
            _engine.Synchronize(_settings.Trace);
            _engine.Download(small, 0, image);
        }

        _settings.Progress?.Report(0.5);
        Active active = new() { Shape = _shape, R = factors.R, Targets = image, X = new T[_count * columns * width], Steps = new int[_count * width], Settings = _inner };
        if (_isBatch) HostBatch.Run(_host, active, _count);
        else active.RunItem(_host, 0, _inner with { Trace = null });
        T[] gradients = new T[active.X.Length];
        using (AcceleratorBuffer<T> gradient = Rent(columns, width))
        {
            _engine.Upload<T>(active.X, small, 0);
            Multiply(a, Over(small, columns, width).Transposed, b, new ScaledSum<T>(-T.One, T.One));
            Multiply(a.Transposed, b.Transposed, Over(gradient, columns, width), new Scaled<T>(T.One));
            _engine.Synchronize(_settings.Trace);
            _engine.Download(gradient, 0, gradients);
            _engine.Download(side, 0, targets);
        }

        for (int item = 0; item < _count; item++) sides[item] = Finished(item, active, gradients, targets, lengths[item], scales[item]);
        _settings.Progress?.Report(1);
        return factors.Way;
    }

    private (T[] Unit, double[][] Lengths) Unit(ReadOnlySpan<double> matrices, int columns)
    {
        T[] unit = new T[matrices.Length];
        double[][] lengths = new double[_count][];
        int size = _shape.Rows * columns;
        for (int item = 0; item < _count; item++) lengths[item] = UnitColumns.Copy(matrices.Slice(item * size, size), columns, unit.AsSpan(item * size, size));
        return (unit, lengths);
    }

    /// <summary>R of every matrix, Q on the device.</summary>
    private (double[][] R, string Way) Factored(T[] units, AcceleratorBuffer<T> unit, AcceleratorBuffer<T> q)
    {
        (int rows, int columns) = (_shape.Rows, _shape.Columns);
        bool isSmall = _shape.Steps <= QrBatchCall<T>.MostSteps;
        if (_isBatch && isSmall) return (Reflected(unit, q), $"QR by reflectors, a group per matrix for at most {QrBatchCall<T>.MostSteps} of rows or columns,");
        double[][] r = new double[_count][];
        string way = "QR by Cholesky factors of AᵀA, for at least as many rows as columns,";
        if (rows >= columns) _engine.CopyWithin(unit, q, _settings.Operation);
        for (int item = 0; item < _count; item++)
        {
            long at = (long)item * rows * _shape.Steps;
            double[]? triangle = rows >= columns ? CholeskyQrDevice<T>.Factor(_engine, DeviceMatrix<T>.Over(_engine, q, at, rows, columns, _inner), _inner) : null;
            if (triangle is null)
            {
                string why = rows >= columns ? "columns that depend on each other" : "more columns than rows";
                if (isSmall && 4.0 * rows * columns * _shape.Steps <= MostAlone) return (Reflected(unit, q), $"QR by reflectors, in one group for {why},");
                triangle = OnHost(units.AsSpan(item * rows * columns, rows * columns), q, at);
                way = $"QR by reflectors on the host, for {why},";
            }

            r[item] = triangle;
        }

        return (r, way);
    }

    /// <summary>Q and R of all matrices by reflectors, a group each.</summary>
    private double[][] Reflected(AcceleratorBuffer<T> unit, AcceleratorBuffer<T> q)
    {
        (int rows, int columns) = (_shape.Rows, _shape.Columns);
        T[] both = new T[_count * rows * columns];
        using (AcceleratorBuffer<T> work = Rent(rows, columns))
        {
            _engine.CopyWithin(unit, work, _settings.Operation);
            HouseholderDevice.Factor(_engine, work, q, _count, rows, columns, _inner);
            _engine.Download(work, 0, both);
        }

        double[][] r = new double[_count][];
        for (int item = 0; item < _count; item++)
        {
            r[item] = new double[_shape.Steps * columns];
            for (int i = 0; i < _shape.Steps; i++)
            {
                for (int j = i; j < columns; j++) r[item][(i * columns) + j] = Element.ToDouble(both[(((item * rows) + i) * columns) + j]);
            }
        }

        return r;
    }

    /// <summary>R of one matrix by the host, its Q brought to the device.</summary>
    private double[] OnHost(ReadOnlySpan<T> unit, AcceleratorBuffer<T> q, long at)
    {
        fixed (T* values = unit)
        {
            (T[] own, T[] r) = QrHost.Factor(_host, new Operand<T>(values, null, 0, _shape.Rows, _shape.Columns, _shape.Columns, 1), _inner with { Trace = null });
            _engine.Upload<T>(own, q, at);
            return Array.ConvertAll(r, Element.ToDouble);
        }
    }

    private NonNegativeSides Finished(int item, in Active active, T[] gradients, T[] residuals, double[] lengths, double[] scales)
    {
        (int rows, int columns, int width) = _shape;
        NonNegativeSides sides = new(columns, width);
        double[] x = new double[columns], residual = new double[rows];
        for (int c = 0; c < width; c++)
        {
            double worst = 0;
            for (int j = 0; j < columns; j++)
            {
                int at = (((item * columns) + j) * width) + c;
                double value = Element.ToDouble(active.X[at]);
                worst = Math.Max(worst, NonNegativeSolution.Missed(value, Element.ToDouble(gradients[at])));
                x[j] = lengths[j] == 0 ? 0 : value * scales[c] / lengths[j];
            }

            for (int i = 0; i < rows; i++) residual[i] = Element.ToDouble(residuals[(((item * rows) + i) * width) + c]);
            sides.Take(c, new(x, UnitColumns.Length(residual) * scales[c], worst, active.Steps[(item * width) + c]));
        }

        return sides;
    }

    /// <summary>result = function(x yᵀ) for every matrix.</summary>
    private void Multiply<TFunction>(in DeviceMatrix<T> x, in DeviceMatrix<T> y, in DeviceMatrix<T> result, TFunction function)
        where TFunction : unmanaged, ITileFunction<T>
    {
        DeviceProduct<T> product = new()
        {
            X = x,
            Y = y,
            Result = result,
            Batch = _count,
            XBatchStride = (long)x.Rows * x.Columns,
            YBatchStride = (long)y.Rows * y.Columns,
            ResultBatchStride = (long)result.Rows * result.Columns,
        };
        TiledProductDevice.Run<T, DotTerm<T>, TFunction>(_engine, product, function, _inner);
    }

    private AcceleratorBuffer<T> Rent(int rows, int columns) => _engine.Rent<T>((long)_count * rows * columns, _settings.Operation);

    private AcceleratorBuffer<T> Uploaded(T[] elements)
    {
        AcceleratorBuffer<T> buffer = _engine.Rent<T>(elements.Length, _settings.Operation);
        try
        {
            _engine.Upload<T>(elements, buffer, 0);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private DeviceMatrix<T> Over(AcceleratorBuffer<T> buffer, int rows, int columns) => DeviceMatrix<T>.Over(_engine, buffer, 0, rows, columns, _inner);

    /// <summary>The steps on R, a matrix a thread.</summary>
    private readonly struct Active : IBatchCall
    {
        public required NonNegativeShape Shape { get; init; }

        public required double[][] R { get; init; }

        public required T[] Targets { get; init; }

        public required T[] X { get; init; }

        public required int[] Steps { get; init; }

        public required RunSettings Settings { get; init; }

        public void RunItem(HostEngine engine, int item, in RunSettings settings)
        {
            (int columns, int width, int steps) = (Shape.Columns, Shape.Width, Shape.Steps);
            NonNegativeActiveSet active = new(new(engine, settings), new(steps, columns, R[item]), Epsilon.Of<T>(), settings);
            double[] target = new double[steps];
            for (int c = 0; c < width; c++)
            {
                for (int i = 0; i < steps; i++) target[i] = Element.ToDouble(Targets[(((item * steps) + i) * width) + c]);
                (double[] x, Steps[(item * width) + c]) = active.Solve(target);
                for (int j = 0; j < columns; j++) X[(((item * columns) + j) * width) + c] = Element.Of<T>(x[j]);
            }
        }
    }
}
