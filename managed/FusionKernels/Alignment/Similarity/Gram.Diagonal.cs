using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <content>The diagonal alone.</content>
public static partial class Gram
{
    private const string DiagonalName = "Gram.Diagonal";

    /// <summary>k(x, x) of every row, without the matrix: rows x features operations instead of rows squared, but for a centred kernel, whose means need every pair.</summary>
    /// <returns>One value per row.</returns>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)"/>
    public static Tensor<T> Diagonal<T>(Tensor<T> x, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        using Execution execution = Execution.Begin<T>(options, DiagonalName);
        return Diagonal(execution, x.AsReadOnlyTensorSpan().AsMatrix(nameof(x)), kernel, options);
    }

    /// <summary>k(x, x) of every row, without the matrix, of rows that live on a device.</summary>
    /// <returns>One value per row, in host memory.</returns>
    /// <inheritdoc cref="Diagonal{T}(Tensor{T}, Kernel, GramOptions?)"/>
    public static Tensor<T> Diagonal<T>(DeviceTensor<T> x, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        using Execution execution = Execution.Begin<T>(options, x.Device, DiagonalName);
        return Diagonal(execution, x.AsMatrix(nameof(x)), kernel, options);
    }

    private static Tensor<T> Diagonal<T>(in Execution execution, MatrixRef<T> x, Kernel kernel, GramOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        GramPlan plan = PlanOf(x, x, symmetric: true, kernel, out Kernel.Compiled compiled);
        using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
        double[] values = GramDiagonals.Compute(
            execution.Engine, plan, x, given.Operands, options?.NonFinite ?? NonFiniteInput.Reject, execution.Settings);
        execution.Complete<T>($"diagonal of {kernel}", plan.Rows * plan.Program.Statistics.Sum(s => 2.0 * s.Features), plan.InputBytes);
        return Tensor.Create(Array.ConvertAll(values, T.CreateSaturating), [plan.Rows]);
    }
}
