using System.Numerics;

namespace FusionKernels;

/// <summary>A table of learned vectors: of tokens, of places, or of modalities.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Embedding<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Declares <c>table</c>, normal with a standard deviation of 0.02.</summary>
    /// <param name="parameters">Where it belongs.</param>
    /// <param name="count">Vectors, 1 or more.</param>
    /// <param name="features">Features of each, 1 or more.</param>
    public Embedding(ParameterSet<T> parameters, int count, int features)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Table = parameters.Add("table", Initializer.Normal(0.02), count, features);
    }

    /// <summary>count x features.</summary>
    public Parameter<T> Table { get; }

    /// <summary>The vectors of some indices.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="indices">Indices, in any order.</param>
    /// <returns>indices x features.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the table.</exception>
    public Var<T> Forward(Tape<T> tape, params ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return tape.Of(Table).Gather(indices);
    }

    /// <summary>Adds the vectors of the first places to a sequence: learned positions.</summary>
    /// <param name="sequence">items x length x features, no longer than the table.</param>
    /// <exception cref="ArgumentException">The features do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sequence is longer than the table.</exception>
    public Var<T> AddPositions(Var<T> sequence) => sequence + sequence.Tape.Of(Table).Gather([.. Enumerable.Range(0, sequence.Node.Lengths[^2])]);

    /// <summary>Adds one vector to every place of a sequence: which modality it is.</summary>
    /// <param name="sequence">... x features.</param>
    /// <param name="index">The vector.</param>
    /// <exception cref="ArgumentException">The features do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such vector.</exception>
    public Var<T> Add(Var<T> sequence, int index) => sequence + sequence.Tape.Of(Table).Gather(index).Reshape(Table.Lengths[1]);
}
