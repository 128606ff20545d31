using System.Numerics.Tensors;
using FusionKernels.Bench;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace FusionKernels.Peers;

/// <summary>libtorch as an oracle of attention: outputs and all gradients, the bias's among them, in float64.</summary>
internal static class TorchAttentionOracle
{
    private const int Batch = 2, Heads = 4, KeyHeads = 2, Queries = 5, Keys = 9, Width = 6, ValueWidth = 3;

    private static readonly bool[] s_keep = [.. Samples.Uniform<double>(Queries, Keys, 21).Select((draw, pair) => draw < 0.3 || pair % Keys == 0)];

    /// <summary>What is computed twice, of queries, keys, values and perhaps a bias.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="KeyHeads">Key heads.</param>
    /// <param name="Options">Our options.</param>
    /// <param name="Bias">The shape of a bias; null for none.</param>
    /// <param name="Theirs">Theirs, of operands whose key heads are repeated.</param>
    private sealed record Case(string Name, int KeyHeads, AttentionOptions Options, int[]? Bias, Func<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor?, torch.Tensor> Theirs);

    /// <summary>Every case with the largest difference, as a part of the largest element.</summary>
    public static IEnumerable<(string Name, double Difference)> Differences() => Cases().Select(one => (one.Name, Compare(one)));

    private static IEnumerable<Case> Cases()
    {
        Tensor<bool> mask = Tensor.Create(s_keep, [Queries, Keys]);
        AttentionOptions plain = new(), masked = new() { Mask = mask }, all = new() { Mask = mask, Causal = CausalAlignment.BottomRight, SoftCap = 0.8, Scale = 0.7 };
        yield return new("attention, lengths differ", Heads, plain, null, (q, k, v, _) => F.scaled_dot_product_attention(q, k, v));
        yield return new("attention, grouped heads", KeyHeads, plain, null, (q, k, v, _) => F.scaled_dot_product_attention(q, k, v));
        yield return new("attention, one key head", 1, plain, null, (q, k, v, _) => F.scaled_dot_product_attention(q, k, v));
        yield return new("attention, causal, top left", KeyHeads, new() { Causal = CausalAlignment.TopLeft }, null, (q, k, v, _) => F.scaled_dot_product_attention(q, k, v, is_casual: true));
        yield return new("attention, causal, bottom right", KeyHeads, new() { Causal = CausalAlignment.BottomRight }, null, (q, k, v, _) => F.scaled_dot_product_attention(q, k, v, Diagonal()));
        yield return new("attention, dense mask", KeyHeads, masked, null, (q, k, v, _) => F.scaled_dot_product_attention(q, k, v, Kept()));
        yield return new("attention, bias", KeyHeads, plain, [Batch, Heads, Queries, Keys], (q, k, v, bias) => F.scaled_dot_product_attention(q, k, v, bias));
        yield return new("attention, shared bias", KeyHeads, plain, [Heads, 1, Keys], (q, k, v, bias) => F.scaled_dot_product_attention(q, k, v, bias!.expand(Batch, Heads, Queries, Keys)));
        yield return new("attention, bias and dense mask", KeyHeads, masked, [Queries, Keys], (q, k, v, bias) => F.scaled_dot_product_attention(q, k, v, bias!.masked_fill(Kept().logical_not(), double.NegativeInfinity)));
        yield return new("attention, all rules", KeyHeads, all, [Batch, 1, Queries, Keys], (q, k, v, bias) => F.softmax(
            ((q.matmul(k.transpose(2, 3)) * (0.7 / 0.8)).tanh() * 0.8 + bias!).masked_fill(Kept().logical_and(Diagonal()).logical_not(), double.NegativeInfinity), -1).matmul(v));

        static torch.Tensor Kept() => torch.tensor(s_keep, [Queries, Keys]);

        static torch.Tensor Diagonal() => torch.ones(Queries, Keys, dtype: torch.@bool).tril(Keys - Queries);
    }

    /// <summary>The largest difference of output and gradients.</summary>
    private static double Compare(Case one)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int[][] shapes = [[Batch, Heads, Queries, Width], [Batch, one.KeyHeads, Keys, Width], [Batch, one.KeyHeads, Keys, ValueWidth], .. one.Bias is { } bias ? [bias] : Array.Empty<int[]>()];
        Tensor<double>[] ours = [.. shapes.Select((shape, at) => Drawn(shape, at + 1))];
        Tensor<double>? ourBias = ours.Length > 3 ? ours[3] : null;
        AttentionResult<double> forward = Attention.ForwardWithLogSumExp(ours[0], ours[1], ours[2], one.Options, ourBias);
        Tensor<double> slope = Drawn([Batch, Heads, Queries, ValueWidth], 9);
        AttentionGradients<double> gradients = Attention.Backward(ours[0], ours[1], ours[2], forward, slope, one.Options, ourBias);

        torch.Tensor[] theirs = [.. ours.Select(tensor => Of(tensor).requires_grad_())];
        int shared = Heads / one.KeyHeads;
        torch.Tensor output = one.Theirs(theirs[0], theirs[1].repeat_interleave(shared, 1), theirs[2].repeat_interleave(shared, 1), theirs.Length > 3 ? theirs[3] : null);
        output.backward([Of(slope)]);
        Tensor<double>[] found = [gradients.Query, gradients.Key, gradients.Value, .. gradients.Bias is { } biasGradient ? [biasGradient] : Array.Empty<Tensor<double>>()];
        return found.Select((gradient, at) => TorchOracle.Difference(Samples.Elements(gradient), theirs[at].grad!)).Append(TorchOracle.Difference(Samples.Elements(forward.Output), output.detach())).Max();
    }

    private static Tensor<double> Drawn(int[] shape, int seed) => Tensor.Create(Samples.Uniform<double>(1, shape.Aggregate(1, (product, length) => product * length), seed), [.. shape.Select(length => (nint)length)]);

    private static torch.Tensor Of(Tensor<double> tensor) => torch.tensor(Samples.Elements(tensor), [.. tensor.Lengths.ToArray().Select(length => (long)length)]);
}
