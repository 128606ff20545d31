namespace FusionKernels;

/// <summary>What a similarity search found.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Matches">The nearest first, of equally near ones the one in front; none within the exclusion zone of one before it.</param>
/// <param name="Ledger">What became of the windows.</param>
public sealed record DtwSearchResult<T>(IReadOnlyList<DtwSearchMatch<T>> Matches, DtwSearchLedger Ledger)
    where T : unmanaged;
