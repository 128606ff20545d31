namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The operands of one call that live on a device; see <see cref="AttentionOperands{T}"/>. The mask is the host's.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class AttentionResidents<T>
    where T : unmanaged
{
    /// <summary>Queries.</summary>
    public ResidentTensor<T> Query { get; init; }

    /// <summary>Keys.</summary>
    public ResidentTensor<T> Key { get; init; }

    /// <summary>Values.</summary>
    public ResidentTensor<T> Value { get; init; }

    /// <summary>The bias, or nothing.</summary>
    public ResidentTensor<T> Bias { get; init; }

    /// <summary>The output.</summary>
    public ResidentTensor<T> Output { get; init; }

    /// <summary>Log-sum-exps, or nothing.</summary>
    public ResidentTensor<T> LogSumExp { get; init; }

    /// <summary>The gradient with respect to the output.</summary>
    public ResidentTensor<T> OutputGradient { get; init; }

    /// <summary>The gradient with respect to the queries.</summary>
    public ResidentTensor<T> QueryGradient { get; init; }

    /// <summary>The gradient with respect to the keys.</summary>
    public ResidentTensor<T> KeyGradient { get; init; }

    /// <summary>The gradient with respect to the values.</summary>
    public ResidentTensor<T> ValueGradient { get; init; }

    /// <summary>The gradient with respect to the bias, or nothing.</summary>
    public ResidentTensor<T> BiasGradient { get; init; }

    /// <summary>The operands in a host's memory.</summary>
    /// <param name="operands">The mask, and where packed items begin.</param>
    public unsafe AttentionOperands<T> OnHost(in AttentionOperands<T> operands) => new()
    {
        Query = Query.OnHost(operands.QueryStarts),
        Key = Key.OnHost(operands.KeyStarts),
        Value = Value.OnHost(operands.KeyStarts),
        Bias = Bias.OnHost(),
        Mask = operands.Mask,
        Output = Output.OnHost(operands.QueryStarts),
        LogSumExp = LogSumExp.OnHost(operands.QueryStarts),
        OutputGradient = OutputGradient.OnHost(operands.QueryStarts),
        QueryGradient = QueryGradient.OnHost(operands.QueryStarts),
        KeyGradient = KeyGradient.OnHost(operands.KeyStarts),
        ValueGradient = ValueGradient.OnHost(operands.KeyStarts),
        BiasGradient = BiasGradient.OnHost(),
        QueryStarts = operands.QueryStarts,
        KeyStarts = operands.KeyStarts,
    };
}
