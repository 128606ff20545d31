using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Simd;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>The counter-based generator against the vectors that its authors publish, and every width against one word.</summary>
public sealed unsafe class PhiloxTests
{
    // Salmon et al., Random123, kat_vectors, philox4x32 10: counter, key, result.
    private static readonly uint[][] s_known =
    [
        [0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
        [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
        [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ];

    [Test]
    public void Known_answers()
    {
        foreach (uint[] v in s_known)
        {
            Philox<Word> block = Philox<Word>.Draw(new(v[0]), new(v[1]), new(v[2]), new(v[3]), v[4], v[5]);
            Assert.That(new[] { block.First.Value, block.Second.Value, block.Third.Value, block.Fourth.Value }, Is.EqualTo(v[6..]));
        }
    }

    [Test]
    public void Every_width_draws_the_same()
    {
        if (SimdWidths.All.Contains(SimdWidth.Bits512)) Compare<Words512>();
        if (SimdWidths.All.Contains(SimdWidth.Bits256)) Compare<Words256>();
        if (SimdWidths.All.Contains(SimdWidth.Bits128)) Compare<Words128>();
    }

    [Test]
    public void Probabilities_become_bounds()
    {
        Assert.That(DropoutRule.Of(0, 0).Threshold, Is.Zero);
        Assert.That(DropoutRule.Of(0.5, 0).Threshold, Is.EqualTo(0x80000000));
        Assert.That(DropoutRule.Of(Math.BitDecrement(1.0), 0).Threshold, Is.EqualTo(uint.MaxValue));
        Assert.That(DropoutRule.Of(0, 5).Keeps(1, 2, 3, 4));
    }

    private static void Compare<W>()
        where W : unmanaged, IHostWords<W>
    {
        uint* words = stackalloc uint[W.Count];
        Philox<W> block = Philox<W>.Draw(W.From(0xFFFFFFFE), W.Broadcast(7), W.From(11), W.Broadcast(0x80000001), 0x12345678, 0xFEDCBA98);
        W.Store(block.Third, words);
        for (int i = 0; i < W.Count; i++)
        {
            Philox<Word> one = Philox<Word>.Draw(new(0xFFFFFFFE + (uint)i), new(7), new(11 + (uint)i), new(0x80000001), 0x12345678, 0xFEDCBA98);
            Assert.That(words[i], Is.EqualTo(one.Third.Value), $"{typeof(W).Name} {i}");
        }

        W.Store(W.ZeroBelow(W.From(0x7FFFFFFF), 0x80000000, 9), words);
        Assert.That(words[0], Is.Zero);
        Assert.That(words[1], Is.EqualTo(9));
    }
}
