using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <content>The diagonal alone.</content>
public static partial class Gram
{
    /// <summary>k(x, x) of every row, without the matrix: rows x features operations instead of rows squared, but for a centred kernel, whose means need every pair.</summary>
    /// <returns>One value per row.</returns>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)"/>
    public static Tensor<T> Diagonal<T>(Tensor<T> x, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(kernel);
        MatrixRef<T> rows = x.AsReadOnlyTensorSpan().AsMatrix(nameof(x));
        using Execution execution = Execution.Begin<T>(options, "Gram.Diagonal");
        GramPlan plan = PlanOf(rows, rows, symmetric: true, kernel, out Kernel.Compiled compiled);
        using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
        double[] values = GramDiagonals.Compute(
            execution.Engine, plan, rows, given.Operands, options?.NonFinite ?? NonFiniteInput.Reject, execution.Settings);
        execution.Complete<T>($"diagonal of {kernel}", plan.Rows * plan.Program.Statistics.Sum(s => 2.0 * s.Features), plan.InputBytes);
        return Tensor.Create(Array.ConvertAll(values, T.CreateSaturating), [plan.Rows]);
    }
}
