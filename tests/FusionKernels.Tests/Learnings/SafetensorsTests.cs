using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Text;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

[Parallelizable]
public sealed class SafetensorsTests
{
    private const string Good = """{"weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}""";

    [Test]
    public void ParametersComeBackBitForBit()
    {
        using TemporaryFolder folder = new();
        ParameterSet<float> saved = Net(1), loaded = Net(2);
        saved.Save(folder["m.safetensors"], new Dictionary<string, string> { ["made"] = "by a test" });
        loaded.Load(folder["m.safetensors"]);
        for (int i = 0; i < saved.All.Count; i++) Assert.That(GradientCheck.Flat(loaded.All[i].Read()), Is.EqualTo(GradientCheck.Flat(saved.All[i].Read())));
        Assert.That(folder.Names, Is.EqualTo((string[])["m.safetensors"]), "the temporary file is gone");
    }

    [Test]
    public void ReadsWhatOthersWrite()
    {
        // As the format's documentation describes it: length, header, elements.
        using TemporaryFolder folder = new();
        float[] values = [1, 2, 3, 4];
        string path = folder.Write("m.safetensors", File(Good, values));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.That(file.ReadFinite<float>("weight", [2, 2]), Is.EqualTo(values));
    }

    [TestCase("""{"weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,12]}}""", "16 bytes")]
    [TestCase("""{"weight":{"dtype":"F32","shape":[2,2],"data_offsets":[4,20]}}""", "from byte 0")]
    [TestCase("""{"weight":{"dtype":"F32","shape":[2,2],"data_offsets":[16,0]}}""", "ascending")]
    [TestCase("""{"weight":{"dtype":"F32","shape":[-2,-2],"data_offsets":[0,16]}}""", "whole numbers")]
    [TestCase("""{"weight":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,16]}}""", "bytes of")]
    [TestCase("""{"weight":{"dtype":"F99","shape":[2,2],"data_offsets":[0,16]}}""", "dtype")]
    [TestCase("""{"weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", "8 bytes of elements")]
    [TestCase("""{"weight":[1]}""", "an object")]
    [TestCase("""[1]""", "JSON object")]
    [TestCase("""{"weight":""", "JSON")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"weight":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "from byte 8")]
    public void HostileHeadersAreRefused(string header, string says)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("m.safetensors", File(header, [1, 2, 3, 4]));
        Assert.That(() => SafetensorsFile.Open(path).Dispose(), Throws.TypeOf<DataFormatException>().With.Message.Contain(says));
    }

    [Test]
    public void LengthsBeyondTheFileAreRefusedBeforeMemoryIsTaken()
    {
        using TemporaryFolder folder = new();
        foreach (ulong length in (ulong[])[ulong.MaxValue, 1UL << 40, 100_000_001, 17, 0])
        {
            byte[] bytes = new byte[24];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            string path = folder.Write("m.safetensors", bytes);
            Assert.That(() => SafetensorsFile.Open(path).Dispose(), Throws.TypeOf<DataFormatException>(), $"{length}");
        }

        Assert.That(() => SafetensorsFile.Open(folder.Write("short", [1, 2])).Dispose(), Throws.TypeOf<DataFormatException>());
    }

    [Test]
    public void DamagedFilesGiveAnErrorOrTheirValues()
    {
        using TemporaryFolder folder = new();
        byte[] good = File(Good, [1, 2, 3, 4]);
        Random random = new(7);
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = good[..random.Next(good.Length / 2, good.Length + 1)];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            string path = folder.Write("m.safetensors", damaged);
            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                file.ReadFinite<float>("weight", [2, 2]);
            }
            catch (DataFormatException)
            {
            }
        }
    }

    [Test]
    public void AnotherModelIsRefusedAndNothingTaken()
    {
        using TemporaryFolder folder = new();
        Net(1).Save(folder["m.safetensors"]);
        ParameterSet<float> other = new(seed: 5);
        _ = new DenseLayers<float>(other, [3, 5, 2]);
        float[] before = GradientCheck.Flat(other["0.weight"].Read());
        Assert.That(() => other.Load(folder["m.safetensors"]), Throws.TypeOf<DataFormatException>().With.Message.Contain("5 x 3"));
        Assert.That(GradientCheck.Flat(other["0.weight"].Read()), Is.EqualTo(before));
        ParameterSet<double> wide = new();
        _ = new DenseLayers<double>(wide, [3, 4, 2]);
        Assert.That(() => wide.Load(folder["m.safetensors"]), Throws.TypeOf<DataFormatException>().With.Message.Contain("F64"));
    }

    private static ParameterSet<float> Net(ulong seed)
    {
        ParameterSet<float> parameters = new(seed);
        _ = new DenseLayers<float>(parameters, [3, 4, 2]);
        return parameters;
    }

    private static byte[] File(string header, float[] values)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), bytes = new byte[sizeof(ulong) + text.Length + (values.Length * sizeof(float))];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)text.Length);
        text.CopyTo(bytes, sizeof(ulong));
        Buffer.BlockCopy(values, 0, bytes, sizeof(ulong) + text.Length, values.Length * sizeof(float));
        return bytes;
    }
}
