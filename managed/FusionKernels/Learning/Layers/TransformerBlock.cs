using System.Numerics;

namespace FusionKernels;

/// <summary>A transformer block: attention, then a dense layer of four times the width with GELU, each behind a normalisation and added to what came in (pre-norm; Xiong et al. 2020).</summary>
/// <remarks>With a context it is a cross-modal block: queries of one modality look at another's keys and values, whatever its length and clock (Tsai et al. 2019).</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TransformerBlock<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MultiHeadAttention<T> _attention;
    private readonly LayerNorm<T> _before, _between;
    private readonly LayerNorm<T>? _ofContext;
    private readonly Dense<T> _wide, _narrow;
    private readonly double _dropout;

    /// <summary>Declares the block's parameters.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="features">Features; a multiple of the heads.</param>
    /// <param name="heads">Heads, 1 or more.</param>
    /// <param name="context">Features of another modality that is looked at; null for self-attention.</param>
    /// <param name="dropout">The probability with which elements are dropped in training behind attention and dense layers; 0 to below 1.</param>
    /// <exception cref="ArgumentException">The features are no multiple of the heads.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public TransformerBlock(ParameterSet<T> parameters, int features, int heads, int? context = null, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (dropout is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "a probability of 0 to below 1 is needed");
        _dropout = dropout;
        _before = new(parameters.In("norm0"), features);
        _ofContext = context is { } others ? new(parameters.In("norm_context"), others) : null;
        _attention = new(parameters.In("attention"), features, heads, context);
        _between = new(parameters.In("norm1"), features);
        _wide = new(parameters.In("dense0"), features, 4 * features, Activation.GeluTanh);
        _narrow = new(parameters.In("dense1"), 4 * features, features);
    }

    /// <summary>The block's value, where a sequence looks at itself.</summary>
    /// <param name="x">items x length x features.</param>
    /// <param name="keep">Which places are there, items x length, row-major; empty for all.</param>
    /// <param name="isCausal">Whether a place sees those up to itself alone.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or the block was made for a context.</exception>
    public Var<T> Forward(Var<T> x, ReadOnlySpan<bool> keep = default, bool isCausal = false)
    {
        if (_ofContext is not null) throw new ArgumentException("the block was made to look at a context: give it one");
        Var<T> normal = _before.Forward(x);
        return Dense(x + _attention.Forward(normal, normal, keep, isCausal).Dropout(_dropout));
    }

    /// <summary>The block's value, where a sequence looks at another.</summary>
    /// <param name="x">items x length x features.</param>
    /// <param name="context">items x another length x context features.</param>
    /// <param name="keep">Which places of the context are there, items x its length, row-major; empty for all.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or the block was made for self-attention.</exception>
    public Var<T> Forward(Var<T> x, Var<T> context, ReadOnlySpan<bool> keep = default)
    {
        if (_ofContext is null) throw new ArgumentException("the block was made for self-attention: make it with the context's features");
        return Dense(x + _attention.Forward(_before.Forward(x), _ofContext.Forward(context), keep).Dropout(_dropout));
    }

    /// <summary>How places look at each other, or, of a block that was made for one, at a context: the mean over heads.</summary>
    /// <param name="x">items x length x features.</param>
    /// <param name="context">items x another length x context features; null for self-attention.</param>
    /// <param name="keep">Which places that are looked at are there, row-major; empty for all.</param>
    /// <returns>items x length x places: of sum 1 over those that are there, 0 elsewhere.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or a context is there where it must not be, or is not where it must.</exception>
    public Var<T> Weights(Var<T> x, Var<T>? context, ReadOnlySpan<bool> keep = default)
    {
        if (context is null != _ofContext is null) throw new ArgumentException(context is null ? "the block was made to look at a context: give it one" : "the block was made for self-attention: it takes no context");
        Var<T> normal = _before.Forward(x);
        return _attention.Weights(normal, context is { } others ? _ofContext!.Forward(others) : normal, keep);
    }

    private Var<T> Dense(Var<T> x) => x + _narrow.Forward(_wide.Forward(_between.Forward(x))).Dropout(_dropout);
}
