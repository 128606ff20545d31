using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>Matrix products on any engine. Transposes are strides; a result must not overlap an operand.</summary>
/// <remarks>
/// As in BLAS, operands are not read when alpha is 0, and what stands in the result is not read when beta is 0. Every sum has
/// one order that depends on the shape alone, so the bits do not depend on threads.
/// </remarks>
internal static unsafe class Products
{
    /// <summary>result = alpha a b + beta result.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or neither rows nor columns of the result are consecutive.</exception>
    public static void Multiply<T>(
        Engine engine, MatrixRef<T> a, MatrixRef<T> b, MatrixRef<T> result, T alpha, T beta, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        ProductPlan plan = ProductPlan.Multiply(a, b, result, settings.Operation);
        Run(engine, plan, a, b, result, default, alpha, beta, settings);
    }

    /// <summary>result = alpha a aᵀ + beta result, bit-for-bit symmetric: the upper half of result is read and computed, the lower one mirrored.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or neither rows nor columns of the result are consecutive.</exception>
    public static void MultiplySelf<T>(Engine engine, MatrixRef<T> a, MatrixRef<T> result, T alpha, T beta, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        ProductPlan plan = ProductPlan.MultiplySelf(a, result, settings.Operation);
        fixed (T* pa = a, pResult = result)
        {
            Operand<T> x = a.At(pa);
            Execute(engine, plan, x, x, result.At(pResult), default, alpha, beta, settings);
        }
    }

    /// <summary>result[n] = alpha a[n] b[n] + beta result[n] for every item n of a batch.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="a">The first item's left operand.</param>
    /// <param name="b">The first item's right operand.</param>
    /// <param name="result">The first item's result.</param>
    /// <param name="count">Items.</param>
    /// <param name="strides">Elements from item to item.</param>
    /// <param name="alpha">Factor of the products.</param>
    /// <param name="beta">Factor of what stands in the results.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or results would overlap.</exception>
    public static void MultiplyBatched<T>(
        Engine engine, MatrixRef<T> a, MatrixRef<T> b, MatrixRef<T> result, int count, BatchStrides strides, T alpha, T beta, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        ProductPlan plan = ProductPlan.Multiply(a, b, result, settings.Operation).Batched(count, strides.Result, settings.Operation);
        if (count > 1 && strides.FoldIntoRows(a, result) && (long)count * a.Rows <= int.MaxValue)
        {
            Multiply(engine, Folded(a, count), b, Folded(result, count), alpha, beta, settings);
            return;
        }

        Run(engine, plan, a, b, result, strides, alpha, beta, settings);
    }

    /// <summary>result = alpha a vector + beta result, with vector columns x 1 and result rows x 1.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyVector<T>(
        Engine engine, MatrixRef<T> a, MatrixRef<T> vector, MatrixRef<T> result, T alpha, T beta, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        if (vector.Rows != a.Columns || vector.Columns != 1)
        {
            throw new ArgumentException(
                $"{settings.Operation}: a is {a.Rows} x {a.Columns}, the vector is {vector.Rows} x {vector.Columns}: it must be {a.Columns} x 1.");
        }

        Multiply(engine, a, vector, result, alpha, beta, settings);
    }

    private static void Run<T>(
        Engine engine, in ProductPlan plan, MatrixRef<T> a, MatrixRef<T> b, MatrixRef<T> result, BatchStrides strides, T alpha, T beta, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* pa = a, pb = b, pResult = result)
        {
            Operand<T> left = a.At(pa), right = b.At(pb).Transposed, target = result.At(pResult);
            if (plan.Transposed) Execute(engine, plan, right, left, target.Transposed, new(strides.B, strides.A, strides.Result), alpha, beta, settings);
            else Execute(engine, plan, left, right, target, strides, alpha, beta, settings);
        }
    }

    private static void Execute<T>(
        Engine engine, in ProductPlan plan, in Operand<T> x, in Operand<T> y, in Operand<T> result, BatchStrides strides, T alpha, T beta, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        ProductCall<T> call = new()
        {
            Plan = plan,
            X = x,
            Y = y,
            Result = plan.Symmetric && plan.Transposed ? result.Transposed : result,
            Strides = strides,
            Alpha = alpha,
            Beta = beta,
            Settings = settings,
        };
        engine.Execute(ref call);
    }

    private static MatrixRef<T> Folded<T>(MatrixRef<T> matrix, int count)
        where T : unmanaged, INumberBase<T> => matrix.WithRows(matrix.Rows * count);
}
