using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>A cache in the memory of each device: answers are the reference's, and those of the host.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
public sealed class AttentionCacheTests(TestEngine engine)
{
    private static readonly int[] s_grown = [290, 131, 21];

    private AttentionOptions Plain => new() { Device = engine.Device };

    [TestCase(AttentionStorage.Element)]
    [TestCase(AttentionStorage.Float16)]
    public void Sequences_of_their_own_lengths_are_read(AttentionStorage storage)
    {
        using KeyValueCache<float> cache = new(3, 2, 8, 12, 128, engine.Device, storage), host = new(3, 2, 8, 12, 16, HostExecution.Device, storage);
        Tensor<float> k = AttentionCase<float>.Random(1, 2, 300, 8), v = AttentionCase<float>.Random(2, 2, 300, 12);
        foreach (KeyValueCache<float> one in new[] { cache, host })
        {
            one.Append(0, k, v);
            one.Append(2, k[.., ..20, ..], v[.., ..20, ..]);
            Tensor<float> next = AttentionCase<float>.Random(3, 3, 2, 1, 8), nextV = AttentionCase<float>.Random(4, 3, 2, 1, 12);
            one.Append(next, nextV);
            one.Truncate(0, 290);
            one.Append(1, k[.., ..130, ..], v[.., ..130, ..]);
        }

        Assert.That(Enumerable.Range(0, 3).Select(cache.Length), Is.EqualTo(s_grown));
        AttentionOptions rules = Plain with { Causal = CausalAlignment.BottomRight, WindowLeft = 100, Prefix = 3, SoftCap = 4, AlibiSlopes = [0.1, 0.02, 0.3, 0] };
        foreach ((int queries, AttentionOptions options) in ((int, AttentionOptions)[])[(1, Plain), (2, rules), (2, Plain with { Mask = Mask(290) }), (20, rules)])
        {
            Tensor<float> q = AttentionCase<float>.Random(5, 3, 4, queries, 8), bias = AttentionCase<float>.Random(6, 4, 1, 290);
            AttentionResult<float> actual = Attention.Decode(q, cache, options, bias), expected = Attention.Decode(q, host, options with { Device = null }, bias);
            double tolerance = 2 * Tolerances.Attention<float>(8, 290, 4);
            Assert.That(AttentionCase<float>.Doubles(actual.Output), Is.EqualTo(AttentionCase<float>.Doubles(expected.Output)).Within(tolerance), $"{queries}");
            Assert.That(AttentionCase<float>.Doubles(actual.LogSumExp), Is.EqualTo(AttentionCase<float>.Doubles(expected.LogSumExp)).Within(tolerance), $"{queries}");
        }
    }

    [Test]
    public void Keys_are_split_and_merged_as_without_a_cache()
    {
        AttentionCase<float> one = new(1, 8, 2, 1, 1400, 8, 8, Plain);
        using KeyValueCache<float> cache = new(1, 2, 8, pageSize: 256, device: engine.Device);
        cache.Append(one.Key, one.Value);
        string tiling = "";
        long bytes = 0;
        AttentionResult<float> actual = Attention.Decode(one.Query, cache, Plain with { Report = report => (tiling, bytes) = (report.Tiling, report.PeakBytes) });
        (double[] output, double[] logSumExp) = AttentionReference.Forward(one.Problem, one.Inputs);
        Assert.That(AttentionCase<float>.Doubles(actual.Output), Is.EqualTo(output).Within(Tolerances.Attention<float>(8, 1400, 3)));
        Assert.That(AttentionCase<float>.Doubles(actual.LogSumExp), Is.EqualTo(logSumExp).Within(Tolerances.Attention<float>(8, 1400, 3)));
        Assert.That(Attention.Decode(one.Query, cache, Plain).Output.SequenceEqual(actual.Output));
        Assert.That(bytes, Is.GreaterThanOrEqualTo(1400 * 2 * 16 * 4).And.LessThan(2 * 1400 * 2 * 16 * 4), "keys and values once");
        if (engine.Kind != DeviceKind.Host) Assert.That(tiling, Does.Contain("4 x 128 pairs").And.Contain("keys in 2 parts"));
    }

