using FusionKernels.Kernels.Attention;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Numbers in 16 bits against the framework's: every binary16 there and back, and every float32 near a tie.</summary>
[Parallelizable]
public sealed class StoredBitsTests
{
    [Test]
    public void Every_binary16_is_its_number()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits), actual = StoredBits.FromFloat16(bits);
            if (float.IsNaN(expected)) Assert.That(float.IsNaN(actual) && float.IsNaN(StoredBits.FromFloat16(StoredBits.ToFloat16(actual))), $"{bits:x4}");
            else Assert.That(BitConverter.SingleToInt32Bits(actual) == BitConverter.SingleToInt32Bits(expected) && StoredBits.ToFloat16(expected) == bits, $"{bits:x4}");
        }
    }

    [Test]
    public void Rounding_is_to_nearest_ties_to_even()
    {
        for (int high = 0; high <= ushort.MaxValue; high++)
        {
            foreach (int low in (int[])[0, 1, 0xFFF, 0x1000, 0x1001, 0x2FFF, 0x3000, 0x7FFF, 0x8000, 0x8001, 0xFFFF])
            {
                float value = BitConverter.Int32BitsToSingle((high << 16) | low);
                if (float.IsNaN(value))
                {
                    Assert.That(float.IsNaN(StoredBits.FromFloat16(StoredBits.ToFloat16(value))) && float.IsNaN(StoredBits.FromBFloat16(StoredBits.ToBFloat16(value))), $"{high:x4}{low:x4}");
                    continue;
                }

                if (StoredBits.ToFloat16(value) != BitConverter.HalfToUInt16Bits((Half)value)) Assert.Fail($"binary16 of {high:x4}{low:x4}");
                double below = StoredBits.FromBFloat16(high), above = StoredBits.FromBFloat16(high + 1), rounded = StoredBits.FromBFloat16(StoredBits.ToBFloat16(value));
                bool isUp = low > 0x8000 || (low == 0x8000 && (high & 1) == 1);
                if (!rounded.Equals(isUp ? above : below)) Assert.Fail($"bfloat16 of {high:x4}{low:x4}");
            }
        }
    }
}
