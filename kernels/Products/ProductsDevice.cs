using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>Tiled products of operands that lie anywhere: uploaded and downloaded where they are in host memory.</summary>
internal static class ProductsDevice
{
    /// <summary>
    /// Computes result(i, j) = function(sum over k of term(x(i, k), y(j, k))) and returns when it stands in its place. Squared
    /// norms are computed first where the function needs them.
    /// </summary>
    /// <param name="engine">The engine; the call is on its lane.</param>
    /// <param name="x">Rows x depth.</param>
    /// <param name="y">Columns x depth; ignored for a symmetric product, where it is x.</param>
    /// <param name="result">Rows x columns.</param>
    /// <param name="isSymmetric">Whether y is x: half the tiles are computed and mirrored.</param>
    /// <param name="function">What becomes of a sum; its row and column values are squared norms or zero.</param>
    /// <param name="settings">The call's settings.</param>
    /// <exception cref="DeviceMismatchException">An operand lives on another device.</exception>
    /// <exception cref="DeviceOutOfMemoryException">An operand in host memory finds no room.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two launches; the result is then unfinished.</exception>
    public static void Run<T, TTerm, TFunction>(
        AcceleratorEngine engine,
        in Operand<T> x,
        in Operand<T> y,
        in Operand<T> result,
        bool isSymmetric,
        TFunction function,
        in RunSettings settings)
        where T : unmanaged, INumberBase<T>
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        if (result.Rows == 0 || result.Columns == 0) return;
        using DeviceMatrix<T> left = engine.Read(x, settings);
        using DeviceMatrix<T> separate = isSymmetric ? default : engine.Read(y, settings);
        using DeviceMatrix<T> output = TFunction.ReadsPrevious ? engine.Update(result, settings) : engine.Write(result, settings);
        DeviceMatrix<T> right = isSymmetric ? left : separate;
        DeviceProduct<T> product = new() { X = left, Y = right, Result = output, IsSymmetric = isSymmetric };
        if (TFunction.OfSquaredDistance) RunOfDistances<T, TTerm, TFunction>(engine, product, function, settings);
        else if (result.Columns == 1 && IsMatrixVector<T, TTerm, TFunction>()) RunOfVector<T, TTerm, TFunction>(engine, product, function, settings);
        else TiledProductDevice.Run<T, TTerm, TFunction>(engine, product, function, settings);
        output.Commit();
    }

    private static void RunOfDistances<T, TTerm, TFunction>(
        AcceleratorEngine engine, DeviceProduct<T> product, TFunction function, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        using DeviceMatrix<T> rowNorms = engine.Temporary<T>(product.X.Rows, 1, settings);
        using DeviceMatrix<T> separate = product.IsSymmetric ? default : engine.Temporary<T>(product.Y.Rows, 1, settings);
        DeviceMatrix<T> columnNorms = product.IsSymmetric ? rowNorms : separate;
        RowProductDevice.SquaredNorms(engine, product.X, 1, 0, product.Centre, product.Scale, rowNorms.View, settings);
        if (!product.IsSymmetric)
        {
            RowProductDevice.SquaredNorms(engine, product.Y, 1, 0, product.Centre, product.Scale, columnNorms.View, settings);
        }

        product = product with { RowValues = rowNorms.View, ColumnValues = columnNorms.View };
        TiledProductDevice.Run<T, TTerm, TFunction>(engine, product, function, settings);
    }

    /// <summary>A single column of a plain product, which the kernel row by row does with all threads at work.</summary>
    private static bool IsMatrixVector<T, TTerm, TFunction>()
        where T : unmanaged =>
        typeof(TTerm) == typeof(DotTerm<T>) && (typeof(TFunction) == typeof(Scaled<T>) || typeof(TFunction) == typeof(ScaledSum<T>));

    private static void RunOfVector<T, TTerm, TFunction>(
        AcceleratorEngine engine, in DeviceProduct<T> product, TFunction function, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T> => RowProductDevice.Run<T, TTerm, TFunction>(
            engine,
            new()
            {
                X = product.X,
                Y = product.Y.View,
                YLayout = DeviceLayout.Of(product.Y.Offset, 0, product.Y.ColumnStride),
                Result = product.Result.View,
                ResultLayout = DeviceLayout.Of(product.Result.Offset, product.Result.RowStride, 0),
            },
            function,
            settings);
}