    [Test]
    public void What_is_on_the_device_stays_there()
    {
        AttentionCase<float> one = new(2, 4, 2, 1, 150, 8, 12, Plain);
        int live = engine.LiveBuffers;
        using (KeyValueCache<float> copied = new(2, 2, 8, 12, 128, engine.Device), cache = new(2, 2, 8, 12, 128, engine.Device))
        using (DeviceTensor<float> q = engine.Device.Upload(one.Query), k = engine.Device.Upload(one.Key), v = engine.Device.Upload(one.Value))
        {
            copied.Append(one.Key, one.Value);
            cache.Append(k, v);
            using DeviceAttentionResult<float> there = Attention.Decode(q, cache, Plain);
            AttentionResult<float> here = Attention.Decode(one.Query, copied, Plain);
            Assert.That(there.Output.Download().SequenceEqual(here.Output) && there.LogSumExp.Download().SequenceEqual(here.LogSumExp));
            one.Value[1, 1, 149, 3] = float.NaN;
            using DeviceTensor<float> bad = engine.Device.Upload(one.Value);
            Assert.That(() => cache.Append(k, bad), Throws.ArgumentException.With.Message.Contains("v holds NaN at batch 1, head 1, position 149, feature 3"));
            Assert.That((cache.Length(0), cache.Length(1)), Is.EqualTo((150, 150)), "nothing was appended");
            using ComputeDevice other = ComputeDevice.Open("host");
            using DeviceTensor<float> far = other.Upload(one.Key);
            Assert.That(() => cache.Append(far, v), Throws.TypeOf<DeviceMismatchException>());
            using DeviceTensor<float> farQuery = other.Upload(one.Query);
            Assert.That(() => Attention.Decode(farQuery, cache), Throws.TypeOf<DeviceMismatchException>());
        }

        Assert.That(engine.LiveBuffers, Is.EqualTo(live));
    }

    [Test]
    public void Pages_are_used_again_and_memory_is_given_back()
    {
        int live = engine.LiveBuffers;
        using (KeyValueCache<float> cache = new(2, 1, 4, 4, 128, engine.Device))
        {
            Tensor<float> q = AttentionCase<float>.Random(1, 2, 1, 1, 4), rows = AttentionCase<float>.Random(2, 1, 200, 4);
            Assert.That(Attention.Decode(q, cache).Output.All(x => x == 0), "nothing to attend to");
            cache.Append(0, rows, rows);
            cache.Append(1, rows, rows);
            long bytes = cache.Bytes;
            Assert.That(bytes, Is.GreaterThanOrEqualTo(4 * 128 * 8 * 4));
            Tensor<float> before = Attention.Decode(q, cache).Output;
            cache.Truncate(0, 100);
            cache.Append(0, rows[.., 100.., ..], rows[.., 100.., ..]);
            Assert.That((cache.PagesInUse, cache.Bytes), Is.EqualTo((4, bytes)));
            Assert.That(Attention.Decode(q, cache).Output.SequenceEqual(before));
            for (int i = 0; i < 3; i++) cache.Append(1, rows, rows);
            Assert.That(cache.PagesInUse, Is.EqualTo(2 + 7));
            Assert.That(Attention.Decode(q, cache).Output[0, 0, 0, 1], Is.EqualTo(before[0, 0, 0, 1]), "what was there is there after growth");
        }

        Assert.That(engine.LiveBuffers, Is.EqualTo(live));
    }

