using System.Numerics;

namespace FusionKernels;

/// <summary>code = sum over views of z(m) h(m), with z the softmax over the present views of W [h(1) .. h(M)] for each feature: of two views, the gated unit of Arevalo et al. 2017.</summary>
internal sealed class GatedRule<T>(ParameterSet<T> parameters, int views, int width) : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dense<T> _gates = new(parameters.In("gates"), checked(views * width), checked(width * views));

    /// <inheritdoc/>
    public override int Outputs => width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        Var<T>[] codes = batch.Codes();
        Var<T> gates = (_gates.Forward(Var<T>.Concat(codes)).Reshape(batch.Rows * width, views) + batch.Penalty(width)).Softmax();
        Var<T> code = gates.Columns(0, 1).Reshape(batch.Rows, width) * codes[0];
        for (int m = 1; m < views; m++) code += gates.Columns(m, 1).Reshape(batch.Rows, width) * codes[m];
        Var<T> byFeature = gates.Reshape(batch.Rows, width, views);
        return batch.Explains ? new(code, byFeature.Mean(1), byFeature) : new(code);
    }
}
