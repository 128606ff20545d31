using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Memory is that of the results and of tiles, whose size no length changes; a report tells at least what was held.</summary>
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

    /// <summary>Batch, query heads, key heads, queries, keys, width, value width; few heads take two passes of gradients, many one, few queries are decoded.</summary>
    [TestCase(1, 2, 1, 70, 300, 16, 24, false)]
    [TestCase(2, 4, 2, 100, 1500, 40, 8, true)]
    [TestCase(16, 4, 2, 40, 90, 33, 70, false)]
    [TestCase(1, 8, 2, 2, 3000, 64, 64, true)]
    public void A_report_bounds_what_the_host_holds(int batch, int heads, int keyHeads, int queries, int keys, int width, int valueWidth, bool isMasked)
    {
        long told = 0;
        AttentionOptions options = new() { Threads = 1, Device = HostExecution.Device, SoftCap = isMasked ? 4 : 0, Dropout = isMasked && queries > 16 ? 0.1 : 0, Mask = isMasked ? Tensor.Create(new bool[keys], [(nint)keys]) : null, Report = report => told = report.PeakBytes };
        options.Mask?.Fill(true);
        AttentionCase<float> one = new(batch, heads, keyHeads, queries, keys, width, valueWidth, options, isMasked ? [queries, keys] : null);
        long operands = Bytes(one.Query) + Bytes(one.Key) + Bytes(one.Value) + (one.Bias is { } bias ? Bytes(bias) : 0) + (options.Mask?.FlattenedLength ?? 0);
        AttentionResult<float> forward = Held(() => Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options, one.Bias), out long held);
        Bounds(operands + Bytes(forward.Output) + Bytes(forward.LogSumExp) + held);
        AttentionGradients<float> gradients = Held(() => Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, options, one.Bias), out held);
        long results = Bytes(gradients.Query) + Bytes(gradients.Key) + Bytes(gradients.Value) + (gradients.Bias is { } slopes ? Bytes(slopes) : 0);
        Bounds(operands + (2 * Bytes(forward.Output)) + Bytes(forward.LogSumExp) + results + held);
        Tensor<float> weights = Held(() => Attention.Weights(one.Query, one.Key, options, one.Bias), out held);
        Bounds(operands - Bytes(one.Value) + Bytes(forward.LogSumExp) + Bytes(weights) + held);

        // At most the tiles of blocks of three vectors where there are fewer, and what a pass does not read.
        void Bounds(long measured) => Assert.That(told, Is.GreaterThanOrEqualTo(measured).And.LessThan((measured * 3 / 2) + (256 << 10)));
    }

    [Test]
    public void A_report_bounds_what_the_host_holds_to_decode()
    {
        long told = 0;
        Tensor<float> q = AttentionCase<float>.Random(1, 2, 8, 1, 64), k = AttentionCase<float>.Random(2, 2, 2, 3000, 64);
        KeyValueCache<float> cache = new(2, 2, 64);
        cache.Append(k, k);
        AttentionResult<float> result = Held(() => Attention.Decode(q, cache, new() { Threads = 1, Report = report => told = report.PeakBytes }), out long held);
        long measured = Bytes(q) + (2 * Bytes(k)) + Bytes(result.Output) + Bytes(result.LogSumExp) + held;
        Assert.That(told, Is.GreaterThanOrEqualTo(measured).And.LessThan(measured * 5 / 4));
    }

    /// <summary>An engine without guards, whose blocks are powers of two of at least 1 KiB here; what a call gives back it keeps.</summary>
    [TestCase(1, 2, 1, 20, 40, 8, 12)]
    [TestCase(2, 2, 2, 5, 70, 4, 4)]
    [Category("IlgpuCpu")]
    [Category("Slow")]
    public void A_report_tells_what_a_device_holds(int batch, int heads, int keyHeads, int queries, int keys, int width, int valueWidth)
    {
        using AcceleratorEngine engine = AcceleratorCatalog.OpenSimulated(32);
        ComputeDevice device = ComputeDevice.Over(engine);
        long told = 0;
        AttentionOptions options = new() { Device = device, Report = report => told = report.PeakBytes };
        AttentionCase<float> one = new(batch, heads, keyHeads, queries, keys, width, valueWidth, options with { Device = HostExecution.Device });
        AttentionResult<float> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options);
        long least = Bytes(one.Query) + Bytes(one.Key) + Bytes(one.Value) + Bytes(forward.Output) + Bytes(forward.LogSumExp);
        Bounds(least);
        Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, options);
        Bounds((2 * least) - Bytes(forward.LogSumExp));
        using KeyValueCache<float> cache = new(batch, keyHeads, width, valueWidth, 128, device);
        cache.Append(one.Key, one.Value);
        device.Trim();
        long cached = engine.AllocatedBytes;
        Attention.Decode(one.Query, cache, options);
        long added = engine.AllocatedBytes - cached;
        Assert.That(told - (Bytes(one.Key) + Bytes(one.Value)), Is.Positive.And.LessThanOrEqualTo(added + Bytes(one.Query) + Bytes(forward.Output) + Bytes(forward.LogSumExp)));

        // Tables of items, flags, references and tiles beside operands and results; rounding at most doubles a block.
        void Bounds(long operandsAndResults)
        {
            Assert.That(told, Is.GreaterThanOrEqualTo(operandsAndResults).And.LessThanOrEqualTo(operandsAndResults + (4 * batch * heads * queries * 4) + (64 * batch) + 256));
            Assert.That(engine.AllocatedBytes, Is.GreaterThanOrEqualTo(told).And.LessThanOrEqualTo((2 * told) + (16 << 10)));
            device.Trim();
        }
    }

    private static long Bytes(Tensor<float> tensor) => tensor.FlattenedLength * sizeof(float);

    /// <summary>A call on a fresh thread, and the bytes that it holds afterwards.</summary>
    private static TResult Held<TResult>(Func<TResult> call, out long held)
    {
        TResult? result = default;
        long after = 0;
        On(() =>
        {
            result = call();
            after = Scratch.HeldBytes;
        });
        held = after;
        return result!;
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
