using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>What every form of the product has in common: shapes, and the way to the kernels.</content>
public static partial class MatrixProduct
{
    private static MatrixProductOptions Default { get; } = new();

    private static void Run<T>(
        ComputeDevice device, ProductOperand<T> a, ProductOperand<T> b, ProductOperand<T> result, MatrixProductOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceTensor<T>.RequireSupportedElement();
        using ExecutionTrace? trace = ExecutionTrace.Start(MultiplyName, options.Report is not null);
        RunSettings settings = new(MultiplyName, options.Threads, CallerProgress.Of(options.Progress), trace, options.Cancellation);
        (T alpha, T beta) = (T.CreateChecked(options.Alpha), T.CreateChecked(options.Beta));
        if (IsBatch(a, b))
        {
            BatchStrides strides = new(a.Count == 1 ? 0 : a.BatchStride, b.Count == 1 ? 0 : b.BatchStride, BatchStrideOf(result));
            Products.MultiplyBatched(device.Engine, a.Matrix, b.Matrix, FirstOf(result, a, b), CountOf(a, b), strides, alpha, beta, settings);
        }
        else
        {
            Products.Multiply(device.Engine, a.Matrix, b.Matrix, result.Matrix, alpha, beta, settings);
        }

        trace?.Complete(device.Engine, Element.NameOf<T>(), options.Report);
    }

    private static void RunSelf<T>(ComputeDevice device, ProductOperand<T> a, ProductOperand<T> result, MatrixProductOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceTensor<T>.RequireSupportedElement();
        using ExecutionTrace? trace = ExecutionTrace.Start(MultiplySelfName, options.Report is not null);
        RunSettings settings = new(MultiplySelfName, options.Threads, CallerProgress.Of(options.Progress), trace, options.Cancellation);
        Products.MultiplySelf(device.Engine, a.Matrix, result.Matrix, T.CreateChecked(options.Alpha), T.CreateChecked(options.Beta), settings);
        trace?.Complete(device.Engine, Element.NameOf<T>(), options.Report);
    }

    /// <summary>Elements from one item's result to the next: the leading dimension of a batch of matrices, and of a batch of vectors.</summary>
    private static long BatchStrideOf<T>(ProductOperand<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => result.Rank == 3 ? result.BatchStride : result.Matrix.RowStride;

    /// <summary>The first item's result. That of a batch with a vector is items x elements: its first row, as the vector that the item's product is.</summary>
    private static MatrixRef<T> FirstOf<T>(ProductOperand<T> result, ProductOperand<T> a, ProductOperand<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (result.Rank == 3) return result.Matrix;
        MatrixRef<T> row = result.Matrix.WithRows(1);
        return a.Rank == 1 || b.Rank != 1 ? row : row.Transposed;
    }

    private static bool IsBatch<T>(ProductOperand<T> a, ProductOperand<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a.Rank == 3 || b.Rank == 3;

    private static int CountOf<T>(ProductOperand<T> a, ProductOperand<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a.Count == 1 ? b.Count : a.Count;

    /// <summary>The product's shape, written to memory for three lengths.</summary>
    private static ReadOnlySpan<nint> ShapeOfProduct<T>(ProductOperand<T> a, ProductOperand<T> b, Span<nint> shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixRef<T> left = a.Matrix, right = b.Matrix;
        if (a.Rank == 1 && b.Rank == 1)
        {
            throw new ArgumentException($"{MultiplyName}: a and b are vectors; use TensorPrimitives.Dot for their inner product");
        }

        if (left.Columns != right.Rows)
        {
            throw new ArgumentException(
                $"{MultiplyName}: a is {left.Rows} x {left.Columns}, b is {right.Rows} x {right.Columns}: a's columns must equal b's rows");
        }

        if (a.Count != b.Count && a.Count != 1 && b.Count != 1)
        {
            throw new ArgumentException($"{MultiplyName}: a has {a.Count} items, b has {b.Count}: the counts must be equal, or one of them 1");
        }

        int rank = 0;
        if (IsBatch(a, b)) shape[rank++] = CountOf(a, b);
        if (a.Rank > 1) shape[rank++] = left.Rows;
        if (b.Rank > 1) shape[rank++] = right.Columns;
        return shape[..rank];
    }

    private static void RequireShape(ReadOnlySpan<nint> expected, ReadOnlySpan<nint> actual, string what)
    {
        if (!expected.SequenceEqual(actual)) throw new ArgumentException($"the product is {Shape.Of(expected)}, '{what}' is {Shape.Of(actual)}", what);
    }

    private static void RequireMatrix(ReadOnlySpan<nint> lengths, string what)
    {
        if (lengths.Length != 2) throw new ArgumentException($"'{what}' is {Shape.Of(lengths)}; a matrix (rows x columns) is needed", what);
    }

    private static void RequireNoBeta(string operation, MatrixProductOptions options)
    {
        if (options.Beta != 0)
        {
            throw new ArgumentException($"{operation}: beta is {options.Beta}, but there is no destination to scale; pass a destination, or leave beta at 0", nameof(options));
        }
    }
}
