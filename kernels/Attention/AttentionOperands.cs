namespace FusionKernels.Kernels.Attention;

/// <summary>The elements of one call: what is read, and where results go.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct AttentionOperands<T>
    where T : unmanaged
{
    /// <summary>Queries: batch, query heads, queries, width.</summary>
    public Strided<T> Query;

    /// <summary>Keys: batch, key heads, keys, width.</summary>
    public Strided<T> Key;

    /// <summary>Values: batch, key heads, keys, value width.</summary>
    public Strided<T> Value;

    /// <summary>What is added to the scores: batch, query heads, queries, keys; absent for nothing.</summary>
    public Strided<T> Bias;

    /// <summary>Which pairs are kept: batch, query heads, queries, keys; absent for all.</summary>
    public Strided<bool> Mask;

    /// <summary>The output: batch, query heads, queries, value width. Written by the forward, read by the backward pass.</summary>
    public Strided<T> Output;

    /// <summary>Natural logarithms of the sums of exponentials: batch, query heads, queries. Written where not absent by the forward, read by the others.</summary>
    public Strided<T> LogSumExp;

    /// <summary>Weights to be written: batch, query heads, queries, keys.</summary>
    public Strided<T> Weights;

    /// <summary>The gradient with respect to the output.</summary>
    public Strided<T> OutputGradient;

    /// <summary>What the gradients of each query's weights average to: batch, query heads, queries. Working memory of a backward pass in two; absent in one.</summary>
    public Strided<T> WeightGradientMeans;

    /// <summary>What the reference of each query's scores leaves off, so that its weights add up to 1: batch, query heads, queries, in base 2. Working memory likewise.</summary>
    public Strided<T> ReferenceRests;

    /// <summary>Where the gradient with respect to the queries goes.</summary>
    public Strided<T> QueryGradient;

    /// <summary>Where the gradient with respect to the keys goes.</summary>
    public Strided<T> KeyGradient;

    /// <summary>Where the gradient with respect to the values goes.</summary>
    public Strided<T> ValueGradient;

    /// <summary>Where the gradient with respect to the bias goes, with the strides of the bias; absent for nowhere.</summary>
    public Strided<T> BiasGradient;

    /// <summary>Counts the blocks of pairs that are computed; null where nobody asks.</summary>
    public long* Blocks;

    /// <summary>Where each item's queries begin, where they are packed; null elsewhere.</summary>
    public int* QueryStarts;

    /// <summary>Where each item's keys begin, likewise.</summary>
    public int* KeyStarts;
}
