using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Columns of rows that live on an accelerator.</summary>
internal static class ResidentColumns
{
    /// <summary>The sum of every column, as a product with ones.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="rows">count x features, dense.</param>
    /// <param name="count">Rows.</param>
    /// <param name="features">Columns.</param>
    /// <param name="settings">How to run.</param>
    public static unsafe T[] Sums<T>(AcceleratorEngine engine, AcceleratorBuffer<T> rows, int count, int features, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        using AcceleratorBuffer<T> work = engine.Rent<T>(count + (long)features, settings.Operation);
        T[] ones = new T[count], sums = new T[features];
        Array.Fill(ones, T.One);
        engine.Upload<T>(ones, work, 0);
        Operand<T> byColumn = new(null, rows, 0, features, count, 1, features), one = new(null, work, 0, 1, count, count, 1), sum = new(null, work, count, features, 1, 1, 1);
        ProductsDevice.Run<T, DotTerm<T>, Scaled<T>>(engine, byColumn, one, sum, isSymmetric: false, new(T.One), settings);
        engine.Download<T>(work, count, sums);
        return sums;
    }
}
