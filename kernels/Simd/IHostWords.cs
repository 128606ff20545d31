namespace FusionKernels.Kernels.Simd;

/// <summary>Lanes of 32-bit words in the host's memory.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal unsafe interface IHostWords<TSelf> : IWords<TSelf>
    where TSelf : unmanaged, IHostWords<TSelf>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>first, first + 1, first + 2 and so on.</summary>
    static abstract TSelf From(uint first);

    /// <summary>0 where a word is below the bound, else <paramref name="otherwise"/>.</summary>
    static abstract TSelf ZeroBelow(TSelf words, uint bound, uint otherwise);

    /// <summary>Stores all lanes.</summary>
    static abstract void Store(TSelf words, uint* destination);
}
