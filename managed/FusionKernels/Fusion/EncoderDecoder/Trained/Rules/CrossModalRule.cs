using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The tokens of every view look at those of every other view that is present, add the mean of what they see, look at themselves, and are pooled (Tsai et al. 2019).</summary>
internal sealed class CrossModalRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _views, _width;
    private readonly LayerNorm<T>[] _norms;
    private readonly MultiHeadAttention<T>?[,] _pairs;
    private readonly TransformerBlock<T>[] _own;
    private readonly ViewPooling<T> _pooling;

    /// <summary>Declares an attention for every ordered pair and a block for every view.</summary>
    public CrossModalRule(ParameterSet<T> parameters, int views, TrainedFusionOptions options)
    {
        (_views, _width) = (views, options.Width);
        _pairs = new MultiHeadAttention<T>?[views, views];
        for (int target = 0; target < views; target++)
        {
            for (int source = 0; source < views; source++)
            {
                if (source != target) _pairs[target, source] = new(parameters.In($"view{target}_from{source}"), _width, options.Heads);
            }
        }

        _norms = [.. Enumerable.Range(0, views).Select(m => new LayerNorm<T>(parameters.In($"norm{m}"), _width))];
        _own = [.. Enumerable.Range(0, views).Select(m => new TransformerBlock<T>(parameters.In($"own{m}"), _width, options.Heads, dropout: options.Dropout))];
        _pooling = new(parameters.In("pooling"), views, _width);
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        Var<T>[] normal = [.. Enumerable.Range(0, _views).Select(m => _norms[m].Forward(batch.Tokens(m)))];
        Var<T> code = _pooling.Forward(batch, [.. Enumerable.Range(0, _views).Select(m => Seen(batch, normal, m))], out Var<T> weights);
        return new(code, weights, Attention: batch.Explains ? Looks(batch, normal) : null);
    }

    /// <summary>What a view is after it has looked at the others and at itself: rows x width.</summary>
    private Var<T> Seen(ModalityTokens<T> batch, Var<T>[] normal, int target)
    {
        int places = batch.Places(target);
        Var<T> sum = batch.Tokens(target).Reshape(batch.Rows, places * _width), share = batch.ShareOfOthers(target);
        for (int source = 0; source < _views; source++)
        {
            if (_pairs[target, source] is not { } pair) continue;
            Var<T> seen = pair.Forward(normal[target], normal[source], batch.Keep(source)).Reshape(batch.Rows, places * _width);
            sum += seen * (share * batch.Mask(source));
        }

        return batch.Mean(_own[target].Forward(sum.Reshape(batch.Rows, places, _width), batch.Keep(target)), target);
    }

    /// <summary>The attention of all pairs: rows x all places x all places, 0 within a view.</summary>
    private Var<T> Looks(ModalityTokens<T> batch, Var<T>[] normal)
    {
        Var<T>[] below = new Var<T>[_views];
        for (int target = 0; target < _views; target++)
        {
            Var<T>[] beside = new Var<T>[_views];
            for (int source = 0; source < _views; source++)
            {
                int places = batch.Places(target);
                beside[source] = _pairs[target, source] is { } pair
                    ? (pair.Weights(normal[target], normal[source], batch.Keep(source)).Reshape(batch.Rows, places * batch.Places(source)) * batch.Mask(target)).Reshape(batch.Rows, places, batch.Places(source))
                    : batch.Tape.Constant(Tensor.Create(new T[batch.Rows * places * places], [batch.Rows, places, places]));
            }

            below[target] = Var<T>.Concat(beside);
        }

        return Var<T>.Stack(below);
    }
}
