using System.Numerics;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Linear correlation of views on any engine: rows are multiplied there, the small solves are the host's.</summary>
internal static unsafe class Correlations
{
    /// <summary>Adds rows of two or more views to moments.</summary>
    /// <param name="engine">Who multiplies.</param>
    /// <param name="host">Who does the rest.</param>
    /// <param name="views">The views, all in host memory or all on the engine's device.</param>
    /// <param name="moments">What is added to; unchanged where an exception comes.</param>
    /// <param name="names">The views' names, for messages.</param>
    /// <param name="numbers">The numbers of rows, for messages.</param>
    /// <param name="settings">How to run.</param>
    public static void Accumulate<T>(
        Engine engine, HostEngine host, Operand<T>[] views, Moments moments, IReadOnlyList<string> names, RowNumbers numbers, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        Moments part = new(moments.Widths);
        new MomentAccumulator<T>(engine, host, part, names, settings).Add(Resolved(host, views, settings), numbers);
        if (moments.Count == 0) moments.Take(part);
        else moments.Merge(part);
    }

    /// <summary>Memory that belongs to the host itself as what it is; every other operand as it stands.</summary>
    private static Operand<T>[] Resolved<T>(HostEngine host, Operand<T>[] views, in RunSettings settings)
        where T : unmanaged
    {
        string operation = settings.Operation;
        return Array.ConvertAll(views, view => view.Buffer?.Engine == host ? new(host.Resolve(view, operation), null, 0, view.Rows, view.Columns, view.RowStride, view.ColumnStride) : view);
    }

    /// <summary>Correlates two views whose rows are in host memory, or on the engine's device: only moments come back from there, but by QR.</summary>
    /// <exception cref="ArgumentException">An element is not finite, or more components are asked for than there are.</exception>
    /// <exception cref="NumericalException">A view does not vary at all.</exception>
    public static CorrelationSolution Fit<T>(
        Engine engine, HostEngine host, MatrixRef<T> x, MatrixRef<T> y, CorrelationProblem problem, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* px = x, py = y)
        {
            Operand<T>[] views = Resolved(host, [x.At(px), y.At(py)], settings);
            DenseAlgebra algebra = new(host, settings);
            CorrelationSolver solver = new(algebra, problem);
            CorrelationPlan plan = CorrelationPlan.Choose(problem, x.Rows, x.Columns, y.Columns, hasRows: true);
            bool isResident = views[0].Buffer is not null && x.Rows > x.Columns + y.Columns;
            if (plan.Route != CorrelationRoute.Qr || isResident)
            {
                Moments moments = new([x.Columns, y.Columns]);
                new MomentAccumulator<T>(engine, host, moments, [problem.NameX, problem.NameY], settings).Add(views, RowNumbers.OfAll);
                if (plan.Route != CorrelationRoute.Qr && solver.FromMoments(moments, ref plan, hasRows: true) is { } solution) return solution;
                if (isResident && FromResident(engine, views, moments, problem, ref plan, settings) is { } compressed) return solver.FromRows(compressed, plan);
            }

            HostedRows<T> rows = new(engine, views, 0, x.Rows);
            CorrelationSolution result = solver.FromRows(CompressedRows.Of(algebra, rows.Views, problem.Scale, [problem.NameX, problem.NameY], settings), plan);
            GC.KeepAlive(rows);
            return result;
        }
    }

    /// <summary>The rows of views on a device as a triangle that was computed there; null, and a plan that says why, where it must be the host's.</summary>
    private static CompressedRows? FromResident<T>(
        Engine engine, Operand<T>[] views, Moments moments, CorrelationProblem problem, ref CorrelationPlan plan, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        double[][] deviations = [CorrelationSolver.Deviations(moments, 0), CorrelationSolver.Deviations(moments, 1)];
        double[] all = [.. deviations[0], .. deviations[1]];
        int x = deviations[0].Length;
        if (all.Contains(0))
        {
            plan = plan with { Reason = $"{plan.Reason}; by the host: a column does not vary" };
            return null;
        }

        ResidentTriangle<T> call = new() { Views = views, Centre = [.. moments.MeanOf(0), .. moments.MeanOf(1), .. all.Select(deviation => 1 / deviation)], Settings = settings };
        engine.Execute(ref call);
        plan = plan with { Reason = $"{plan.Reason}; {(call.Triangle is null ? $"by the host: {call.Why}" : "the triangle by the device, in float64")}" };
        return call.Triangle is { } triangle ? CompressedRows.Of(triangle, moments.Count, [call.Centre[..x], call.Centre[x..all.Length]], deviations, problem.Scale, Epsilon.Of<T>()) : null;
    }

    /// <summary>Correlates two views from their moments.</summary>
    /// <inheritdoc cref="Fit{T}(Engine, HostEngine, MatrixRef{T}, MatrixRef{T}, CorrelationProblem, in RunSettings)" path="/exception"/>
    public static CorrelationSolution Fit(HostEngine host, Moments moments, CorrelationProblem problem, in RunSettings settings)
    {
        CorrelationPlan plan = CorrelationPlan.Choose(problem, moments.Count, moments.Widths[0], moments.Widths[1], hasRows: false);
        return new CorrelationSolver(new(host, settings), problem).FromMoments(moments, ref plan, hasRows: false)!;
    }

    /// <summary>(rows - mean) map + offset, in float64: rows x map's columns, row by row.</summary>
    public static double[] Map<T>(HostEngine host, MatrixRef<T> rows, double[] mean, DenseMatrix map, double[]? offset, in RunSettings settings)
        where T : unmanaged
    {
        double[] start = new double[map.Columns], result = new double[checked(rows.Rows * map.Columns)];
        offset?.CopyTo(start, 0);
        for (int i = 0; i < map.Rows; i++)
        {
            for (int k = 0; k < start.Length; k++) start[k] -= mean[i] * map[i, k];
        }

        for (int i = 0; i < rows.Rows; i++) start.CopyTo(result, i * start.Length);
        fixed (T* values = rows)
        fixed (double* right = map.Elements, target = result)
        {
            WidenedProduct.Add(host, rows.At(values), right, map.Columns, 1, target, settings);
        }

        return result;
    }

    /// <summary>The map of least squares from variates to columns: c (wᵀ s w)⁺, of covariances c of the columns with them.</summary>
    /// <param name="algebra">Who computes.</param>
    /// <param name="weights">The variates' weights.</param>
    /// <param name="own">Covariances of the weights' columns with the variates.</param>
    /// <param name="target">Covariances of the wanted columns with the variates: columns x components.</param>
    /// <returns>components x columns.</returns>
    public static DenseMatrix Regression(DenseAlgebra algebra, DenseMatrix weights, DenseMatrix own, DenseMatrix target)
    {
        (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(algebra.TransposedMultiply(weights, own));
        DenseMatrix coordinates = algebra.TransposedMultiply(vectors, target.Transposed());
        for (int k = 0; k < values.Length; k++)
        {
            // Variates have unit variance: what is left of one below this is rounding.
            double inverse = values[k] > values.Length * Epsilon.Float64 * 16 ? 1 / values[k] : 0;
            foreach (ref double value in coordinates.Row(k)) value *= inverse;
        }

        return algebra.Multiply(vectors, coordinates);
    }
}
