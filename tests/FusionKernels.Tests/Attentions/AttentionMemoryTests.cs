using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Memory is that of the results and of tiles, whose size no length changes.</summary>
public sealed class AttentionMemoryTests
{
    private static readonly AttentionOptions s_options = new() { Threads = 1, Dropout = 0.1, SoftCap = 5 };

    [Test]
    public void Working_memory_does_not_grow_with_the_lengths()
    {
        (long shortHeld, _) = Attend(1024);
        (long longHeld, long allocated) = Attend(2048);
        Assert.That(longHeld, Is.EqualTo(shortHeld), "beyond the eight blocks of keys that the backward pass keeps");
        Assert.That(longHeld, Is.LessThan(768 << 10));

        // Output and three gradients of 2048 x 16, log-sum-exps and what goes with them, tiles that later passes replaced by larger
        // ones; a matrix of weights has 16 MiB.
        Assert.That(allocated, Is.LessThan((4 * 2048 * 16 * 4) + (4 * 2048 * 4) + (1 << 20)));
    }

    [Test]
    public void Decoding_takes_parts_and_tiles()
    {
        long held = 0;
        On(() =>
        {
            Tensor<float> q = AttentionCase<float>.Random(1, 1, 8, 1, 64), k = AttentionCase<float>.Random(2, 1, 2, 5000, 64);
            Attention.Forward(q, k, k, new() { Threads = 1 });
            held = Scratch.HeldBytes;
        });

        // Five parts of eight queries, 65 numbers each; a block of 64 keys, gathered, and its scores.
        Assert.That(held, Is.LessThan((5 * 8 * 65 * 4) + (64 * 64 * 4) + (32 << 10)));
    }

    /// <summary>Bytes that a fresh thread holds after both passes, and all that it allocated.</summary>
    private static (long Held, long Allocated) Attend(int length)
    {
        (long held, long allocated) = (0, 0);
        On(() =>
        {
            Tensor<float> x = AttentionCase<float>.Random(1, 1, 1, length, 16);
            long before = GC.GetAllocatedBytesForCurrentThread();
            AttentionResult<float> forward = Attention.ForwardWithLogSumExp(x, x, x, s_options);
            Attention.Backward(x, x, x, forward, x, s_options);
            (held, allocated) = (Scratch.HeldBytes, GC.GetAllocatedBytesForCurrentThread() - before);
        });
        return (held, allocated);
    }

    private static void On(Action action)
    {
        Thread thread = new(() => action());
        thread.Start();
        thread.Join();
    }
}
