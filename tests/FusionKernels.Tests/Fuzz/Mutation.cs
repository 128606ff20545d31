using System.Buffers.Binary;
using System.Globalization;

namespace FusionKernels.Tests.Fuzz;

/// <summary>Damages valid files in the ways that storage, transfer and hostile hands do; the same seed gives the same damage.</summary>
internal sealed class Mutation(int seed)
{
    private static readonly byte[] s_bytes = [0, 1, 0x7F, 0x80, 0xFF, (byte)'0', (byte)'9', (byte)'-', (byte)',', (byte)':', (byte)'"', (byte)'\'', (byte)'(', (byte)'@', (byte)'\n', (byte)' '];

    /// <summary>Lengths and counts that arithmetic stumbles over; 2^35 is 32 GiB.</summary>
    private static readonly long[] s_numbers =
        [0, 1, 2, -1, 127, 255, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 31, 1L << 32, 1L << 33, 1L << 35, 1L << 62, long.MaxValue, long.MinValue];

    private static readonly double[] s_reals = [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.MaxValue, -double.MaxValue, double.Epsilon, 1e308, 1e-308, int.MaxValue];

    private static readonly string[] s_words = ["null", "true", "[]", "{}", "\"\"", "NaN", "1e999", "-0", "1.5", "\\ud800", "\0"];

    private readonly Random _random = new(seed);

    /// <summary>A number below a bound, from the same source.</summary>
    public int Next(int below) => _random.Next(below);

    /// <summary>One to four kinds of damage, one after the other.</summary>
    public byte[] Damage(byte[] file, byte[] other)
    {
        List<byte> bytes = [.. file];
        int times = _random.Next(1, 5);
        for (int i = 0; i < times; i++) DamageOnce(bytes, other);
        return [.. bytes];
    }

    private void DamageOnce(List<byte> bytes, byte[] other)
    {
        int at = _random.Next(bytes.Count + 1);
        switch (_random.Next(10))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = s_bytes[_random.Next(s_bytes.Length)];
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(_random.Next(1, 16), bytes.Count - at));
                break;
            case 4:
                bytes.InsertRange(at, Enumerable.Range(0, _random.Next(1, 16)).Select(_ => s_bytes[_random.Next(s_bytes.Length)]));
                break;
            case 5:
                Field(bytes, at);
                break;
            case 6:
                Digits(bytes, at);
                break;
            case 7:
                byte[] word = System.Text.Encoding.ASCII.GetBytes(s_words[_random.Next(s_words.Length)]);
                bytes.RemoveRange(at, Math.Min(_random.Next(word.Length + 1), bytes.Count - at));
                bytes.InsertRange(at, word);
                break;
            default:
                if (other.Length == 0) break;
                int start = _random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(start, _random.Next(Math.Min(other.Length - start, 512) + 1)).ToArray());
                break;
        }
    }

    /// <summary>A binary field of 2, 4 or 8 bytes, as a rule at a multiple of its size, of either byte order.</summary>
    private void Field(List<byte> bytes, int at)
    {
        int size = 2 << _random.Next(3);
        if (_random.Next(4) > 0) at -= at % size;
        if (at + size > bytes.Count) return;
        Span<byte> field = stackalloc byte[8];
        long number = s_numbers[_random.Next(s_numbers.Length)];
        if (size == 8 && _random.Next(2) == 0) number = BitConverter.DoubleToInt64Bits(s_reals[_random.Next(s_reals.Length)]);
        BinaryPrimitives.WriteInt64LittleEndian(field, number);
        Span<byte> part = field[..size];
        if (_random.Next(4) == 0) part.Reverse();
        for (int i = 0; i < size; i++) bytes[at + i] = part[i];
    }

    /// <summary>The number in digits behind a place gives way to another.</summary>
    private void Digits(List<byte> bytes, int at)
    {
        int first = bytes.FindIndex(at, one => char.IsAsciiDigit((char)one));
        if (first < 0) return;
        int end = first;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end])) end++;
        bytes.RemoveRange(first, end - first);
        bytes.InsertRange(first, System.Text.Encoding.ASCII.GetBytes(s_numbers[_random.Next(s_numbers.Length)].ToString(CultureInfo.InvariantCulture)));
    }
}
