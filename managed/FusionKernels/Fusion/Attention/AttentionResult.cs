using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What attention gave, and the normalisation that merging and gradients need.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Output">The shape of the queries, with the width of the values.</param>
/// <param name="LogSumExp">The natural logarithm of every query's sum of exponentials, after scale and masks; -infinity where there is nothing to attend to. batch x query heads x queries in either layout, less what the queries lack.</param>
public sealed record class AttentionResult<T>(Tensor<T> Output, Tensor<T> LogSumExp)
    where T : unmanaged;
