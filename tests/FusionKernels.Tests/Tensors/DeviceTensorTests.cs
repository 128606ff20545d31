using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Tensors;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
public sealed class DeviceTensorTests(TestEngine engine)
{
    private static readonly nint[][] s_shapes = [[0], [1], [7], [3, 5], [0, 4], [4, 0], [17, 1], [1, 17], [2, 3, 5], [64, 65]];

    [TestCaseSource(nameof(s_shapes))]
    public void What_goes_up_comes_down(nint[] lengths)
    {
        RoundTrip(Numbers<float>(lengths), lengths);
        RoundTrip(Numbers<double>(lengths), lengths);
    }

    [Test]
    public void Strided_views_go_up_dense_and_come_down_into_place()
    {
        Tensor<float> whole = Numbers<float>([9, 11]);
        ReadOnlyTensorSpan<float> view = whole.AsReadOnlyTensorSpan(2..7, 3..9);
        using DeviceTensor<float> there = engine.Device.Upload(view);
        Assert.That(there.Lengths.ToArray(), Is.EqualTo(new nint[] { 5, 6 }));
        Tensor<float> back = there.Download();
        Tensor<float> target = Tensor.CreateFromShape<float>([9, 11]);
        there.DownloadTo(target.AsTensorSpan(2..7, 3..9));
        for (nint i = 0; i < 9; i++)
        {
            for (nint j = 0; j < 11; j++)
            {
                bool inside = i is >= 2 and < 7 && j is >= 3 and < 9;
                Assert.That(target[i, j], Is.EqualTo(inside ? whole[i, j] : 0));
                if (inside) Assert.That(back[i - 2, j - 3], Is.EqualTo(whole[i, j]));
            }
        }
    }

    [Test]
    public void Broadcast_and_transposed_strides_are_understood()
    {
        float[] elements = [1, 2, 3, 4, 5, 6];
        using DeviceTensor<float> broadcast = engine.Device.Upload(new ReadOnlyTensorSpan<float>(elements, [4, 3], [0, 1]));
        using DeviceTensor<float> transposed = engine.Device.Upload(new ReadOnlyTensorSpan<float>(elements, [3, 2], [1, 3]));
        Assert.That(Flat(broadcast.Download()), Is.EqualTo(new float[] { 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3 }));
        Assert.That(Flat(transposed.Download()), Is.EqualTo(new float[] { 1, 4, 2, 5, 3, 6 }));
    }

    [Test]
    public void Tensors_longer_than_a_piece_are_whole()
    {
        nint[] lengths = [(1 << 11) + 3, (1 << 11) + 1];
        Tensor<float> whole = Numbers<float>(lengths);
        RoundTrip(whole, lengths);
        using DeviceTensor<float> strided = engine.Device.Upload(whole.AsReadOnlyTensorSpan(.., 1..));
        Tensor<float> back = strided.Download();
        Assert.That(back[lengths[0] - 1, lengths[1] - 2], Is.EqualTo(whole[lengths[0] - 1, lengths[1] - 1]));
        Assert.That(back[0, 0], Is.EqualTo(whole[0, 1]));
    }

    [Test]
    public void A_destination_of_another_shape_is_refused_in_words()
    {
        using DeviceTensor<float> tensor = engine.Device.Allocate<float>(3, 5);
        ArgumentException? failure = Assert.Throws<ArgumentException>(() => tensor.DownloadTo(Tensor.CreateFromShape<float>([5, 3])));
        Assert.That(failure!.Message, Does.Contain("3 x 5").And.Contain("5 x 3"));
    }

    [Test]
    public void A_disposed_tensor_says_so_and_its_memory_is_returned()
    {
        int live = engine.LiveBuffers;
        DeviceTensor<double> tensor = engine.Device.Allocate<double>(100);
        Assert.That(engine.LiveBuffers, Is.EqualTo(live + 1));
        tensor.Dispose();
        tensor.Dispose();
        Assert.That(engine.LiveBuffers, Is.EqualTo(live));
        Assert.That(tensor.Download, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_tensor_describes_itself()
    {
        using DeviceTensor<double> tensor = engine.Device.Allocate<double>(3, 5);
        Assert.That(tensor.ToString(), Is.EqualTo($"3 x 5 float64 on {engine.Shared.Name}"));
        Assert.That(tensor.AsMatrix("x").Rows, Is.EqualTo(3));
        using DeviceTensor<double> cube = engine.Device.Allocate<double>(3, 5, 2);
        Assert.That(() => cube.AsMatrix("x").Rows, Throws.ArgumentException.With.Message.Contains("'x' is 3 x 5 x 2"));
    }

    private static Tensor<T> Numbers<T>(nint[] lengths)
        where T : INumberBase<T>
    {
        nint count = 1;
        foreach (nint length in lengths) count *= length;
        T[] elements = new T[count];
        for (int i = 0; i < elements.Length; i++) elements[i] = T.CreateTruncating(i + 1);
        return Tensor.Create(elements, lengths);
    }

    private static T[] Flat<T>(Tensor<T> tensor)
    {
        T[] elements = new T[tensor.FlattenedLength];
        tensor.FlattenTo(elements);
        return elements;
    }

    private void RoundTrip<T>(Tensor<T> tensor, nint[] lengths)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DeviceTensor<T> there = engine.Device.Upload(tensor);
        Tensor<T> back = there.Download();
        Assert.That(back.Lengths.ToArray(), Is.EqualTo(lengths));
        Assert.That(Flat(back).AsSpan().SequenceEqual(Flat(tensor)));
    }
}
