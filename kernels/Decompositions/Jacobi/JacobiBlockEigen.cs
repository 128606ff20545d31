using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>One symmetric eigenproblem by two-sided block Jacobi: A becomes diagonal, Wᵀ A W by Wᵀ A W.</summary>
/// <remarks>
/// Neighbouring blocks are rotated against each other and change places, at even steps from the first block on, at odd ones from
/// the second: after as many steps as there are blocks all have met, in reverse order (Luk and Park 1989, the odd-even order).
/// So the pairs of a step lie side by side, one batch of products. At odd steps the first and the last block are paired with
/// zeros and stay. Working memory: two matrices, two of vectors, and the rotations of a step.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
/// <param name="engine">The engine; the call is on its lane.</param>
/// <param name="plan">How it is cut.</param>
/// <param name="settings">How to run; cancels between launches.</param>
internal readonly struct JacobiBlockEigen<T>(AcceleratorEngine engine, JacobiPlan plan, RunSettings settings)
    where T : unmanaged
{
    /// <summary>
    /// What an element off the diagonal may come to, against the largest element and the root of the order, which values of
    /// random matrices outgrow it by: a pair's product leaves a few roundings of the values behind, and those of a cluster
    /// never shrink.
    /// </summary>
    private const double Roundings = 16;

    private readonly RunSettings _inner = settings with { Progress = null };

    private JacobiLaunches<T> Launches => new(engine, _inner);

    /// <summary>Solves it.</summary>
    /// <param name="matrix">order x order; the lower half is read.</param>
    /// <param name="values">1 x kept.</param>
    /// <param name="vectors">order x kept; unused where none are wanted.</param>
    /// <param name="hasVectors">Whether vectors are wanted.</param>
    /// <param name="item">The matrix's number in its batch, for messages.</param>
    /// <param name="items">Matrices of the batch, for messages.</param>
    public void Run(in DeviceMatrix<T> matrix, in DeviceMatrix<T> values, in DeviceMatrix<T> vectors, bool hasVectors, int item, int items)
    {
        double largest = Launches.Measure(matrix, 0, 1, JacobiMeasureShape.Lower)[0];
        if (!double.IsFinite(largest)) throw JacobiDevice.Failure(settings, item, items, isFinite: false);
        int power = largest == 0 ? 0 : -Math.ILogB(largest), rows = plan.WorkRows;

        // Rows of whole quads, so that products move four elements at a time.
        int width = hasVectors ? (plan.Order + 3) & ~3 : 0;
        using DeviceMatrix<T> work = engine.Temporary<T>(rows, rows, settings);
        using DeviceMatrix<T> half = engine.Temporary<T>(rows, rows, settings);
        using DeviceMatrix<T> first = engine.Temporary<T>(rows, width, settings);
        using DeviceMatrix<T> second = engine.Temporary<T>(rows, width, settings);
        Place(matrix, work, power);
        foreach (DeviceMatrix<T> target in (ReadOnlySpan<DeviceMatrix<T>>)[first, second])
        {
            Launches.Place(matrix.As(plan.Order, 0, 0, 0), 0, target, 0, 1, plan.BlockWidth, identity: 1);
        }

        (DeviceMatrix<T> rotated, DeviceMatrix<T> spare) = (first, second);
        int sweeps = Sweep(work, half, ref rotated, ref spare, item, items);
        Deliver(work, rotated, values, vectors, hasVectors, isReversed: sweeps % 2 != 0, -power);
    }

    private void Place(in DeviceMatrix<T> matrix, in DeviceMatrix<T> work, int power)
    {
        using AcceleratorBuffer<T> powers = Launches.Uploaded([(double)power]);
        Launches.Place(matrix, 0, work, 0, 1, plan.BlockWidth, plan.BlockWidth, isLower: true, powers.View);
        engine.Synchronize(settings.Trace);
    }

    /// <summary>Sweeps until what is measured off the diagonal is rounding; the number of sweeps comes back.</summary>
    private int Sweep(
        in DeviceMatrix<T> work, in DeviceMatrix<T> half, ref DeviceMatrix<T> rotated, ref DeviceMatrix<T> spare, int item, int items)
    {
        int pairs = (plan.Blocks / 2) + 1, width = plan.PairWidth;
        using DeviceMatrix<T> rotations = engine.Temporary<T>(pairs * width, width, settings);
        using AcceleratorBuffer<T> values = engine.Rent<T>(pairs * width, settings.Operation);
        using AcceleratorBuffer<int> outcomes = engine.Rent<int>(pairs, settings.Operation);
        double tolerance = Roundings * Math.Sqrt(plan.Order) * JacobiLaunches<T>.Epsilon;
        for (int sweep = 0; ; sweep++)
        {
            double left = Launches.Measure(work, 0, 1, JacobiMeasureShape.OffDiagonal)[0];
            if (left <= tolerance) return sweep;
            if (sweep == JacobiPlan.MostSweeps) throw JacobiDevice.Failure(settings, item, items, isFinite: true);
            settings.Progress?.Report(Math.Min(0.95, sweep / 10.0));
            for (int step = 0; step < plan.Blocks; step++)
            {
                bool isEven = step % 2 == 0;
                JacobiShape shape = Shape(isEven, tolerance);
                shape.Matrix = DeviceLayout.Of(work.Moved((isEven ? plan.BlockWidth : 0) * (work.RowStride + 1)), width * (work.RowStride + 1));
                Launches.Eigen(isEven ? pairs - 1 : pairs, shape, tolerance, work.View, values.View, rotations.View, outcomes.View);
                Apply(rotations, work, half, rotated, spare, isEven);
                (rotated, spare) = (spare, rotated);
            }
        }
    }

    private JacobiShape Shape(bool isEven, double tolerance)
    {
        int width = plan.PairWidth;
        return new()
        {
            Order = width,
            Kept = width,
            MostSweeps = JacobiPlan.SweepsOfPair,
            IsSwapped = 1,
            RunLength = isEven ? 0 : (plan.Blocks / 2) + 1,
            HasVectors = 1,
            Values = DeviceLayout.Of(0, 0, 1, width),
            Vectors = DeviceLayout.Of(0, width, 1, (long)width * width),
        };
    }

    /// <summary>Rows, then columns of the matrix, and rows of the vectors, by the rotations of one step.</summary>
    private void Apply(
        in DeviceMatrix<T> rotations, in DeviceMatrix<T> work, in DeviceMatrix<T> half, in DeviceMatrix<T> rotated, in DeviceMatrix<T> spare, bool isEven)
    {
        int width = plan.PairWidth, first = isEven ? plan.BlockWidth : 0, pairs = (plan.Blocks / 2) + (isEven ? 0 : 1), rows = pairs * width;
        BlockProducts.Rows(engine, rotations, work, half, first, width, pairs, _inner);
        TiledProductDevice.Run<T, DotTerm<T>, Scaled<T>>(
            engine,
            new()
            {
                X = half.Range(first, rows, first, width),
                XBatchStride = width,
                Y = rotations.As(width, width, 1, width),
                YBatchStride = (long)width * width,
                Result = work.Range(first, rows, first, width),
                ResultBatchStride = width,
                Batch = pairs,
            },
            new Scaled<T>(Element.Of<T>(1)),
            _inner);
        BlockProducts.Rows(engine, rotations, rotated, spare, first, width, pairs, _inner);
    }

    /// <summary>Sorts, and brings values and vectors to their places.</summary>
    private void Deliver(
        in DeviceMatrix<T> work,
        in DeviceMatrix<T> rotated,
        in DeviceMatrix<T> values,
        in DeviceMatrix<T> vectors,
        bool hasVectors,
        bool isReversed,
        int power)
    {
        double[] diagonal = Launches.Diagonals(work, 0, 1);
        int[] rows = [.. plan.Places(isReversed).OrderByDescending(row => diagonal[row]).Take(values.Columns)];
        Launches.Put([.. rows.Select(row => Math.ScaleB(diagonal[row], power))], values);
        if (!hasVectors) return;
        using AcceleratorBuffer<int> order = Launches.Uploaded<int>(rows);
        using AcceleratorBuffer<T> ones = Launches.Uploaded([.. rows.Select(_ => 1.0)]);
        using AcceleratorBuffer<T> signs = engine.Rent<T>(rows.Length, settings.Operation);
        Launches.Columns(rotated, 0, vectors, 0, 1, order.View, ones.View, signs.View, decidesSigns: true);
        engine.Synchronize(settings.Trace);
    }
}
