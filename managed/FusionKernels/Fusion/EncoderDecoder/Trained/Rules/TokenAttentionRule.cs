using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A token of each view with its embedding, and one that answers, look at each other over what is present (Vaswani et al. 2017; the answering token as Devlin et al. 2019).</summary>
internal sealed class TokenAttentionRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _views, _width;
    private readonly Embedding<T> _modalities;
    private readonly Parameter<T> _answer;
    private readonly TransformerBlock<T>[] _blocks;
    private readonly LayerNorm<T> _norm;

    /// <summary>Declares the embeddings and blocks.</summary>
    public TokenAttentionRule(ParameterSet<T> parameters, int views, TrainedFusionOptions options)
    {
        (_views, _width) = (views, options.Width);
        _modalities = new(parameters.In("modalities"), views, _width);
        _answer = parameters.Add("answer", Initializer.Normal(0.02), 1, _width);
        _blocks = [.. Enumerable.Range(0, options.Layers).Select(layer => new TransformerBlock<T>(parameters.In($"block{layer}"), _width, options.Heads, dropout: options.Dropout))];
        _norm = new(parameters.In("norm"), _width);
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        int rows = batch.Rows, tokens = _views + 1;
        Var<T> views = Var<T>.Concat(batch.Codes()).Reshape(rows, _views, _width) + batch.Tape.Of(_modalities.Table);
        Var<T> x = Var<T>.Stack(Repeated.Rows(batch.Tape.Of(_answer), rows, 1, _width), views);
        bool[] keep = [.. Enumerable.Range(0, rows * tokens).Select(at => at % tokens == 0 || batch.IsPresent(at / tokens, (at % tokens) - 1))];
        Var<T>? attention = null;
        foreach (TransformerBlock<T> block in _blocks)
        {
            if (batch.Explains) attention = block.Weights(x, null, keep);
            x = block.Forward(x, keep);
        }

        Var<T> code = _norm.Forward(x.Reshape(rows, tokens * _width).Columns(0, _width));
        if (attention is not { } all) return new(code);
        Var<T> present = batch.Tape.Constant(Tensor.Create([.. keep.Select(isThere => isThere ? T.One : T.Zero)], [rows, tokens, 1]));
        int[] viewOfTokens = [-1, .. Enumerable.Range(0, _views)];
        return new(code, all.Reshape(rows, tokens * tokens).Columns(1, _views), Attention: new(all * present, viewOfTokens, viewOfTokens));
    }
}
