namespace FusionKernels;

/// <summary>The checksum of zip files: CRC-32 with the polynomial of ISO 3309, bits reflected.</summary>
internal struct Crc32()
{
    private const uint ReflectedPolynomial = 0xEDB88320;

    private static readonly uint[] Table = CreateTable();

    private uint state = uint.MaxValue;

    /// <summary>The checksum of all bytes appended so far.</summary>
    public readonly uint Value => ~state;

    /// <summary>Takes in more bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint crc = state;
        foreach (byte b in bytes)
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        state = crc;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value >> 1) ^ ((value & 1) * ReflectedPolynomial);
            table[i] = value;
        }

        return table;
    }
}