    [TestCase("Allocation")]
    [TestCase("Copy")]
    [TestCase("Launch")]
    public void Growth_that_fails_loses_nothing(string point)
    {
        if (engine.Kind == DeviceKind.Host) Assert.Ignore("faults are planted in accelerators");
        using AcceleratorEngine accelerator = (AcceleratorEngine)engine.Open();
        ComputeDevice device = ComputeDevice.Over(accelerator);
        Tensor<float> q = AttentionCase<float>.Random(1, 2, 1, 1, 4), rows = AttentionCase<float>.Random(2, 1, 200, 4), more = AttentionCase<float>.Random(3, 1, 300, 4);
        using KeyValueCache<float> whole = new(2, 1, 4, 4, 128, HostExecution.Device);
        whole.Append(0, rows, rows);
        Tensor<float> before = Attention.Decode(q, whole).Output;
        whole.Append(0, more, more);
        Tensor<float> after = Attention.Decode(q, whole).Output;
        (int worked, int failed) = (0, 0);
        for (int place = 1; ; place++)
        {
            using (KeyValueCache<float> cache = new(2, 1, 4, 4, 128, device))
            {
                cache.Append(0, rows, rows);
                accelerator.Faults = new(Enum.Parse<FaultPoint>(point), place, FaultKind.OutOfMemory);
                try
                {
                    cache.Append(0, more, more);
                    worked++;
                }
                catch (DeviceOutOfMemoryException failure)
                {
                    failed++;
                    Assert.That(failure.Message, Does.Contain("KeyValueCache.Append"), $"{place}");
                    Assert.That((cache.Length(0), cache.PagesInUse), Is.EqualTo((200, 2)), $"{place}");
                    Assert.That(AttentionCase<float>.Doubles(Attention.Decode(q, cache).Output), Is.EqualTo(AttentionCase<float>.Doubles(before)).Within(1e-5), $"{place}: what was there");
                    cache.Append(0, more, more);
                }

                Assert.That((cache.Length(0), cache.Length(1), cache.PagesInUse), Is.EqualTo((500, 0, 4)), $"{place}");
                Assert.That(AttentionCase<float>.Doubles(Attention.Decode(q, cache).Output), Is.EqualTo(AttentionCase<float>.Doubles(after)).Within(1e-5), $"{place}");
                Assert.That(accelerator.IsLost, Is.False);
            }

            Assert.That(accelerator.LiveBuffers, Is.Zero, $"{place}");
            if (!accelerator.Faults.HasFired) break;
            accelerator.Faults = null;
        }

        Assert.That(worked + failed, Is.GreaterThan(1), "a fault fired");
    }

    [Test]
    public void What_a_cache_cannot_be_is_refused_in_words()
    {
        using KeyValueCache<float> cache = new(1, 1, 4, device: engine.Device, storage: AttentionStorage.Float16);
        Tensor<float> rows = AttentionCase<float>.Random(2, 1, 1, 20, 4), large = AttentionCase<float>.Random(3, 1, 1, 20, 4);
        large[0, 0, 7, 2] = 70000;
        Assert.That(() => cache.Append(rows, large), Throws.ArgumentException.With.Message.Contains("v holds").And.Message.Contains("position 7, feature 2"));
        Assert.That(cache.Length(0), Is.Zero);
        Assert.That(() => Attention.Decode(rows, cache, Plain with { Storage = AttentionStorage.BFloat16 }), Throws.ArgumentException.With.Message.Contains("the cache stores Float16"));
        Assert.That(() => new KeyValueCache<double>(1, 1, 4, device: HostExecution.Device, storage: AttentionStorage.Float16), Throws.TypeOf<NotSupportedException>());
        if (engine.Kind == DeviceKind.Host) return;
        Assert.That(() => Attention.Decode(rows, cache, new() { Device = HostExecution.Device }), Throws.TypeOf<DeviceMismatchException>());
        Assert.That(() => new KeyValueCache<float>(1, 1, 4, pageSize: 100, device: engine.Device), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("multiple of 128"));
        Assert.That(() => new KeyValueCache<double>(1, 1, 4, device: engine.Device), Throws.TypeOf<NotSupportedException>());
    }

    private static Tensor<bool> Mask(int keys) => Tensor.Create([.. Enumerable.Range(0, keys).Select(key => key % 3 != 0 && key is < 130 or > 270)], [(nint)keys]);
}
