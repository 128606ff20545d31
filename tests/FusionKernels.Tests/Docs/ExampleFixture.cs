using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>What the examples of the pages find: a working folder of their own with a few files, and the names that the pages use.</summary>
/// <remarks>An example's lines up to its first assertion stand on a page, word by word; <see cref="PageTests"/> compares.</remarks>
internal abstract class ExampleFixture
{
    /// <summary>The classes of the rows.</summary>
    protected readonly int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 2)];

    /// <summary>Rows of two classes that their features tell apart: 60 x 24.</summary>
    protected Tensor<float> x = null!;

    /// <summary>More such rows: 20 x 24.</summary>
    protected Tensor<float> newRows = null!;

    /// <summary>Two views of the rows: 60 x 10 and 60 x 6.</summary>
    protected Tensor<float> images = null!, texts = null!;

    /// <summary>The same views of more rows: 20 x 10 and 20 x 6.</summary>
    protected Tensor<float> moreImages = null!, moreTexts = null!;

    /// <summary>Two sets in one space whose rows belong together: 20 x 24 each.</summary>
    protected Tensor<float> u = null!, v = null!;

    /// <summary>Operands of attention, of batch x heads x length x width: 2 x 4 x 10 x 8, and twice 2 x 2 x 12 x 8.</summary>
    protected Tensor<float> queries = null!, keys = null!, values = null!, lossGradient = null!;

    private TemporaryFolder _folder = null!;
    private string _before = null!;

    [SetUp]
    public void EnterFolder()
    {
        x = Rows(60, seed: 1);
        newRows = Rows(20, seed: 2);
        (images, texts) = (x[.., ..10], x[.., 10..16]);
        (moreImages, moreTexts) = (newRows[.., ..10], newRows[.., 10..16]);
        (u, v) = (newRows, newRows);
        (queries, keys, values, lossGradient) = (Heads(4, 10, seed: 3), Heads(2, 12, seed: 4), Heads(2, 12, seed: 5), Heads(4, 10, seed: 6));
        _before = Environment.CurrentDirectory;
        _folder = new();
        Environment.CurrentDirectory = Path.GetDirectoryName(_folder["x"])!;
        Npy.Write("x.npy", x);
        Npz.Write("views.npz", new Dictionary<string, Tensor<float>> { ["pixels"] = x, ["strokes"] = newRows });
        File.WriteAllText("flowers.csv", "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n6.3,3.3,virginica\n");
        File.WriteAllText("runs.csv", "1,2,3\n2,3\n1,1,2,3\n");
        Wav.Write("word.wav", new WavAudio<float>(Tone(4000), 8000));
        File.WriteAllText("series.ts", "@problemName pulses\n@univariate true\n@classLabel true up down\n@data\n1,2,3:up\n3,2:down\n");
    }

    [TearDown]
    public void LeaveFolder()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    /// <summary>A rising tone, left louder than right.</summary>
    private static Tensor<float> Tone(int length) =>
        Tensor.Create(Enumerable.Range(0, 2 * length).Select(i => MathF.Sin(1e-5f * i * i) / (2 + (i % 2))).ToArray(), [length, 2]);

    private static Tensor<float> Heads(int heads, int length, int seed)
    {
        Random random = new(seed);
        return Tensor.Create([.. Enumerable.Range(0, 2 * heads * length * 8).Select(_ => (random.NextSingle() * 2) - 1)], [2, heads, length, 8]);
    }

    private static Tensor<float> Rows(int count, int seed)
    {
        const int Features = 24;
        Random random = new(seed);
        float[] values = new float[count * Features];
        for (int i = 0; i < values.Length; i++) values[i] = (i / Features % 2) + (0.5f * random.NextSingle());
        return Tensor.Create(values, [count, Features]);
    }
}
