using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace FusionKernels;

/// <summary>The Gram matrix of each view among the training rows. Weights and sets of present views come and go; where all matrices are small, these stay. Thread-safe.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="views">Views.</param>
/// <param name="rows">Training rows.</param>
internal sealed class ViewGrams<T>(int views, int rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What all of them may take: six views of 3300 rows in float32.</summary>
    private const long MostBytes = 256L << 20;

    private readonly Tensor<T>?[] _grams = new Tensor<T>?[views];
    private readonly Lock _one = new();

    /// <summary>Whether they stay.</summary>
    public bool AreKept => (long)views * rows * rows * Unsafe.SizeOf<T>() <= MostBytes;

    /// <summary>The matrix of one view; nobody may write to it.</summary>
    public Tensor<T> Of(int view, Func<Tensor<T>> compute)
    {
        if (!AreKept) return compute();
        lock (_one) return _grams[view] ??= compute();
    }
}
