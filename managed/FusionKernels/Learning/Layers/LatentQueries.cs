using System.Numerics;

namespace FusionKernels;

/// <summary>A fixed number of learned queries that look at a sequence of any length: a latent-query block (Perceiver; Jaegle et al. 2021).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LatentQueries<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _queries;
    private readonly TransformerBlock<T> _block;
    private readonly int _count, _features;

    /// <summary>Declares <c>queries</c> and the block that looks.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="count">Queries, 1 or more.</param>
    /// <param name="features">Features of queries and of the output; a multiple of the heads.</param>
    /// <param name="heads">Heads, 1 or more.</param>
    /// <param name="context">Features of the sequence.</param>
    /// <exception cref="ArgumentException">The features are no multiple of the heads.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public LatentQueries(ParameterSet<T> parameters, int count, int features, int heads, int context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (_count, _features) = (count, features);
        _queries = parameters.Add("queries", Initializer.Normal(0.02), count, features);
        _block = new(parameters.In("block"), features, heads, context);
    }

    /// <summary>What the queries found.</summary>
    /// <param name="sequence">items x length x context features.</param>
    /// <param name="keep">Which places are there, items x length, row-major; empty for all.</param>
    /// <returns>items x queries x features.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Forward(Var<T> sequence, ReadOnlySpan<bool> keep = default) => _block.Forward(Queries(sequence), sequence, keep);

    /// <summary>Where the queries looked, the mean over heads.</summary>
    /// <param name="sequence">items x length x context features.</param>
    /// <param name="keep">Which places are there, items x length, row-major; empty for all.</param>
    /// <returns>items x queries x length: of sum 1 over the places that are there, 0 elsewhere.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Weights(Var<T> sequence, ReadOnlySpan<bool> keep = default) => _block.Weights(Queries(sequence), sequence, keep);

    /// <summary>The queries for each item.</summary>
    private Var<T> Queries(Var<T> sequence)
    {
        int items = sequence.Node.Rank == 3 ? sequence.Node.Lengths[0] : throw new ArgumentException("LatentQueries: a sequence of items x length x features is needed");
        return Repeated.Rows(sequence.Tape.Of(_queries), items, _count, _features);
    }
}
