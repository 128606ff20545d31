using System.Numerics;

namespace FusionKernels;

/// <summary>In each layer every view's tokens and a few shared ones look at each other; the shared ones become the mean over the present views (Nagrani et al. 2021, equations 8 and 9).</summary>
internal sealed class BottleneckRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _views, _width, _shared;
    private readonly Parameter<T> _bottleneck;
    private readonly TransformerBlock<T>[][] _blocks;
    private readonly ViewPooling<T> _pooling;
    private readonly LayerNorm<T> _norm;

    /// <summary>Declares the shared tokens and a block of each view for every layer, one layer more than asked for: the first one only tells, the next one hears.</summary>
    public BottleneckRule(ParameterSet<T> parameters, int views, TrainedFusionOptions options)
    {
        (_views, _width, _shared) = (views, options.Width, options.Latents);
        _bottleneck = parameters.Add("bottleneck", Initializer.Normal(0.02), _shared, _width);
        _blocks = [.. Enumerable.Range(0, options.Layers + 1).Select(layer => Enumerable.Range(0, views)
            .Select(m => new TransformerBlock<T>(parameters.In($"block{layer}_{m}"), _width, options.Heads, dropout: options.Dropout)).ToArray())];
        _pooling = new(parameters.In("pooling"), views, _width);
        _norm = new(parameters.In("norm"), _width);
    }

    /// <inheritdoc/>
    public override int Outputs => 2 * _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        int rows = batch.Rows;
        Var<T>[] tokens = [.. Enumerable.Range(0, _views).Select(batch.Tokens)], shares = [.. Enumerable.Range(0, _views).Select(batch.Share)];
        Var<T> shared = Repeated.Rows(batch.Tape.Of(_bottleneck), rows, _shared, _width);
        foreach (TransformerBlock<T>[] layer in _blocks)
        {
            Var<T>? told = null;
            for (int m = 0; m < _views; m++)
            {
                int places = batch.Places(m), all = places + _shared;
                bool[] keep = [.. Enumerable.Range(0, rows * all).Select(at => at % all >= places || batch.Keep(m)[(at / all * places) + (at % all)])];
                Var<T> x = layer[m].Forward(Var<T>.Stack(tokens[m], shared), keep).Reshape(rows, all * _width);
                tokens[m] = x.Columns(0, places * _width).Reshape(rows, places, _width);
                Var<T> part = x.Columns(places * _width, _shared * _width) * shares[m];
                told = told is { } sum ? sum + part : part;
            }

            shared = told!.Value.Reshape(rows, _shared, _width);
        }

        Var<T> code = _pooling.Forward(batch, [.. tokens.Select(batch.Mean)], out Var<T> weights);
        return new(Var<T>.Concat(_norm.Forward(code), shared.Mean(1)), weights);
    }
}
