using System.Numerics;
using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>A way to mask, under which some keys are seen by no query: whatever is stored there, no bit of a result may change.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="name">The way.</param>
/// <param name="options">The options.</param>
/// <param name="isSeen">Whether any query sees a key.</param>
/// <param name="hasBias">Whether a bias of -infinity masks the keys.</param>
internal sealed class MaskedKeys<T>(string name, AttentionOptions options, Func<int, bool> isSeen, bool hasBias = false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Heads = 2, Width = 4, ValueWidth = 3;

    /// <summary>Every way; of so many queries against more keys, at least four more.</summary>
    public static IEnumerable<MaskedKeys<T>> All(int batch, int queries, int keys)
    {
        Random random = new(9);
        bool[] keep = [.. Enumerable.Range(0, queries * keys).Select(pair => pair % keys != 3 && pair % keys < keys - 2 && (pair % keys == 0 || random.Next(4) != 0))];
        Tensor<bool> mask = Tensor.Create(keep, [(nint)queries, keys]);
        yield return new("dense mask", new() { Mask = mask }, key => key != 3 && key < keys - 2);
        yield return new("top left", new() { Causal = CausalAlignment.TopLeft }, key => key < queries);
        yield return new("bottom right, window", new() { Causal = CausalAlignment.BottomRight, WindowLeft = 2 }, key => key >= keys - queries - 2);
        yield return new("window", new() { WindowLeft = 1, WindowRight = 1 }, key => key <= queries);
        yield return new("prefix", new() { Causal = CausalAlignment.BottomRight, WindowLeft = 0, Prefix = 2 }, key => key < 2 || key >= keys - queries);
        yield return new("key lengths", new() { KeyLengths = [.. Enumerable.Repeat(keys - 3, batch)] }, key => key < keys - 3);
        yield return new("bias", new(), key => key % 3 != 1, hasBias: true);
        yield return new("all", new() { Mask = mask, Causal = CausalAlignment.TopLeft, SoftCap = 3, Dropout = 0.2, Seed = 6 }, key => key != 3 && key < Math.Min(keys - 2, queries));
    }

    /// <summary>Outputs, log-sum-exps and gradients with poison in the keys and values that nobody sees against those without, and gradients of 0 there.</summary>
    public void ChangeNothing(ComputeDevice device, int batch, int queries, int keys, double poison)
    {
        AttentionOptions one = options with { Device = device };
        AttentionCase<T> clean = Case(one, batch, queries, keys), dirty = Case(one, batch, queries, keys);
        int[] unseen = [.. Enumerable.Range(0, keys).Where(key => !isSeen(key))];
        Assert.That(unseen, Is.Not.Empty, name);
        foreach (int key in unseen) Poison(dirty, batch, key, T.CreateChecked(poison));
        (AttentionResult<T> expected, AttentionGradients<T> slopes) = Run(clean);
        (AttentionResult<T> actual, AttentionGradients<T> dirtySlopes) = Run(dirty);
        string what = $"{name}, {poison}";
        Assert.That(actual.Output.SequenceEqual(expected.Output) && actual.LogSumExp.SequenceEqual(expected.LogSumExp), what);
        Assert.That(dirtySlopes.Query.SequenceEqual(slopes.Query), $"{what}: dQ");
        Assert.That(dirtySlopes.Key.SequenceEqual(slopes.Key) && dirtySlopes.Value.SequenceEqual(slopes.Value), $"{what}: dK, dV");
        if (hasBias) Assert.That(dirtySlopes.Bias!.SequenceEqual(slopes.Bias!), $"{what}: dBias");
        foreach (int key in unseen) Assert.That(T.IsZero(dirtySlopes.Key[0, 0, key, 1]) && T.IsZero(dirtySlopes.Value[batch - 1, 0, key, 2]), $"{what}: gradient of key {key}");

        // What is seen is not passed over.
        if (!double.IsNaN(poison)) return;
        AttentionCase<T> refused = Case(one, batch, queries, keys);
        Poison(refused, batch, Enumerable.Range(0, keys).First(isSeen), T.NaN);
        Assert.That(() => Run(refused), Throws.ArgumentException.With.Message.Contains("holds NaN"), name);
    }

    private static void Poison(AttentionCase<T> one, int batch, int key, T poison)
    {
        for (int item = 0; item < batch; item++)
        {
            for (int d = 0; d < Width; d++) one.Key[item, 0, key, d] = poison;
            for (int d = 0; d < ValueWidth; d++) one.Value[item, 0, key, d] = poison;
        }
    }

    private static (AttentionResult<T> Result, AttentionGradients<T> Gradients) Run(AttentionCase<T> one)
    {
        AttentionResult<T> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options, one.Bias);
        return (forward, Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, one.Options, one.Bias));
    }

    private AttentionCase<T> Case(AttentionOptions one, int batch, int queries, int keys)
    {
        AttentionCase<T> made = new(batch, Heads, 1, queries, keys, Width, ValueWidth, one, hasBias ? [queries, keys] : null);
        for (int pair = 0; hasBias && pair < queries * keys; pair++)
        {
            if (!isSeen(pair % keys)) made.Bias![pair / keys, pair % keys] = T.NegativeInfinity;
        }

        return made;
    }
}
