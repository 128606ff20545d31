using System.Numerics;

namespace FusionKernels;

/// <content>Products of tensors that live on a device; results stay there.</content>
public static partial class MatrixProduct
{
    /// <summary>Multiplies two matrices, batches or vectors on the device that holds them.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">Left operand: rows x depth (depth x rows when transposed), a batch of such, or a vector of depth elements.</param>
    /// <param name="b">Right operand: depth x columns (columns x depth when transposed), a batch of such, or a vector of depth elements.</param>
    /// <param name="options">How to multiply; null for the plain product. Beta must be 0.</param>
    /// <returns>The product, on the same device; dispose it to give its memory back.</returns>
    /// <exception cref="ArgumentNullException">An operand is null.</exception>
    /// <exception cref="ArgumentException">The shapes do not fit, both operands are vectors, or beta is not 0.</exception>
    /// <exception cref="DeviceMismatchException">The operands, or the device of the options, are not on one device.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for the result.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">An operand or the device was disposed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static DeviceTensor<T> Multiply<T>(DeviceTensor<T> a, DeviceTensor<T> b, MatrixProductOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Default;
        RequireNoBeta(MultiplyName, options);
        ProductOperand<T> x = ProductOperand<T>.Of(a, isRow: true, options.TransposeA, nameof(a));
        ProductOperand<T> y = ProductOperand<T>.Of(b, isRow: false, options.TransposeB, nameof(b));
        DeviceTensor<T> result = (options.Device ?? a.Device).Allocate<T>(ShapeOfProduct(x, y, stackalloc nint[3]));
        return Into(result, () => Multiply(a, b, result, options));
    }

    /// <summary>Multiplies two matrices, batches or vectors into a destination on the same device, adding to beta times what stands there.</summary>
    /// <inheritdoc cref="Multiply{T}(DeviceTensor{T}, DeviceTensor{T}, MatrixProductOptions)"/>
    /// <param name="a">Left operand: rows x depth (depth x rows when transposed), a batch of such, or a vector of depth elements.</param>
    /// <param name="b">Right operand: depth x columns (columns x depth when transposed), a batch of such, or a vector of depth elements.</param>
    /// <param name="destination">Of the product's shape; neither operand.</param>
    /// <param name="options">How to multiply; null for the plain product.</param>
    public static void Multiply<T>(DeviceTensor<T> a, DeviceTensor<T> b, DeviceTensor<T> destination, MatrixProductOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Default;
        ProductOperand<T> x = ProductOperand<T>.Of(a, isRow: true, options.TransposeA, nameof(a));
        ProductOperand<T> y = ProductOperand<T>.Of(b, isRow: false, options.TransposeB, nameof(b));
        ProductOperand<T> result = ProductOperand<T>.Of(destination, isRow: x.Rank == 1, transpose: false, nameof(destination));
        RequireShape(ShapeOfProduct(x, y, stackalloc nint[3]), destination.Lengths, nameof(destination));
        RequireDistinct(destination, a, b);
        Run(options.Device ?? destination.Device, x, y, result, options);
    }

    /// <summary>Multiplies a matrix with its own transpose on the device that holds it: alpha a aᵀ, or alpha aᵀ a when transposed; symmetric to the last bit.</summary>
    /// <inheritdoc cref="Multiply{T}(DeviceTensor{T}, DeviceTensor{T}, MatrixProductOptions)"/>
    /// <param name="a">Rows x depth (depth x rows when transposed).</param>
    /// <param name="options">How to multiply; null for the plain product. Beta must be 0.</param>
    public static DeviceTensor<T> MultiplySelf<T>(DeviceTensor<T> a, MatrixProductOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        options ??= Default;
        RequireNoBeta(MultiplySelfName, options);
        RequireMatrix(a.Lengths, nameof(a));
        nint rows = a.Lengths[options.TransposeA ? 1 : 0];
        DeviceTensor<T> result = (options.Device ?? a.Device).Allocate<T>(rows, rows);
        return Into(result, () => MultiplySelf(a, result, options));
    }

    /// <summary>Multiplies a matrix with its own transpose into a destination on the same device. With beta, the upper half of the destination is read and stands for both.</summary>
    /// <inheritdoc cref="MultiplySelf{T}(DeviceTensor{T}, MatrixProductOptions)"/>
    /// <param name="a">Rows x depth (depth x rows when transposed).</param>
    /// <param name="destination">Rows x rows; not the operand.</param>
    /// <param name="options">How to multiply; null for the plain product.</param>
    public static void MultiplySelf<T>(DeviceTensor<T> a, DeviceTensor<T> destination, MatrixProductOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Default;
        ProductOperand<T> x = ProductOperand<T>.Of(a, isRow: false, options.TransposeA, nameof(a));
        ProductOperand<T> result = ProductOperand<T>.Of(destination, isRow: false, transpose: false, nameof(destination));
        RequireMatrix(a.Lengths, nameof(a));
        RequireMatrix(destination.Lengths, nameof(destination));
        RequireDistinct(destination, a, a);
        RunSelf(options.Device ?? destination.Device, x, result, options);
    }

    private static DeviceTensor<T> Into<T>(DeviceTensor<T> result, Action compute)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            compute();
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static void RequireDistinct<T>(DeviceTensor<T> destination, DeviceTensor<T> a, DeviceTensor<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (ReferenceEquals(destination, a) || ReferenceEquals(destination, b))
        {
            throw new ArgumentException("the destination is an operand too; the product needs memory of its own", nameof(destination));
        }
    }
}
