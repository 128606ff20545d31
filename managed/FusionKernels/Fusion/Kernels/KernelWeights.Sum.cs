using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>What weights are for.</content>
public static partial class KernelWeights
{
    /// <summary>The sum of weight times matrix, in float64 and one pass; matrices of weight 0 are not read.</summary>
    /// <remarks>Where the kernels are of features, one composed <see cref="Kernel"/> gives the same without storing its parts.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="grams">Gram matrices of the same rows: n x n each.</param>
    /// <param name="weights">By matrix: a finite number.</param>
    /// <param name="options">Threads; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>n x n.</returns>
    /// <exception cref="ArgumentException">There is no matrix, shapes do not fit, there are not as many weights, or one is not finite.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Sum<T>(IReadOnlyList<Tensor<T>> grams, IReadOnlyList<double> weights, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "KernelWeights.Sum";
        ArgumentNullException.ThrowIfNull(grams);
        ArgumentNullException.ThrowIfNull(weights);
        int rows = grams.Count == 0 ? 0 : (int)grams[0].Lengths[0];
        if (weights.Count != grams.Count) throw new ArgumentException($"there are {grams.Count} matrices and {weights.Count} weights", nameof(weights));
        for (int m = 0; m < weights.Count; m++)
        {
            if (!double.IsFinite(weights[m])) throw new ArgumentException($"the weight of matrix {m} is not a finite number", nameof(weights));
        }

        using PinnedGrams<T> pinned = new(grams, rows, Name, requireFinite: false);
        T[] result = GC.AllocateUninitializedArray<T>(checked(rows * rows));
        using Execution execution = HostExecution.Begin<T>(options, Name);
        WeightedSum.Compute((HostEngine)execution.Engine, pinned.Operands, [.. weights], result.AsSpan(), execution.Parts);
        execution.CompleteWhole<T>($"{grams.Count} matrices, element by element", 2.0 * grams.Count * result.Length, (long)result.Length * Element.SizeOf<T>());
        return Tensor.Create(result, [rows, rows]);
    }
}
