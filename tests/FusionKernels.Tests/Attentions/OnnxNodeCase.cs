using System.Numerics.Tensors;

namespace FusionKernels.Tests.Attentions;

/// <summary>A node case of the ONNX operator Attention: sizes and attributes, and the operands in the order in which numpy draws them.</summary>
/// <param name="Name">The case's published name, without <c>test_attention_</c>.</param>
internal sealed record OnnxNodeCase(string Name)
{
    /// <summary>Features of a query and a key.</summary>
    public const int Width = 8;

    /// <summary>The seed; 0 before every case that sets none.</summary>
    public int Seed { get; init; }

    /// <summary>Items.</summary>
    public int Batch { get; init; } = 2;

    /// <summary>Query heads.</summary>
    public int Heads { get; init; } = 3;

    /// <summary>Key heads.</summary>
    public int KeyHeads { get; init; } = 3;

    /// <summary>Queries.</summary>
    public int Queries { get; init; } = 4;

    /// <summary>Keys, those of the past aside.</summary>
    public int Keys { get; init; } = 6;

    /// <summary>Features of a value.</summary>
    public int ValueWidth { get; init; } = 8;

    /// <summary>Whether heads are folded into the width: batch x length x (heads x width).</summary>
    public bool IsFolded { get; init; }

    /// <summary><c>is_causal</c>.</summary>
    public bool IsCausal { get; init; }

    /// <summary><c>scale</c>.</summary>
    public double? Scale { get; init; }

    /// <summary><c>softcap</c>.</summary>
    public double SoftCap { get; init; }

    /// <summary><c>left_window_size</c>.</summary>
    public int? Left { get; init; }

    /// <summary>The shape of an <c>attn_mask</c> of numbers.</summary>
    public nint[]? Bias { get; init; }

    /// <summary>The shape of an <c>attn_mask</c> of numbers that are drawn and taken as truths: nearly surely all true.</summary>
    public nint[]? Drawn { get; init; }

    /// <summary>An <c>attn_mask</c> of truths.</summary>
    public Tensor<bool>? Mask { get; init; }

    /// <summary>Rows of <c>past_key</c> and <c>past_value</c>.</summary>
    public int Past { get; init; }

    /// <summary><c>nonpad_kv_seqlen</c>.</summary>
    public int[]? Lengths { get; init; }

    /// <summary>Whether operands are float16.</summary>
    public bool IsHalf { get; init; }

