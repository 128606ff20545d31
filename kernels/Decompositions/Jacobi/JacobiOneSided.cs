using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>A batch of singular value decompositions by one-sided block Jacobi: columns become orthogonal, X W by X W.</summary>
/// <remarks>
/// A column of the matrix and its column of the rotations stand side by side in a row of working memory, so that one batch of
/// products turns both. The Gram matrix of each pair of blocks is diagonalised by a group, in the order of
/// <see cref="JacobiBlockEigen{T}"/>; matrices that one group can take have one pair, and a sweep is one step. What is left is
/// measured in the Gram matrix of all columns, against their norms (Demmel and Veselic 1992), so that small singular values of
/// graded matrices are as exact as large ones. Columns of no more than rounding are taken as they are: their directions are
/// completed to orthonormal ones on the host, in float64.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
/// <param name="engine">The engine; the call is on its lane.</param>
/// <param name="plan">How it is cut.</param>
/// <param name="settings">How to run; cancels between launches.</param>
/// <param name="isWide">Whether U is what the rotations are, so that its signs are fixed.</param>
/// <param name="hasVectors">Whether vectors are wanted.</param>
internal readonly struct JacobiOneSided<T>(AcceleratorEngine engine, JacobiPlan plan, RunSettings settings, bool isWide, bool hasVectors)
    where T : unmanaged
{
    /// <summary>Sweeps within the only pair: to the end, most of the time.</summary>
    private const int SweepsOfOnlyPair = 12;

    private readonly RunSettings _inner = settings with { Progress = null };

    private JacobiLaunches<T> Launches => new(engine, _inner);

    private int Items => plan.Items;

    private int Width => plan.PairWidth;

    /// <summary>
    /// What the cosine of two columns may come to: the roundings of their dot product, which grow with the root of its length.
    /// </summary>
    private double Tolerance => (8 + (0.5 * Math.Sqrt(plan.Rows))) * JacobiLaunches<T>.Epsilon;

    /// <summary>Decomposes the batch.</summary>
    /// <param name="columns">The columns of the first matrix as rows: order x rows.</param>
    /// <param name="stride">Elements from matrix to matrix.</param>
    /// <param name="values">Items x kept.</param>
    /// <param name="directions">The directions of the orthogonal columns, rows x kept or more.</param>
    /// <param name="directionStride">Elements from directions to directions.</param>
    /// <param name="rotations">The rotations, order x kept.</param>
    /// <param name="rotationStride">Elements from rotations to rotations.</param>
    public void Run(
        in DeviceMatrix<T> columns,
        long stride,
        in DeviceMatrix<T> values,
        in DeviceMatrix<T> directions,
        long directionStride,
        in DeviceMatrix<T> rotations,
        long rotationStride)
    {
        double[] largest = Launches.Measure(columns, stride, Items, JacobiMeasureShape.All);
        int infinite = Array.FindIndex(largest, one => !double.IsFinite(one));
        if (infinite >= 0) throw JacobiDevice.Failure(settings, infinite, Items, isFinite: false);
        int[] powers = [.. largest.Select(one => one == 0 ? 0 : -Math.ILogB(one))];
        int rows = plan.WorkRows, width = ((plan.Rows + 3) & ~3) + (hasVectors ? (plan.Order + 3) & ~3 : 0);
        using DeviceMatrix<T> first = engine.Temporary<T>(checked(Items * rows), width, settings);
        using DeviceMatrix<T> second = engine.Temporary<T>(Items * rows, width, settings);
        Place(columns, stride, first, second, powers);
        (DeviceMatrix<T> current, DeviceMatrix<T> spare) = (first, second);
        double[] squares = Sweep(ref current, ref spare, out double[] floors, out int sweeps);
        int[] places = [.. plan.Places(isReversed: sweeps % 2 != 0 && !plan.IsSingle)];
        JacobiSpectrum spectrum = new(plan, squares, floors, places, values.Columns);
        Launches.Put(spectrum.Values(powers), values);
        if (hasVectors) Deliver(current, spectrum, directions, directionStride, rotations, rotationStride);
    }

    /// <summary>Both buffers, because the frame of zeros is never written again.</summary>
    private void Place(in DeviceMatrix<T> columns, long stride, in DeviceMatrix<T> first, in DeviceMatrix<T> second, int[] powers)
    {
        int rows = plan.WorkRows, start = (plan.Rows + 3) & ~3;
        using AcceleratorBuffer<T> exponents = Launches.Uploaded([.. powers.Select(power => (double)power)]);
        foreach (DeviceMatrix<T> buffer in (ReadOnlySpan<DeviceMatrix<T>>)[first, second])
        {
            long bufferStride = rows * buffer.RowStride;
            DeviceMatrix<T> left = buffer.Range(0, rows, 0, start), right = buffer.Range(0, rows, start, buffer.Columns - start);
            int row = plan.Padding * plan.BlockWidth;
            Launches.Place(columns, stride, left, bufferStride, Items, row, powers: exponents.View);
            Launches.Place(columns.As(plan.Order, 0, 0, 0), 0, right, bufferStride, Items, row, identity: 1);
        }

        engine.Synchronize(settings.Trace);
    }

    /// <summary>Sweeps until all columns are orthogonal to rounding; the squared norms of the rows of working memory come back.</summary>
    private double[] Sweep(ref DeviceMatrix<T> current, ref DeviceMatrix<T> spare, out double[] floors, out int sweeps)
    {
        int rows = plan.WorkRows, pairs = Items * rows / Width;
        using DeviceMatrix<T> gram = engine.Temporary<T>(checked(Items * rows), rows, settings);
        using DeviceMatrix<T> pairGrams = engine.Temporary<T>(pairs * Width, Width, settings);
        using DeviceMatrix<T> rotations = engine.Temporary<T>(pairs * Width, Width, settings);
        using AcceleratorBuffer<T> values = engine.Rent<T>(pairs * Width, settings.Operation);
        using AcceleratorBuffer<int> outcomes = engine.Rent<int>(pairs, settings.Operation);
        Gram(current, gram, 0, rows, Items);
        double[] norms = Norms(Launches.Diagonals(gram.As(rows, rows, rows, 1), (long)rows * rows, Items));
        floors = [.. norms.Select(norm => norm * JacobiLaunches<T>.Epsilon * JacobiLaunches<T>.Epsilon)];
        using AcceleratorBuffer<T> floorsOnDevice = Launches.Uploaded(floors);
        for (sweeps = 0; ; sweeps++)
        {
            double[] left = Launches.Measure(
                gram.As(rows, rows, rows, 1), (long)rows * rows, Items, JacobiMeasureShape.OffDiagonalRelative, floorsOnDevice.View);
            double tolerance = Tolerance;
            int open = Array.FindIndex(left, one => !(one <= tolerance));
            if (open < 0) return Launches.Diagonals(gram.As(rows, rows, rows, 1), (long)rows * rows, Items);
            if (sweeps == JacobiPlan.MostSweeps) throw JacobiDevice.Failure(settings, open, Items, isFinite: true);
            settings.Progress?.Report(Math.Min(0.95, sweeps / 10.0));
            for (int step = 0; step < (plan.IsSingle ? 1 : plan.Blocks); step++)
            {
                // At even steps of a batch, the last block of zeros of a matrix and the first of the next make a pair that stays zero.
                int first = !plan.IsSingle && step % 2 == 0 ? plan.BlockWidth : 0, count = first == 0 ? pairs : pairs - 1;
                Gram(current, pairGrams, first, Width, count);
                Launches.Eigen(count, Shape(first == 0), tolerance / 2, pairGrams.View, values.View, rotations.View, outcomes.View);
                BlockProducts.Rows(engine, rotations, current, spare, first, Width, count, _inner);
                (current, spare) = (spare, current);
            }

            Gram(current, gram, 0, rows, Items);
        }
    }

    private JacobiShape Shape(bool isWhole) => new()
    {
        Order = Width,
        Kept = Width,
        MostSweeps = plan.IsSingle ? SweepsOfOnlyPair : JacobiPlan.SweepsOfPair,
        IsRelative = 1,
        IsSwapped = plan.IsSingle ? 0 : 1,
        RunLength = isWhole ? plan.WorkRows / Width : 0,
        HasVectors = 1,
        Matrix = DeviceLayout.Of(0, Width, 1, (long)Width * Width),
        Values = DeviceLayout.Of(0, 0, 1, Width),
        Vectors = DeviceLayout.Of(0, Width, 1, (long)Width * Width),
    };

    /// <summary>The Gram matrices of so many runs of rows, one after another.</summary>
    private void Gram(in DeviceMatrix<T> source, in DeviceMatrix<T> target, int first, int rows, int count)
    {
        DeviceMatrix<T> run = source.Range(first, rows, 0, plan.Rows);
        TiledProductDevice.Run<T, DotTerm<T>, Scaled<T>>(
            engine,
            new()
            {
                X = run,
                XBatchStride = rows * source.RowStride,
                Y = run,
                YBatchStride = rows * source.RowStride,
                Result = target.As(rows, rows, rows, 1),
                ResultBatchStride = (long)rows * rows,
                IsSymmetric = true,
                Batch = count,
            },
            new Scaled<T>(Element.Of<T>(1)),
            _inner);
    }

    /// <summary>The squared Frobenius norm of each matrix.</summary>
    private double[] Norms(double[] squares)
    {
        double[] norms = new double[Items];
        for (int i = 0; i < squares.Length; i++) norms[i / plan.WorkRows] += squares[i];
        return norms;
    }

    /// <summary>Sorts, completes, fixes signs, and brings the vectors to their places.</summary>
    private void Deliver(
        in DeviceMatrix<T> current,
        JacobiSpectrum spectrum,
        in DeviceMatrix<T> directions,
        long directionStride,
        in DeviceMatrix<T> rotations,
        long rotationStride)
    {
        long stride = plan.WorkRows * current.RowStride;
        int start = (plan.Rows + 3) & ~3, kept = spectrum.Kept;
        DeviceMatrix<T> turned = current.Range(0, plan.WorkRows, start, plan.Order), columns = current.Range(0, plan.WorkRows, 0, plan.Rows);
        using AcceleratorBuffer<int> order = Launches.Uploaded<int>(spectrum.Rows);
        using AcceleratorBuffer<T> ones = Launches.Uploaded([.. Enumerable.Repeat(1.0, Items * kept)]);
        using AcceleratorBuffer<T> reciprocals = Launches.Uploaded(spectrum.Reciprocals());
        using AcceleratorBuffer<T> signs = Launches.Uploaded([.. Enumerable.Repeat(1.0, Math.Max(Items * kept, directions.Columns))]);
        if (isWide) Launches.Columns(turned, stride, rotations, rotationStride, Items, order.View, ones.View, signs.View, decidesSigns: true);
        Launches.Columns(
            columns, stride, directions.Range(0, plan.Rows, 0, kept), directionStride, Items, order.View, reciprocals.View, signs.View, decidesSigns: !isWide);
        for (int item = 0; item < Items; item++)
        {
            int known = spectrum.Significant(item);
            if (known == directions.Columns) continue;
            Complete(columns.Moved(item * stride), spectrum, item, known, directions.Moved(item * directionStride), signs.View);
        }

        if (!isWide) Launches.Columns(turned, stride, rotations, rotationStride, Items, order.View, ones.View, signs.View, decidesSigns: false);
        engine.Synchronize(settings.Trace);
    }

    /// <summary>The directions that the columns do not give.</summary>
    private void Complete(
        in DeviceMatrix<T> columns, JacobiSpectrum spectrum, int item, int known, in DeviceMatrix<T> directions, ArrayView<T> signs)
    {
        int missing = directions.Columns - known;
        using AcceleratorBuffer<T> copied = engine.Rent<T>((long)plan.WorkRows * plan.Rows, settings.Operation);
        Launches.Place(columns, 0, DeviceMatrix<T>.Over(engine, copied, 0, plan.WorkRows, plan.Rows, settings), 0, 1);
        double[] completed = OrthonormalCompletion.Of(Launches.Downloaded(copied), plan.Rows, spectrum.RowsOf(item)[..known], missing, settings.Cancellation);
        using AcceleratorBuffer<T> uploaded = Launches.Uploaded(completed);
        using AcceleratorBuffer<int> order = Launches.Uploaded<int>([.. Enumerable.Range(0, missing)]);
        using AcceleratorBuffer<T> ones = Launches.Uploaded([.. Enumerable.Repeat(1.0, missing)]);
        DeviceMatrix<T> target = directions.Range(0, plan.Rows, known, missing);
        Launches.Columns(
            DeviceMatrix<T>.Over(engine, uploaded, 0, missing, plan.Rows, settings),
            0,
            target,
            0,
            1,
            order.View,
            ones.View,
            signs.SubView((item * spectrum.Kept) + known, missing),
            decidesSigns: !isWide);
        engine.Synchronize(settings.Trace);
    }
}
