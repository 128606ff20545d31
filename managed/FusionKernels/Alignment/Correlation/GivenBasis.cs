using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>Columns of Gram matrices that the caller has: of all training rows, or of the landmarks alone.</summary>
/// <param name="trainingRows">Training rows.</param>
/// <param name="landmarks">The training rows whose columns count.</param>
internal sealed class GivenBasis<T>(int trainingRows, int[] landmarks) : KernelBasis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override int Size => landmarks.Length;

    /// <inheritdoc/>
    public override void Require(Tensor<T> input, string name)
    {
        if (input.Rank == 2 && (input.Lengths[1] == trainingRows || input.Lengths[1] == landmarks.Length)) return;
        string least = landmarks.Length == trainingRows ? "" : $", or x {landmarks.Length} for the landmarks alone";
        throw new ArgumentException($"'{name}' is {Shape.Of(input.Lengths)}; fitted to a Gram matrix of {trainingRows} rows, it must be rows x {trainingRows}{least}", name);
    }

    /// <inheritdoc/>
    public override DenseMatrix Evaluate(Tensor<T> input, int row, int rows, GramOptions options)
    {
        DenseMatrix values = new(rows, landmarks.Length);
        bool isAll = input.Lengths[1] == trainingRows;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < landmarks.Length; j++) values[i, j] = double.CreateChecked(input[row + i, isAll ? landmarks[j] : j]);
        }

        return values;
    }
}
