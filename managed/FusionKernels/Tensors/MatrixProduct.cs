using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels;

/// <summary>Matrix products of tensors in host memory: alpha a b + beta c, with either operand transposed, batched, or a vector.</summary>
/// <remarks>
/// <para>Shapes: a matrix is rows x columns, a batch items x rows x columns, a vector stands for one row on the left and for one
/// column on the right, and its dimension is missing in the result. Where one operand is a batch and the other a single matrix
/// (or a batch of one), the single one takes part in every item. Operands may have any strides; a destination needs consecutive
/// rows or consecutive columns and must not overlap an operand, which is an <see cref="ArgumentException"/>.</para>
/// <para>Numbers: float32 and float64, computed as they come; NaN and infinities stay in the rows and columns in which they
/// stand. On one device the same bits come out for any number of threads and from run to run. Error of an element: at most
/// depth + 3 units in the last place of the same product of magnitudes. Cost: 2 rows columns depth operations, half of that for a
/// matrix with itself; working memory on the host: up to 64 MiB per thread, nothing allocated in steady state but the result.</para>
/// <para>Thread-safe.</para>
/// </remarks>
public static partial class MatrixProduct
{
    private const string MultiplyName = "MatrixProduct.Multiply";
    private const string MultiplySelfName = "MatrixProduct.MultiplySelf";

    /// <summary>Multiplies two matrices, batches or vectors.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">Left operand: rows x depth (depth x rows when transposed), a batch of such, or a vector of depth elements.</param>
    /// <param name="b">Right operand: depth x columns (columns x depth when transposed), a batch of such, or a vector of depth elements.</param>
    /// <param name="options">How to multiply; null for the plain product on the default device. Beta must be 0.</param>
    /// <returns>The product: rows x columns, with a leading dimension for a batch and without that of a vector.</returns>
    /// <exception cref="ArgumentNullException">An operand is null.</exception>
    /// <exception cref="ArgumentException">The shapes do not fit, both operands are vectors, or beta is not 0.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room even for the smallest tile.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static Tensor<T> Multiply<T>(Tensor<T> a, Tensor<T> b, MatrixProductOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        options ??= Default;
        RequireNoBeta(MultiplyName, options);
        ReadOnlyTensorSpan<T> left = a.AsReadOnlyTensorSpan(), right = b.AsReadOnlyTensorSpan();
        ProductOperand<T> x = ProductOperand<T>.Of(left, isRow: true, options.TransposeA, nameof(a));
        ProductOperand<T> y = ProductOperand<T>.Of(right, isRow: false, options.TransposeB, nameof(b));
        Tensor<T> result = ResultTensor.Create<T>(MultiplyName, ShapeOfProduct(x, y, stackalloc nint[3]));
        Multiply(left, right, result.AsTensorSpan(), options);
        return result;
    }

    /// <summary>Multiplies two matrices, batches or vectors into a destination, adding to beta times what stands there.</summary>
    /// <inheritdoc cref="Multiply{T}(Tensor{T}, Tensor{T}, MatrixProductOptions)"/>
    /// <param name="a">Left operand: rows x depth (depth x rows when transposed), a batch of such, or a vector of depth elements.</param>
    /// <param name="b">Right operand: depth x columns (columns x depth when transposed), a batch of such, or a vector of depth elements.</param>
    /// <param name="destination">Of the product's shape; rows or columns consecutive; in memory of its own.</param>
    /// <param name="options">How to multiply; null for the plain product on the default device.</param>
    public static void Multiply<T>(
        ReadOnlyTensorSpan<T> a, ReadOnlyTensorSpan<T> b, TensorSpan<T> destination, MatrixProductOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Default;
        ProductOperand<T> x = ProductOperand<T>.Of(a, isRow: true, options.TransposeA, nameof(a));
        ProductOperand<T> y = ProductOperand<T>.Of(b, isRow: false, options.TransposeB, nameof(b));
        RequireShape(ShapeOfProduct(x, y, stackalloc nint[3]), destination.Lengths, nameof(destination));
        Overlap.Refuse(a, destination, nameof(a), nameof(destination));
        Overlap.Refuse(b, destination, nameof(b), nameof(destination));
        ProductOperand<T> result = ProductOperand<T>.Of(destination, isRow: x.Rank == 1, transpose: false, nameof(destination));
        Run(options.Device ?? ComputeDevice.Default, x, y, result, options);
    }

    /// <summary>Multiplies a matrix with its own transpose: alpha a aᵀ, or alpha aᵀ a when transposed; symmetric to the last bit, at half the cost.</summary>
    /// <param name="a">Rows x depth (depth x rows when transposed).</param>
    /// <param name="options">How to multiply; null for the plain product on the default device. Beta must be 0.</param>
    /// <returns>The product: rows x rows.</returns>
    /// <inheritdoc cref="Multiply{T}(Tensor{T}, Tensor{T}, MatrixProductOptions)" path="/typeparam"/>
    /// <inheritdoc cref="Multiply{T}(Tensor{T}, Tensor{T}, MatrixProductOptions)" path="/exception"/>
    public static Tensor<T> MultiplySelf<T>(Tensor<T> a, MatrixProductOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        options ??= Default;
        RequireNoBeta(MultiplySelfName, options);
        RequireMatrix(a.Lengths, nameof(a));
        nint rows = a.Lengths[options.TransposeA ? 1 : 0];
        Tensor<T> result = ResultTensor.Create<T>(MultiplySelfName, [rows, rows]);
        MultiplySelf(a.AsReadOnlyTensorSpan(), result.AsTensorSpan(), options);
        return result;
    }

    /// <summary>Multiplies a matrix with its own transpose into a destination. With beta, the upper half of the destination is read and stands for both.</summary>
    /// <inheritdoc cref="MultiplySelf{T}(Tensor{T}, MatrixProductOptions)"/>
    /// <param name="a">Rows x depth (depth x rows when transposed).</param>
    /// <param name="destination">Rows x rows; rows or columns consecutive; in memory of its own.</param>
    /// <param name="options">How to multiply; null for the plain product on the default device.</param>
    public static void MultiplySelf<T>(ReadOnlyTensorSpan<T> a, TensorSpan<T> destination, MatrixProductOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Default;
        RequireMatrix(a.Lengths, nameof(a));
        RequireMatrix(destination.Lengths, nameof(destination));
        Overlap.Refuse(a, destination, nameof(a), nameof(destination));
        ProductOperand<T> x = ProductOperand<T>.Of(a, isRow: false, options.TransposeA, nameof(a));
        ProductOperand<T> result = ProductOperand<T>.Of(destination, isRow: false, transpose: false, nameof(destination));
        RunSelf(options.Device ?? ComputeDevice.Default, x, result, options);
    }
}
