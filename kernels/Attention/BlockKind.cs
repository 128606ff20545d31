namespace FusionKernels.Kernels.Attention;

/// <summary>What structure leaves of a block of queries against a block of keys.</summary>
internal enum BlockKind
{
    /// <summary>No pair: the block is skipped.</summary>
    Empty,

    /// <summary>Some pairs: each is asked.</summary>
    Partial,

    /// <summary>Every pair.</summary>
    Full,
}
