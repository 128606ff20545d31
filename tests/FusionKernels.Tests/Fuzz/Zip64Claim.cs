namespace FusionKernels.Tests.Fuzz;

/// <summary>Which 64-bit field of an archive lies.</summary>
public enum Zip64Claim
{
    /// <summary>None.</summary>
    None,

    /// <summary>The length of the entry once unpacked.</summary>
    Unpacked,

    /// <summary>That length and the one that the entry has in the archive.</summary>
    UnpackedAndPacked,

    /// <summary>Where the entry begins.</summary>
    EntryOffset,

    /// <summary>How many entries there are.</summary>
    Entries,

    /// <summary>Where the directory begins.</summary>
    DirectoryOffset,
}
