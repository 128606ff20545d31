using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Launches of the kernels of Jacobi's methods, on the engine's lane.</summary>
/// <param name="engine">The engine.</param>
/// <param name="settings">How to run; cancels before each launch.</param>
internal readonly struct JacobiLaunches<T>(AcceleratorEngine engine, RunSettings settings)
    where T : unmanaged
{
    /// <summary>Elements that a group of <see cref="JacobiMeasureKernel"/> takes: 64 for each thread, enough to hide a launch.</summary>
    private const int MeasuredElements = 16384;

    /// <summary>Groups of <see cref="JacobiPlaceKernel"/>, each of which goes on until all is placed.</summary>
    private const int MostPlacingGroups = 4096;

    /// <summary>A unit in the last place of 1.</summary>
    public static double Epsilon => typeof(T) == typeof(float) ? 1.1920929e-7 : 2.220446049250313e-16;

    /// <summary>What counts as zero in a matrix of elements around 1: far below every rounding, far above where a reciprocal overflows.</summary>
    public static double Tiny => typeof(T) == typeof(float) ? 1e-30 : 1e-290;

    /// <summary>The largest number of a measure in each matrix; infinity where an element is not finite.</summary>
    /// <param name="matrix">The first matrix.</param>
    /// <param name="batchStride">Elements from matrix to matrix.</param>
    /// <param name="items">Matrices.</param>
    /// <param name="kind">A constant of <see cref="JacobiMeasureShape"/>.</param>
    /// <param name="floors">Of each matrix what diagonal elements must exceed to count; default where nothing is relative.</param>
    public double[] Measure(in DeviceMatrix<T> matrix, long batchStride, int items, int kind, ArrayView<T> floors = default)
    {
        double[] largest = new double[items];
        if (items == 0 || matrix.Rows == 0 || matrix.Columns == 0) return largest;
        settings.Cancellation.ThrowIfCancellationRequested();
        int chunkRows = Math.Clamp(MeasuredElements / matrix.Columns, 1, matrix.Rows), chunks = (matrix.Rows + chunkRows - 1) / chunkRows;
        using AcceleratorBuffer<T> result = engine.Rent<T>((long)items * chunks, settings.Operation);
        JacobiMeasureShape shape = new()
        {
            Kind = kind,
            Rows = matrix.Rows,
            Columns = matrix.Columns,
            ChunkRows = chunkRows,
            Chunks = chunks,
            Matrix = DeviceLayout.Of(matrix, batchStride),
        };
        KernelConfig config = new(checked(items * chunks), GroupSize((long)chunkRows * matrix.Columns));
        JacobiKernels<T>.Instance.Measure(engine, config, matrix.View, result.View, floors.IsValid ? floors : matrix.View, shape, settings.Trace);
        double[] parts = Downloaded(result);
        for (int i = 0; i < parts.Length; i++) largest[i / chunks] = Math.Max(largest[i / chunks], parts[i]);
        return largest;
    }

    /// <summary>Numbers of the host on the device; the caller disposes them.</summary>
    public AcceleratorBuffer<T> Uploaded(ReadOnlySpan<double> numbers)
    {
        T[] elements = new T[numbers.Length];
        for (int i = 0; i < elements.Length; i++) elements[i] = Element.Of<T>(numbers[i]);
        return Uploaded<T>(elements);
    }

    /// <summary>Elements of the host on the device; the caller disposes them.</summary>
    public AcceleratorBuffer<TElement> Uploaded<TElement>(ReadOnlySpan<TElement> elements)
        where TElement : unmanaged
    {
        AcceleratorBuffer<TElement> buffer = engine.Rent<TElement>(elements.Length, settings.Operation);
        try
        {
            engine.Synchronize(settings.Trace);
            engine.Upload(elements, buffer, 0);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        return buffer;
    }

    /// <summary>A whole buffer on the host, widened.</summary>
    public double[] Downloaded(AcceleratorBuffer<T> buffer)
    {
        T[] elements = new T[buffer.Length];
        engine.Synchronize(settings.Trace);
        engine.Download(buffer, 0, elements);
        return [.. elements.Select(Element.ToDouble)];
    }

    /// <summary>The diagonals of square matrices, one after another.</summary>
    /// <param name="matrix">The first matrix.</param>
    /// <param name="batchStride">Elements from matrix to matrix.</param>
    /// <param name="items">Matrices.</param>
    public double[] Diagonals(in DeviceMatrix<T> matrix, long batchStride, int items)
    {
        int order = matrix.Rows;
        using AcceleratorBuffer<T> diagonals = engine.Rent<T>((long)items * order, settings.Operation);
        DeviceMatrix<T> target = DeviceMatrix<T>.Over(engine, diagonals, 0, order, 1, settings);
        Place(matrix.As(order, 1, matrix.RowStride + matrix.ColumnStride, 1), batchStride, target, order, items);
        return Downloaded(diagonals);
    }

    /// <summary>Numbers of the host in their places of a result on the device.</summary>
    /// <param name="numbers">As many as the target has elements, row by row.</param>
    /// <param name="target">Where they go.</param>
    public void Put(ReadOnlySpan<double> numbers, in DeviceMatrix<T> target)
    {
        using AcceleratorBuffer<T> uploaded = Uploaded(numbers);
        Place(DeviceMatrix<T>.Over(engine, uploaded, 0, target.Rows, target.Columns, settings), 0, target, 0, 1);
        engine.Synchronize(settings.Trace);
    }

    /// <summary>Places matrices in a target, whose other elements become 0, an identity behind their columns.</summary>
    /// <param name="source">The first matrix.</param>
    /// <param name="sourceStride">Elements from matrix to matrix.</param>
    /// <param name="target">The first target, written whole.</param>
    /// <param name="targetStride">Elements from target to target.</param>
    /// <param name="items">Matrices.</param>
    /// <param name="row">The row of the target where the matrix begins.</param>
    /// <param name="column">The column of the target where the matrix begins.</param>
    /// <param name="isLower">Whether the matrix is symmetric and its lower half is read.</param>
    /// <param name="powers">The exponent of the power of two that each matrix is multiplied by; default for none.</param>
    /// <param name="identity">What stands on the diagonal of the identity.</param>
    public void Place(
        in DeviceMatrix<T> source,
        long sourceStride,
        in DeviceMatrix<T> target,
        long targetStride,
        int items,
        int row = 0,
        int column = 0,
        bool isLower = false,
        ArrayView<T> powers = default,
        double identity = 0)
    {
        JacobiPlaceShape shape = new()
        {
            Elements = (long)items * target.Rows * target.Columns,
            TargetRows = target.Rows,
            TargetColumns = target.Columns,
            FirstRow = row,
            FirstColumn = column,
            Rows = source.Rows,
            Columns = source.Columns,
            IsLower = isLower ? 1 : 0,
            HasPowers = powers.IsValid ? 1 : 0,
            Source = DeviceLayout.Of(source, sourceStride),
            Target = DeviceLayout.Of(target, targetStride),
        };
        if (shape.Elements == 0) return;
        settings.Cancellation.ThrowIfCancellationRequested();
        int groupSize = GroupSize(shape.Elements);
        KernelConfig config = new((int)Math.Min(MostPlacingGroups, (shape.Elements + groupSize - 1) / groupSize), groupSize);
        JacobiKernels<T>.Instance.Place(
            engine, config, source.View, target.View, powers.IsValid ? powers : source.View, shape, Element.Of<T>(identity), settings.Trace);
    }

    /// <summary>Diagonalises so many small matrices.</summary>
    /// <param name="matrices">Matrices.</param>
    /// <param name="shape">Sizes, places, choices.</param>
    /// <param name="tolerance">What an element may come to.</param>
    /// <param name="matrix">Memory of the matrices.</param>
    /// <param name="values">Memory of the values.</param>
    /// <param name="vectors">Memory of the vectors.</param>
    /// <param name="outcomes">Of each matrix the sweeps it took, or what went wrong.</param>
    public void Eigen(
        int matrices, JacobiShape shape, double tolerance, ArrayView<T> matrix, ArrayView<T> values, ArrayView<T> vectors, ArrayView<int> outcomes)
    {
        double order = shape.Order;
        int perLaunch = DeviceLimits.Of(engine).GroupsPerLaunch(6 * order * order * order * Math.Min(shape.MostSweeps, 8));

        // Four 2 x 2 blocks or pairs of entries for each thread: fewer threads idle where rotations are chosen.
        int groupSize = GroupSize((long)(order * order * 5 / 32));
        for (int first = 0; first < matrices; first += perLaunch)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            shape.FirstMatrix = first;
            KernelConfig config = new(Math.Min(perLaunch, matrices - first), groupSize);
            JacobiKernels<T>.Instance.Eigen(
                engine, config, matrix, values, vectors, outcomes, shape, Element.Of<T>(tolerance * tolerance), Element.Of<T>(Tiny), settings.Trace);
            if (matrices > perLaunch) engine.Synchronize(settings.Trace);
            settings.Progress?.Report((double)(first + config.GridDim.X) / matrices);
            settings.Trace?.Tiles += 1;
        }
    }

    /// <summary>Brings rows to the columns of results.</summary>
    /// <param name="source">The first matrix of rows.</param>
    /// <param name="sourceStride">Elements from matrix to matrix.</param>
    /// <param name="target">The first result.</param>
    /// <param name="targetStride">Elements from result to result.</param>
    /// <param name="items">Results.</param>
    /// <param name="rows">The row of each column.</param>
    /// <param name="factors">What each column is multiplied by.</param>
    /// <param name="signs">1 or -1 for each column.</param>
    /// <param name="decidesSigns">Whether the signs are decided here.</param>
    public void Columns(
        in DeviceMatrix<T> source,
        long sourceStride,
        in DeviceMatrix<T> target,
        long targetStride,
        int items,
        ArrayView<int> rows,
        ArrayView<T> factors,
        ArrayView<T> signs,
        bool decidesSigns)
    {
        if (target.Rows == 0 || target.Columns == 0 || items == 0) return;
        settings.Cancellation.ThrowIfCancellationRequested();
        JacobiColumnsShape shape = new()
        {
            Columns = target.Columns,
            Length = target.Rows,
            DecidesSigns = decidesSigns ? 1 : 0,
            Source = DeviceLayout.Of(source, sourceStride),
            Target = DeviceLayout.Of(target, targetStride),
        };
        KernelConfig config = new(checked(target.Columns * items), GroupSize(target.Rows));
        JacobiKernels<T>.Instance.Columns(engine, config, source.View, target.View, rows, factors, signs, shape, settings.Trace);
    }

    /// <summary>The power of two below so much work, within what device and kernels allow.</summary>
    private int GroupSize(long work)
    {
        int most = Math.Min(JacobiEigenKernel.MaxGroupSize, engine.MaxGroupSize);
        long wanted = Math.Clamp(work, Math.Min(most, Math.Max(engine.WarpSize, 8)), most);
        return 1 << BitOperations.Log2((uint)wanted);
    }
}
