using System.Numerics;

namespace FusionKernels;

/// <summary>Learned queries look at the tokens of all views that are present, then at each other; the code is their mean (Jaegle et al. 2021).</summary>
internal sealed class LatentRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _width;
    private readonly Embedding<T> _modalities;
    private readonly LatentQueries<T> _queries;
    private readonly TransformerBlock<T>[] _blocks;
    private readonly LayerNorm<T> _norm;

    /// <summary>Declares the queries and blocks.</summary>
    public LatentRule(ParameterSet<T> parameters, int views, TrainedFusionOptions options)
    {
        _width = options.Width;
        _modalities = new(parameters.In("modalities"), views, _width);
        _queries = new(parameters.In("latent"), options.Latents, _width, options.Heads, _width);
        _blocks = [.. Enumerable.Range(0, options.Layers).Select(layer => new TransformerBlock<T>(parameters.In($"block{layer}"), _width, options.Heads, dropout: options.Dropout))];
        _norm = new(parameters.In("norm"), _width);
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        int[] views = [.. Enumerable.Range(0, batch.Count)];
        Var<T> sequence = Var<T>.Stack([.. views.Select(m => _modalities.Add(batch.Tokens(m), m))]);
        bool[] keep = [.. Enumerable.Range(0, batch.Rows).SelectMany(row => views.SelectMany(m => batch.Keep(m).AsSpan(row * batch.Places(m), batch.Places(m)).ToArray()))];
        Var<T> x = _queries.Forward(sequence, keep);
        foreach (TransformerBlock<T> block in _blocks) x = block.Forward(x);
        Var<T> code = _norm.Forward(x.Mean(1));
        if (!batch.Explains) return new(code);
        Var<T> looks = _queries.Weights(sequence, keep), mean = looks.Mean(1);
        int first = 0;
        Var<T>[] shares = new Var<T>[batch.Count];
        for (int m = 0; m < shares.Length; first += batch.Places(m), m++) shares[m] = mean.Columns(first, batch.Places(m)).Sum(-1).Reshape(batch.Rows, 1);
        return new(code, Var<T>.Concat(shares), Attention: new(looks, [.. Enumerable.Repeat(-1, looks.Node.Lengths[1])], batch.ViewOfPlaces()));
    }
}
