using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;

namespace FusionKernels.Tests.Attentions;

/// <summary>One attention problem with random elements, and what the reference says of it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class AttentionCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Draws the elements.</summary>
    /// <param name="batch">Items.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="keyHeads">Key heads.</param>
    /// <param name="queries">Queries.</param>
    /// <param name="keys">Keys.</param>
    /// <param name="width">Width of queries.</param>
    /// <param name="valueWidth">Width of values.</param>
    /// <param name="options">Masks and scale.</param>
    /// <param name="biasShape">Shape of a bias; null for none.</param>
    public AttentionCase(int batch, int heads, int keyHeads, int queries, int keys, int width, int valueWidth, AttentionOptions options, nint[]? biasShape = null)
    {
        Query = Random(1, batch, heads, queries, width);
        Key = Random(2, batch, keyHeads, keys, width);
        Value = Random(3, batch, keyHeads, keys, valueWidth);
        OutputGradient = Random(4, batch, heads, queries, valueWidth);
        Bias = biasShape is null ? null : Random(5, biasShape);
        Options = options;
        HeadsRef<T> q = HeadsRef<T>.Of(Query.AsReadOnlyTensorSpan(), AttentionLayout.BatchHeadsLengthWidth, "q");
        HeadsRef<T> k = HeadsRef<T>.Of(Key.AsReadOnlyTensorSpan(), AttentionLayout.BatchHeadsLengthWidth, "k");
        Problem = AttentionProblems.Of(q, k, valueWidth, options, "test");
    }

    public Tensor<T> Query { get; }

    public Tensor<T> Key { get; }

    public Tensor<T> Value { get; }

    public Tensor<T> OutputGradient { get; }

    public Tensor<T>? Bias { get; }

    public AttentionOptions Options { get; }

    public AttentionProblem Problem { get; }

    public ReferenceInputs Inputs => new(Doubles(Query), Doubles(Key), Doubles(Value), Bias is null ? null : Dense(Bias, double.CreateChecked), Options.Mask is null ? null : Dense(Options.Mask, keep => keep));

    /// <summary>A tensor of numbers from -1 to 1, whose seed is its first argument.</summary>
    public static Tensor<T> Random(int seed, params nint[] lengths)
    {
        Random random = new(seed);
        T[] elements = new T[lengths.Aggregate((nint)1, (product, length) => product * length)];
        for (int i = 0; i < elements.Length; i++) elements[i] = T.CreateChecked((random.NextDouble() * 2) - 1);
        return Tensor.Create(elements, lengths);
    }

    /// <summary>The elements in order, in float64.</summary>
    public static double[] Doubles(Tensor<T> tensor) => [.. tensor.Select(double.CreateChecked)];

    /// <summary>The element of the bias that a pair reads.</summary>
    public int BiasIndex(int pair) => IndexOf(Bias!.Lengths, pair);

    /// <summary>A mask or bias over every pair.</summary>
    private TOut[] Dense<TIn, TOut>(Tensor<TIn> tensor, Func<TIn, TOut> convert)
    {
        TIn[] elements = [.. tensor];
        TOut[] dense = new TOut[(long)Problem.Batch * Problem.QueryHeads * Problem.Queries * Problem.Keys];
        for (int pair = 0; pair < dense.Length; pair++) dense[pair] = convert(elements[IndexOf(tensor.Lengths, pair)]);
        return dense;
    }

    private int IndexOf(ReadOnlySpan<nint> lengths, int pair)
    {
        ReadOnlySpan<int> full = [Problem.Batch, Problem.QueryHeads, Problem.Queries, Problem.Keys];
        nint rest = pair, at = 0, stride = 1;
        for (int d = 1; d <= lengths.Length; d++)
        {
            if (lengths[^d] != 1) at += rest % full[^d] * stride;
            stride *= lengths[^d];
            rest /= full[^d];
        }

        return (int)at;
    }
}
