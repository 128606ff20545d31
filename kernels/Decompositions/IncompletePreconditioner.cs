using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>(L Lᵀ + shift I)⁻¹ by Woodbury's formula: (v - L (shift I + LᵀL)⁻¹ Lᵀ v) / shift. 4 size rank operations a vector.</summary>
internal sealed class IncompletePreconditioner : ILinearOperator
{
    private readonly HostEngine _engine;
    private readonly DenseAlgebra _algebra;
    private readonly RunSettings _settings;
    private readonly DenseMatrix _lower;
    private readonly DenseMatrix _inner;
    private readonly double _shift;

    /// <summary>Factors the inner matrix.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="lower">L: size x rank.</param>
    /// <param name="shift">Above 0.</param>
    /// <param name="settings">How to run.</param>
    public IncompletePreconditioner(HostEngine engine, DenseMatrix lower, double shift, in RunSettings settings)
    {
        _settings = settings with { Progress = null, Trace = null };
        (_engine, _algebra, _lower, _shift) = (engine, new(engine, settings), lower, shift);
        DenseMatrix overlaps = _algebra.MultiplySelf(lower);
        for (int i = 0; i < overlaps.Rows; i++) overlaps[i, i] += shift;
        _inner = _algebra.Cholesky(overlaps);
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> vectors, int width, Span<double> product)
    {
        DenseMatrix given = new(_lower.Rows, width, vectors.ToArray());
        DenseMatrix inner = _algebra.SolveLowerTransposed(_inner, _algebra.SolveLower(_inner, _algebra.TransposedMultiply(_lower, given)));
        given.Elements.CopyTo(product);
        if (_lower.Columns > 0) Products.Products.Multiply(_engine, _lower.Ref, inner.Ref, MatrixRef<double>.Of(product, _lower.Rows, width), -1, 1, _settings);
        foreach (ref double value in product) value /= _shift;
    }
}
