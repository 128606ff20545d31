using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What a fused model leans on.</summary>
/// <param name="Views">The names of the views.</param>
/// <param name="Weights">By view: its weight in the model, 0 or more; they add up to 1.</param>
/// <param name="RowWeights">rows x views: the weights of each row, over the views that are present in it; a row without any is 0.</param>
/// <param name="Uncertainty">By row: the part of the evidence that speaks for no class, 0 to 1; empty where the strategy has none.</param>
public sealed record FusionExplanation(
    IReadOnlyList<string> Views, IReadOnlyList<double> Weights, Tensor<double> RowWeights, IReadOnlyList<double> Uncertainty)
{
    /// <summary>rows x features x views: the gates of each feature of the code, over the present views; null where the strategy has none.</summary>
    public Tensor<double>? Gates { get; init; }

    /// <summary>rows x queries x keys: how tokens look at tokens, the mean over heads; what is absent has 0. Null where the strategy has none.</summary>
    public Tensor<double>? Attention { get; init; }

    /// <summary>By query of <see cref="Attention"/>: the view whose token looks; "(answer)" or "(latent)" of tokens that are no view's.</summary>
    public IReadOnlyList<string> Queries { get; init; } = [];

    /// <summary>By key of <see cref="Attention"/>: the view whose token is looked at; "(answer)" of the one that is no view's.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
}
