namespace FusionKernels.Tests.Fuzz;

/// <summary>A reader, what it is fed, and what it may take.</summary>
/// <param name="Name">Its name, and that of its folder of the corpus.</param>
/// <param name="Seeds">Valid files, made anew by this library or byte by byte.</param>
/// <param name="Read">Reads a file and uses what came of it; the path is that of the same bytes on disk where <paramref name="NeedsFile"/>.</param>
/// <param name="BytesPerByte">Memory that reading may take for each byte of the file, beside what is fixed.</param>
/// <param name="Damage">Damage that knows the format; none for formats that bytes alone make.</param>
/// <param name="NeedsFile">Whether the reader takes a path.</param>
/// <param name="NeverRefuses">Whether it starts anew from what it cannot read.</param>
internal sealed record FuzzTarget(string Name, Func<byte[][]> Seeds, Action<byte[], string> Read, int BytesPerByte, Func<Mutation, byte[], byte[], byte[]>? Damage = null, bool NeedsFile = false, bool NeverRefuses = false)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
