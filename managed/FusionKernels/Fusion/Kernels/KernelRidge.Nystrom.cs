using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <content>Regression on a Gram matrix by its landmarks.</content>
public sealed partial class KernelRidge
{
    /// <summary>Fits a regression to an approximated Gram matrix; <see cref="Predict"/> then takes the kernels against its landmarks.</summary>
    /// <remarks>With K = F Fᵀ of rank r: (Fᵀ F + ridge I) w = Fᵀ Y. Cost: rows r^2 operations.</remarks>
    /// <param name="factor">The matrix.</param>
    /// <param name="targets">rows x outputs, or as many values of one output.</param>
    /// <param name="ridge">Added to the diagonal of K; 0 or more.</param>
    /// <param name="options">Threads, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or a target is not finite; its place is named.</exception>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{double}, double, ExecutionOptions?)"/>
    public static KernelRidge Fit(NystromFactor factor, Tensor<double> targets, double ridge = 1e-3, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(factor);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Rank is not (1 or 2)) throw new ArgumentException($"'{nameof(targets)}' is {Shape.Of(targets.Lengths)}; rows x outputs is needed", nameof(targets));
        double[] values = new double[targets.FlattenedLength];
        targets.FlattenTo(values);
        return Fit(factor, values, (int)targets.Lengths[0], targets.Rank == 2 ? (int)targets.Lengths[1] : 1, ridge, options, "KernelRidge.Fit");
    }

    /// <summary>Fits to targets that lie row by row.</summary>
    internal static KernelRidge Fit(NystromFactor factor, double[] targets, int rows, int outputs, double ridge, ExecutionOptions? options, string operation)
    {
        if (!(ridge >= 0 && double.IsFinite(ridge))) throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "the ridge must be a finite number, 0 or more");
        if (factor.Rows != rows) throw new ArgumentException($"the factor is of {factor.Rows} rows, there are targets of {rows}", nameof(targets));
        RequireFinite(targets, outputs);
        using Execution execution = HostExecution.Begin<double>(options, operation);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        DenseMatrix right = algebra.TransposedMultiply(factor.Matrix, new(rows, outputs, targets)), normal = algebra.MultiplySelf(factor.Matrix);
        for (int k = 0; k < factor.Rank; k++) normal[k, k] += ridge;
        DenseMatrix lower = algebra.Cholesky(normal), weights = algebra.SolveLowerTransposed(lower, algebra.SolveLower(lower, right));
        double[] residual = [.. right.Elements.Zip(algebra.Multiply(normal, weights).Elements, (wanted, found) => wanted - found)];
        double size = TensorPrimitives.Norm<double>(right.Elements);
        DenseMatrix coefficients = algebra.Multiply(factor.Projection, weights);
        execution.CompleteWhole<double>(
            $"normal equations of {rows} rows x {factor.Rank} features, and their Cholesky factor",
            ((double)rows * factor.Rank * (factor.Rank + (2.0 * outputs))) + FlopsOfCholesky(factor.Rank) + (2.0 * coefficients.Elements.Length * factor.Rank),
            8L * factor.Rank * (factor.Rank + outputs));
        return new(coefficients.Elements, factor.Landmarks.Count, outputs, ridge, size > 0 ? TensorPrimitives.Norm<double>(residual) / size : 0, 0);
    }
}
