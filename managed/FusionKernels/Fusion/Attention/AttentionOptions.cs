using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What attention computes beside softmax(q kᵀ / sqrt(width)) v. Everything composes: a pair is attended to where no mask forbids it.</summary>
/// <remarks>The order is scale, soft cap, ALiBi and bias, masks, softmax, dropout.</remarks>
public sealed record class AttentionOptions : ExecutionOptions
{
    /// <summary>The order of dimensions; batch x heads x length x width by default.</summary>
    public AttentionLayout Layout { get; init; }

    /// <summary>Factor of the dot products; null (the default) for 1 / sqrt(width of a query).</summary>
    public double? Scale { get; init; }

    /// <summary>Scores become cap tanh(score / cap); 0, the default, for none.</summary>
    public double SoftCap { get; init; }

    /// <summary>Whether keys after a query are masked, and where queries stand among the keys; not masked by default.</summary>
    public CausalAlignment Causal { get; init; }

    /// <summary>How many keys before its own position a query sees, 0 or more; null (the default) for all.</summary>
    public int? WindowLeft { get; init; }

    /// <summary>How many keys after its own position a query sees, 0 or more; null (the default) for all. A causal alignment leaves none.</summary>
    public int? WindowRight { get; init; }

    /// <summary>So many first keys are seen by every query, whatever causal alignment and window say; 0 by default. Key lengths and the mask hold for them, too.</summary>
    public int Prefix { get; init; }

    /// <summary>The first so many keys of each item of the batch are there, the others are masked; null (the default) for all.</summary>
    public IReadOnlyList<int>? KeyLengths { get; init; }

    /// <summary>ALiBi (Press, Smith and Lewis 2022): a score loses slope times the distance of query and key, a slope for each query head; null (the default) for none.</summary>
    public IReadOnlyList<double>? AlibiSlopes { get; init; }

    /// <summary>Which pairs are kept, true for attend: batch x query heads x queries x keys in either layout, dimensions of 1 or left out in front repeat; null (the default) for all.</summary>
    public Tensor<bool>? Mask { get; init; }

    /// <summary>The probability with which a weight is dropped after the softmax, 0 (the default) to below 1; weights that are kept are divided by 1 - probability. Log-sum-exps do not change.</summary>
    public double Dropout { get; init; }

    /// <summary>What decides which weights are dropped: seed, item, query head, query and key alone (Philox-4x32-10), so that the gradients' and the weights' mask is the forward pass's; 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <summary>How the forward pass is computed: by whichever route was measured to be faster for such a shape (the default), or by the one named. On devices and against a cache it is fused always; naming the other is refused.</summary>
    public AttentionRoute Route { get; init; }

    /// <summary>How queries, keys and values are stored; as they are by default. Other formats are for float tensors; on the host they round a copy and save nothing, so that results can be compared with those of devices.</summary>
    public AttentionStorage Storage { get; init; }
}