    /// <summary>The published cases of which this library has every feature, but for those with values of their own.</summary>
    public static IEnumerable<OnnxNodeCase> All
    {
        get
        {
            yield return new("4d_fp16") { IsHalf = true };
            yield return new("4d_gqa_with_past_and_present_fp16") { Heads = 9, Past = 12, Bias = [4, 18], IsHalf = true };
            foreach (bool isFolded in (bool[])[false, true])
            {
                string rank = isFolded ? "3d" : "4d";
                foreach ((string kind, int heads, int valueWidth, string plural) in ((string, int, int, string)[])[("", 3, 8, ""), ("_gqa", 9, 8, ""), ("_diff_heads", 3, 10, "_sizes")])
                {
                    OnnxNodeCase one = new(rank + kind + plural) { Heads = heads, ValueWidth = valueWidth, IsFolded = isFolded };
                    yield return one;
                    yield return one with { Name = one.Name + "_scaled", Scale = 1e-2 };
                    yield return one with { Name = one.Name + "_causal", IsCausal = true };
                    yield return one with { Name = one.Name + "_attn_mask", Bias = [4, 6] };
                    yield return one with { Name = one.Name + "_softcap", SoftCap = isFolded ? 3 : 2 };
                    yield return one with { Name = $"{rank}{kind}_with_past_and_present", Past = 12, Bias = [4, 18] };
                }

                yield return new($"{rank}_with_past_and_present_qk_matmul_softcap") { IsFolded = isFolded, Past = 12, Bias = [4, 18], SoftCap = 2 };
            }

            yield return new("4d_attn_mask_3d") { Bias = [2, 1, 4, 6] };
            yield return new("4d_attn_mask_3d_causal") { Bias = [2, 1, 4, 6], IsCausal = true };
            yield return new("4d_attn_mask_4d") { Bias = [2, 3, 4, 6] };
            yield return new("4d_attn_mask_4d_causal") { Bias = [2, 3, 4, 6], IsCausal = true };
            yield return new("4d_attn_mask_bool") { Drawn = [4, 6] };
            yield return new("4d_attn_mask_bool_4d") { Drawn = [2, 3, 4, 6] };
            yield return new("4d_with_qk_matmul_softcap") { Bias = [4, 6], SoftCap = 2 };
            yield return new("4d_diff_heads_with_past_and_present_mask3d") { ValueWidth = 10, Past = 12, Bias = [2, 1, 4, 18] };
            yield return new("4d_diff_heads_with_past_and_present_mask4d") { ValueWidth = 10, Past = 12, Bias = [2, 3, 4, 18] };
            yield return new("4d_diff_heads_mask4d_padded_kv") { ValueWidth = 10, Bias = [2, 3, 4, 4], Lengths = [3, 4] };
            yield return new("4d_causal_nonpad_batch_prefill") { Seed = 12, Batch = 3, Heads = 2, KeyHeads = 2, Queries = 2, IsCausal = true, Lengths = [4, 5, 6] };
            yield return new("4d_causal_nonpad_attn_mask_composition")
            {
                Seed = 11,
                Heads = 2,
                KeyHeads = 2,
                Queries = 3,
                IsCausal = true,
                Lengths = [4, 5],
                Mask = Tensor.Create([.. "111000111000101100111100111100110110".Select(pair => pair == '1')], [(nint)2, 1, 3, 6]),
            };
            yield return new("local_window") { IsCausal = true, Left = 2 };
            yield return new("local_window_rank1_boolean_mask") { IsCausal = true, Left = 2, Mask = Tensor.Create([true, true, true, true, false, false], [(nint)6]) };
            yield return new("local_window_ext_cache_rank3_head_mask") { Keys = 8, IsCausal = true, Left = 2, Bias = [3, 4, 8], Lengths = [6, 7] };
            yield return new("local_window_ext_cache_rank4_batch_mask") { Keys = 8, IsCausal = true, Left = 2, Bias = [2, 1, 4, 8], Lengths = [6, 7] };
            yield return new("local_window_ext_cache_rank2_mask") { Keys = 8, IsCausal = true, Left = 2, Bias = [1, 8], Lengths = [6, 7] };
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The operands.</summary>
    public Operands Draw()
    {
        NumpyRandom random = new(Seed);
        Tensor<float> q = Heads4(Heads, Queries, Width), k = Heads4(KeyHeads, Keys, Width), v = Heads4(KeyHeads, Keys, ValueWidth);
        Tensor<float>? bias = Bias is null ? null : Rounded(random.Tensor(Bias));
        Tensor<bool>? mask = Drawn is null ? Mask : Tensor.Create([.. random.Tensor(Drawn).Select(draw => draw != 0)], Drawn);
        Tensor<float>? pastKey = Past == 0 ? null : Rounded(random.Tensor(Batch, KeyHeads, Past, Width)), pastValue = Past == 0 ? null : Rounded(random.Tensor(Batch, KeyHeads, Past, ValueWidth));
        return new(q, k, v, bias, mask, pastKey, pastValue);

        Tensor<float> Heads4(int heads, int length, int width) => Rounded(
            IsFolded ? Tensor.PermuteDimensions(random.Tensor(Batch, length, heads * width).Reshape([Batch, length, heads, width]), [0, 2, 1, 3]) : random.Tensor(Batch, heads, length, width));

        Tensor<float> Rounded(Tensor<float> drawn) => IsHalf ? Tensor.Create([.. drawn.Select(x => (float)(Half)x)], drawn.Lengths) : drawn;
    }

    /// <summary>Operands, batch x heads x length x width.</summary>
    internal sealed record Operands(Tensor<float> Query, Tensor<float> Key, Tensor<float> Value, Tensor<float>? Bias, Tensor<bool>? Mask, Tensor<float>? PastKey, Tensor<float>? PastValue);
}
