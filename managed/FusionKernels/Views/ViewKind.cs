namespace FusionKernels;

/// <summary>What the rows of a view are.</summary>
public enum ViewKind
{
    /// <summary>Rows of features.</summary>
    Vectors,

    /// <summary>Images of one size.</summary>
    Images,

    /// <summary>Series of any lengths, of the same channels.</summary>
    Sequences,

    /// <summary>Similarities of the rows to the rows: a ready Gram matrix.</summary>
    Gram,
}
