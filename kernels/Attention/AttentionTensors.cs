namespace FusionKernels.Kernels.Attention;

/// <summary>The tensors of one call before they are pinned; see <see cref="AttentionOperands{T}"/>.</summary>
/// <typeparam name="T">The element.</typeparam>
internal ref struct AttentionTensors<T>
    where T : unmanaged
{
    /// <summary>Queries.</summary>
    public StridedRef<T> Query;

    /// <summary>Keys.</summary>
    public StridedRef<T> Key;

    /// <summary>Values.</summary>
    public StridedRef<T> Value;

    /// <summary>The bias, or nothing.</summary>
    public StridedRef<T> Bias;

    /// <summary>The keep mask, or nothing.</summary>
    public StridedRef<bool> Mask;

    /// <summary>The output.</summary>
    public StridedRef<T> Output;

    /// <summary>Log-sum-exps.</summary>
    public StridedRef<T> LogSumExp;

    /// <summary>Weights.</summary>
    public StridedRef<T> Weights;

    /// <summary>The gradient with respect to the output.</summary>
    public StridedRef<T> OutputGradient;

    /// <summary>The gradient with respect to the queries.</summary>
    public StridedRef<T> QueryGradient;

    /// <summary>The gradient with respect to the keys.</summary>
    public StridedRef<T> KeyGradient;

    /// <summary>The gradient with respect to the values.</summary>
    public StridedRef<T> ValueGradient;

    /// <summary>The gradient with respect to the bias.</summary>
    public StridedRef<T> BiasGradient;
}
