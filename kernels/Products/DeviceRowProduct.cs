using FusionKernels.Kernels.Engines;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>A batch of result(i) = function(sum over k of term(x(i, k), y(i, k))) with its operands on an accelerator.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct DeviceRowProduct<T>
    where T : unmanaged
{
    /// <summary>The left operand: rows x depth, the first matrix of the batch.</summary>
    public required DeviceMatrix<T> X { get; init; }

    /// <summary>Memory of the right operand.</summary>
    public required ArrayView<T> Y { get; init; }

    /// <summary>Where the right operand lies; a row stride of 0 repeats one vector.</summary>
    public required DeviceLayout YLayout { get; init; }

    /// <summary>Memory of the result.</summary>
    public required ArrayView<T> Result { get; init; }

    /// <summary>Where the result lies; a column per row of x.</summary>
    public required DeviceLayout ResultLayout { get; init; }

    /// <summary>Matrices.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Elements from one x to the next.</summary>
    public long XBatchStride { get; init; }

    /// <summary>What is subtracted from each feature of x and y; invalid for nothing.</summary>
    public ArrayView<T> Centre { get; init; }

    /// <summary>What every centred feature is multiplied by; unused without a centre.</summary>
    public T Scale { get; init; }

    /// <summary>A product of single matrices.</summary>
    public DeviceRowProduct()
    {
    }
}
