using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>What a launch of a product row by row hands to its kernel, but for the function.</summary>
internal struct RowArguments<T>
    where T : unmanaged
{
    /// <summary>Memory of the left operand.</summary>
    public ArrayView<T> X;

    /// <summary>Memory of the right operand.</summary>
    public ArrayView<T> Y;

    /// <summary>Memory of the result.</summary>
    public ArrayView<T> Result;

    /// <summary>What is subtracted from each feature; any valid view when nothing is.</summary>
    public ArrayView<T> Centre;

    /// <summary>Sizes and layouts.</summary>
    public RowProductShape Shape;

    /// <summary>Factor of the centred operands.</summary>
    public T Scale;
}
