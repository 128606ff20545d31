using System.Numerics;
using System.Runtime.InteropServices;
using FusionKernels.Kernels.Simd;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>Lanes of the host in memory, whole and in part, and across lanes.</summary>
[TestFixture(typeof(Lanes512<float>), typeof(float))]
[TestFixture(typeof(Lanes512<double>), typeof(double))]
[TestFixture(typeof(Lanes256<float>), typeof(float))]
[TestFixture(typeof(Lanes256<double>), typeof(double))]
[TestFixture(typeof(Lanes128<float>), typeof(float))]
[TestFixture(typeof(Lanes128<double>), typeof(double))]
[TestFixture(typeof(Lanes1<float>), typeof(float))]
[TestFixture(typeof(Lanes1<double>), typeof(double))]
internal sealed unsafe class HostVectorTests<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T Guard = T.CreateChecked(-77);

    [OneTimeSetUp]
    public void SkipWhatTheMachineLacks() => MachineWidths.Require<V>();

    [Test]
    public void The_number_of_lanes_is_that_of_the_width()
    {
        int bits = MachineWidths.WidthOf<V>() switch
        {
            SimdWidth.Bits512 => 512,
            SimdWidth.Bits256 => 256,
            SimdWidth.Bits128 => 128,
            _ => sizeof(T) * 8,
        };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(V.Count, Is.EqualTo(bits / 8 / sizeof(T)));
            Assert.That(sizeof(V), Is.EqualTo(bits / 8));
            Assert.That(sizeof(Quad<V>), Is.EqualTo(bits / 2));
        }
    }

    [Test]
    public void Loads_and_stores_move_lanes_in_order_at_any_alignment()
    {
        T[] source = Counting(V.Count + 1);
        T[] target = Guards(V.Count + 2);
        fixed (T* from = source, to = target) V.Store(V.Load(from + 1), to + 1);
        Assert.That(target, Is.EqualTo(new[] { Guard }.Concat(source.Skip(1)).Append(Guard)));
    }

    [Test]
    public void Partial_loads_put_zero_into_the_other_lanes()
    {
        T[] source = Counting(V.Count);
        for (int count = 0; count <= V.Count; count++)
        {
            T[] target = Guards(V.Count);
            fixed (T* from = source, to = target) V.Store(V.LoadPartial(from, count), to);
            Assert.That(target, Is.EqualTo(source.Select((x, lane) => lane < count ? x : T.Zero)), $"count {count}");
        }
    }

    [Test]
    public void Partial_stores_leave_the_rest_of_memory_as_it_was()
    {
        T[] source = Counting(V.Count);
        for (int count = 0; count <= V.Count; count++)
        {
            T[] target = Guards(V.Count + 2);
            fixed (T* from = source, to = target) V.StorePartial(V.Load(from), to + 1, count);
            T[] expected = [Guard, .. source[..count], .. Guards(V.Count - count), Guard];
            Assert.That(target, Is.EqualTo(expected), $"count {count}");
        }
    }

    [Test]
    public void Partial_moves_of_nothing_do_not_touch_the_address() =>
        Assert.That(() => V.StorePartial(V.LoadPartial(null, 0), null, 0), Throws.Nothing);

    [Test]
    public void Stores_around_the_caches_arrive()
    {
        T[] source = Counting(V.Count);
        T* aligned = (T*)NativeMemory.AlignedAlloc((nuint)sizeof(V), (nuint)sizeof(V));
        try
        {
            fixed (T* from = source) V.StoreNonTemporal(V.Load(from), aligned);
            Assert.That(new Span<T>(aligned, V.Count).ToArray(), Is.EqualTo(source));
        }
        finally
        {
            NativeMemory.AlignedFree(aligned);
        }
    }

    [Test]
    public void AnyLess_sees_every_lane_and_not_NaN()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(V.AnyLess(V.Constant(1), V.Constant(1)), Is.False);
            Assert.That(V.AnyLess(V.Constant(double.NaN), V.Constant(1)), Is.False);
            Assert.That(V.AnyLess(V.Constant(1), V.Constant(double.NaN)), Is.False);
            for (int lane = 0; lane < V.Count; lane++)
            {
                T[] lanes = new T[V.Count];
                lanes[lane] = -T.Epsilon;
                fixed (T* from = lanes) Assert.That(V.AnyLess(V.Load(from), V.Constant(0)), Is.True, $"lane {lane}");
            }
        }
    }

    [Test]
    public void Sum_adds_every_lane()
    {
        fixed (T* from = Counting(V.Count)) Assert.That(V.Sum(V.Load(from)), Is.EqualTo(T.CreateChecked(V.Count * (V.Count + 1) / 2)));
    }

    [Test]
    public void ShiftIn_sees_two_vectors_one_element_further_on()
    {
        T[] source = Counting(2 * V.Count);
        T[] target = Guards(V.Count);
        fixed (T* from = source, to = target) V.Store(V.ShiftIn(V.Load(from), V.Load(from + V.Count)), to);
        Assert.That(target, Is.EqualTo(source[1..(V.Count + 1)]));
    }

    private static T[] Counting(int length) => [.. Enumerable.Range(1, length).Select(T.CreateChecked)];

    private static T[] Guards(int length) => [.. Enumerable.Repeat(Guard, length)];
}
