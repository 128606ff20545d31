using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>Our attention with masked or biased scores, beside our plain one.</summary>
/// <param name="ours">The case.</param>
internal sealed class OwnAttention(AttentionCase ours) : Contestant
{
    /// <inheritdoc/>
    public override string Name => TitleOf(ours.Masking);

    /// <inheritdoc/>
    public override Work? Work => ours.Work;

    /// <inheritdoc/>
    public override Func<int, int, double>? Reference => ours.Reference;

    /// <summary>The contestant's name.</summary>
    public static string TitleOf(AttentionMasking masking) => masking switch
    {
        AttentionMasking.Causal => $"{ContestRun.OurName}, causal",
        AttentionMasking.Dense => $"{ContestRun.OurName}, dense mask",
        AttentionMasking.Bias => $"{ContestRun.OurName}, bias",
        _ => ContestRun.OurName,
    };

    /// <inheritdoc/>
    public override void Run() => ours.Run();

    /// <inheritdoc/>
    public override double At(int row, int column) => ours.At(row, column);

    /// <inheritdoc/>
    public override void Dispose() => ours.Dispose();
}
