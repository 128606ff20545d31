using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The tokens of every view look at those of every other view that is present, one softmax for each ordered pair; they add the mean of what they see, look at themselves, and are pooled (after Tsai et al. 2019).</summary>
/// <remarks>A view has one map for its queries and one for its keys and values, whoever looks: parameters grow with the views, not with their pairs.</remarks>
internal sealed class CrossModalRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _views, _width, _heads;
    private readonly LayerNorm<T>[] _norms;
    private readonly Dense<T>[] _queries, _keys, _values, _outputs;
    private readonly TransformerBlock<T>[] _own;
    private readonly ViewPooling<T> _pooling;

    /// <summary>Declares maps and a block for every view.</summary>
    public CrossModalRule(ParameterSet<T> parameters, int views, TrainedFusionOptions options)
    {
        (_views, _width, _heads) = (views, options.Width, options.Heads);
        _norms = [.. Enumerable.Range(0, views).Select(m => new LayerNorm<T>(parameters.In($"norm{m}"), _width))];
        (_queries, _keys, _values, _outputs) = (Maps("query"), Maps("key"), Maps("value"), Maps("output"));
        _own = [.. Enumerable.Range(0, views).Select(m => new TransformerBlock<T>(parameters.In($"own{m}"), _width, _heads, dropout: options.Dropout))];
        _pooling = new(parameters.In("pooling"), views, _width);

        Dense<T>[] Maps(string name) => [.. Enumerable.Range(0, views).Select(m => new Dense<T>(parameters.In($"{name}{m}"), _width, _width))];
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        int[] views = [.. Enumerable.Range(0, _views)];
        Var<T>[] normal = [.. views.Select(m => _norms[m].Forward(batch.Tokens(m)))];
        Var<T>[] queries = [.. views.Select(m => _queries[m].Forward(normal[m]))], keys = [.. views.Select(m => _keys[m].Forward(normal[m]))], values = [.. views.Select(m => _values[m].Forward(normal[m]))];
        Var<T> code = _pooling.Forward(batch, [.. views.Select(m => Seen(batch, queries[m], keys, values, m))], out Var<T> weights);
        return new(code, weights, Attention: batch.Explains ? new(Looks(batch, queries, keys), batch.ViewOfPlaces(), batch.ViewOfPlaces()) : null);
    }

    /// <summary>What a view is after it has looked at the others and at itself: rows x width.</summary>
    private Var<T> Seen(ModalityTokens<T> batch, Var<T> queries, Var<T>[] keys, Var<T>[] values, int target)
    {
        int places = batch.Places(target);
        Var<T>? sum = null;
        for (int source = 0; source < _views; source++)
        {
            if (source == target) continue;
            Var<T> seen = queries.Attention(keys[source], values[source], _heads, batch.Keep(source)).Reshape(batch.Rows, places * _width) * batch.ShareAmongOthers(target, source);
            sum = sum is { } before ? before + seen : seen;
        }

        Var<T> own = batch.Tokens(target), looked = sum is { } all ? own + _outputs[target].Forward(all.Reshape(batch.Rows, places, _width)) : own;
        return batch.Mean(_own[target].Forward(looked, batch.Keep(target)), target);
    }

    /// <summary>The attention of all pairs: rows x all places x all places, 0 within a view and where one is absent.</summary>
    private Var<T> Looks(ModalityTokens<T> batch, Var<T>[] queries, Var<T>[] keys)
    {
        Var<T>[] below = new Var<T>[_views];
        for (int target = 0; target < _views; target++)
        {
            int places = batch.Places(target);
            Var<T>[] beside = new Var<T>[_views];
            for (int source = 0; source < _views; source++)
            {
                beside[source] = source == target
                    ? batch.Tape.Constant(Tensor.Create(new T[batch.Rows * places * places], [batch.Rows, places, places]))
                    : (ComposedAttention.MeanWeights(queries[target], keys[source], _heads, batch.Keep(source)).Reshape(batch.Rows, places * batch.Places(source)) * batch.Mask(target))
                        .Reshape(batch.Rows, places, batch.Places(source));
            }

            below[target] = Var<T>.Concat(beside);
        }

        return Var<T>.Stack(below);
    }
}
