namespace FusionKernels.Tests.Data;

/// <summary>Damages valid files in the ways that storage, transfer and hostile hands do; the same seed gives the same damage.</summary>
internal sealed class Mutation(int seed)
{
    private static readonly byte[] Telling = [0, 1, 0x7F, 0x80, 0xFF, (byte)'0', (byte)'9', (byte)'-', (byte)',', (byte)':', (byte)'"', (byte)'\'', (byte)'(', (byte)'@', (byte)'\n', (byte)' '];

    private readonly Random random = new(seed);

    /// <summary>One to four kinds of damage, one after the other.</summary>
    public byte[] Damage(byte[] file, byte[] other)
    {
        var bytes = new List<byte>(file);
        int times = random.Next(1, 5);
        for (int i = 0; i < times; i++)
            DamageOnce(bytes, other);
        return [.. bytes];
    }

    private void DamageOnce(List<byte> bytes, byte[] other)
    {
        int at = random.Next(bytes.Count + 1);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Telling[random.Next(Telling.Length)];
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 16), bytes.Count - at));
                break;
            case 4:
                bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 16)).Select(_ => Telling[random.Next(Telling.Length)]));
                break;
            default:
                int start = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(start, random.Next(other.Length - start + 1)).ToArray());
                break;
        }
    }
}
