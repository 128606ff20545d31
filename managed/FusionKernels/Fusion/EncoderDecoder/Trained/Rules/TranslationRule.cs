using System.Numerics;

namespace FusionKernels;

/// <summary>Sequence-to-sequence translation of views to each other and back; the code is the mean of the present views' codes, which translate (Pham et al. 2019, equations 2 to 5).</summary>
/// <remarks>A decoder's queries, one for each place of its view, look at the tokens of whichever view is translated. A step takes one ordered pair of views, in turn.</remarks>
internal sealed class TranslationRule<T> : CombinationRule<T>, IRebuildingRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _width;
    private readonly double _cycle;
    private readonly ModalityEncoder<T>[] _encoders;
    private readonly Decoder[] _decoders;

    /// <summary>Declares a decoder for each view.</summary>
    public TranslationRule(ParameterSet<T> parameters, ViewInputEncoder inputs, ModalityEncoder<T>[] encoders, TrainedFusionOptions options)
    {
        (_width, _cycle, _encoders) = (options.Width, options.Cycle, encoders);
        _decoders = [.. encoders.Select((_, m) => new Decoder(parameters.In($"decoder{m}"), inputs.PlacesOf(m), inputs.FeaturesOf(m), options))];
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch) =>
        new(batch.Codes().Select((code, m) => code * batch.Share(m)).Aggregate((a, b) => a + b));

    /// <inheritdoc/>
    public Var<T> Rebuild(ModalityTokens<T> batch, int view)
    {
        Var<T>[] parts = [.. Enumerable.Range(0, batch.Count).Where(source => source != view)
            .Select(source => _decoders[view].Forward(batch.Tokens(source), batch.Keep(source)) * batch.ShareAmongOthers(view, source))];
        return parts.Length == 0 ? _decoders[view].Forward(batch.Tokens(view), batch.Keep(view)) : parts.Aggregate((a, b) => a + b);
    }

    /// <inheritdoc/>
    public Var<T> RebuildingLoss(ModalityTokens<T> batch, RebuildingTargets<T> targets)
    {
        (int source, int target) = PairOf(batch.Tape.Step, batch.Count);
        Var<T> there = _decoders[target].Forward(batch.Tokens(source), batch.Keep(source));
        bool[] all = new bool[batch.Rows * _decoders[target].Places];
        Array.Fill(all, true);
        Var<T> error = targets.Error(there, target, row => batch.IsPresent(row, source));
        if (_cycle == 0) return error;
        Var<T> tokens = _encoders[target].Forward(there, all);
        bool[] keep = new bool[batch.Rows * tokens.Node.Lengths[1]];
        Array.Fill(keep, true);
        return error + (_cycle * targets.Error(_decoders[source].Forward(tokens, keep), source, row => batch.IsPresent(row, source)));
    }

    /// <inheritdoc/>
    public void Settle(ModalityTokens<T> training)
    {
        // What is learned is in the parameters.
    }

    /// <inheritdoc/>
    public void Write(ModelStateWriter file)
    {
        // As for Settle.
    }

    /// <inheritdoc/>
    public void Read(ModelStateReader file)
    {
        // As for Settle.
    }

    /// <summary>The ordered pair of a step; one view is translated to itself.</summary>
    internal static (int Source, int Target) PairOf(int step, int views)
    {
        if (views == 1) return (0, 0);
        int pair = step % (views * (views - 1)), source = pair / (views - 1), target = pair % (views - 1);
        return (source, target < source ? target : target + 1);
    }

    /// <summary>Queries of a view's places that look at another's tokens, and what they say is there.</summary>
    private sealed class Decoder(ParameterSet<T> parameters, int places, int features, TrainedFusionOptions options)
    {
        private readonly Parameter<T> _queries = parameters.Add("queries", Initializer.Normal(0.02), places, options.Width);
        private readonly TransformerBlock<T> _block = new(parameters.In("block"), options.Width, options.Heads, options.Width, options.Dropout);
        private readonly DenseLayers<T> _output = new(parameters.In("output"), [options.Width, options.Hidden, features], Activation.Relu, options.Dropout);

        /// <summary>Places of the view.</summary>
        public int Places => places;

        /// <summary>Scaled values: rows x (places features).</summary>
        public Var<T> Forward(Var<T> tokens, ReadOnlySpan<bool> keep)
        {
            int rows = tokens.Node.Lengths[0];
            return _output.Forward(_block.Forward(Repeated.Rows(tokens.Tape.Of(_queries), rows, places, options.Width), tokens, keep)).Reshape(rows, places * features);
        }
    }
}
