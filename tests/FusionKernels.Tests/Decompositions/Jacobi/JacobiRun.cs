using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Decompositions.Jacobi;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Tests.Decompositions.Jacobi;

/// <summary>Runs Jacobi's methods on an accelerator over matrices of float64, in the precision that is asked for.</summary>
internal static unsafe class JacobiRun
{
    /// <summary>Values and vectors of each matrix, the vectors null where none are wanted.</summary>
    public static (double[] Values, DenseMatrix? Vectors)[] Eigen<T>(
        Engine engine, DenseMatrix[] matrices, int? kept = null, int? blockWidth = null, bool hasVectors = true, RunSettings? settings = null)
        where T : unmanaged
    {
        int order = matrices[0].Rows, items = matrices.Length, count = kept ?? order;
        T[] matrix = Packed<T>(matrices), values = new T[items * count], vectors = new T[items * order * count];
        fixed (T* pMatrix = matrix, pValues = values, pVectors = vectors)
        {
            EigenCall<T> call = new()
            {
                Problem = new()
                {
                    Items = items,
                    Matrix = new(pMatrix, null, 0, order, order, order, 1),
                    MatrixStride = order * order,
                    Values = new(pValues, null, 0, items, count, count, 1),
                    Vectors = hasVectors ? new(pVectors, null, 0, order, count, count, 1) : default,
                    VectorStride = order * count,
                    BlockWidth = blockWidth,
                    Settings = settings ?? new("test"),
                },
            };
            engine.Execute(ref call);
        }

        return [.. Enumerable.Range(0, items).Select(item => (
            Widened(values.AsSpan(item * count, count)),
            hasVectors ? new DenseMatrix(order, count, Widened(vectors.AsSpan(item * order * count, order * count))) : null))];
    }

    /// <summary>U, values and V of each matrix; U and V null where none are wanted.</summary>
    public static (DenseMatrix? U, double[] Values, DenseMatrix? V)[] Svd<T>(
        Engine engine,
        DenseMatrix[] matrices,
        int? kept = null,
        int? blockWidth = null,
        bool hasVectors = true,
        bool full = false,
        RunSettings? settings = null)
        where T : unmanaged
    {
        int rows = matrices[0].Rows, columns = matrices[0].Columns, items = matrices.Length, count = kept ?? Math.Min(rows, columns);
        int uColumns = full ? rows : count, vColumns = full ? columns : count;
        T[] matrix = Packed<T>(matrices), values = new T[items * count], u = new T[items * rows * uColumns], v = new T[items * columns * vColumns];
        fixed (T* pMatrix = matrix, pValues = values, pU = u, pV = v)
        {
            SvdCall<T> call = new()
            {
                Problem = new()
                {
                    Items = items,
                    Matrix = new(pMatrix, null, 0, rows, columns, columns, 1),
                    MatrixStride = rows * columns,
                    Values = new(pValues, null, 0, items, count, count, 1),
                    U = hasVectors ? new(pU, null, 0, rows, uColumns, uColumns, 1) : default,
                    UStride = rows * uColumns,
                    V = hasVectors ? new(pV, null, 0, columns, vColumns, vColumns, 1) : default,
                    VStride = columns * vColumns,
                    BlockWidth = blockWidth,
                    Settings = settings ?? new("test"),
                },
            };
            engine.Execute(ref call);
        }

        return [.. Enumerable.Range(0, items).Select(item => (
            hasVectors ? new DenseMatrix(rows, uColumns, Widened(u.AsSpan(item * rows * uColumns, rows * uColumns))) : null,
            Widened(values.AsSpan(item * count, count)),
            hasVectors ? new DenseMatrix(columns, vColumns, Widened(v.AsSpan(item * columns * vColumns, columns * vColumns))) : null))];
    }

    /// <summary>The matrix as the element holds it.</summary>
    public static DenseMatrix Rounded<T>(DenseMatrix matrix)
        where T : unmanaged => new(matrix.Rows, matrix.Columns, [.. matrix.Elements.Select(Element.Rounded<T>)]);

    private static T[] Packed<T>(DenseMatrix[] matrices)
        where T : unmanaged => [.. matrices.SelectMany(matrix => matrix.Elements).Select(Element.Of<T>)];

    private static double[] Widened<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        double[] result = new double[elements.Length];
        for (int i = 0; i < result.Length; i++) result[i] = Element.ToDouble(elements[i]);
        return result;
    }

    private struct EigenCall<T> : IEngineCall
        where T : unmanaged
    {
        public required JacobiEigenProblem<T> Problem { get; init; }

        public readonly string Operation => "Test";

        public readonly void OnHost(HostEngine engine) => throw new NotSupportedException();

        public readonly void OnAccelerator(AcceleratorEngine engine) => JacobiDevice.SymmetricEigen(engine, Problem);
    }

    private struct SvdCall<T> : IEngineCall
        where T : unmanaged
    {
        public required JacobiSvdProblem<T> Problem { get; init; }

        public readonly string Operation => "Test";

        public readonly void OnHost(HostEngine engine) => throw new NotSupportedException();

        public readonly void OnAccelerator(AcceleratorEngine engine) => JacobiDevice.Svd(engine, Problem);
    }
}
