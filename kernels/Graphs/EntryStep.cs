namespace FusionKernels.Kernels.Graphs;

/// <summary>What is computed for every entry of a sparse matrix.</summary>
internal enum EntryStep
{
    /// <summary>The dot product of its row in the first operand and its column's in the second.</summary>
    Dot,

    /// <summary>The score of its row's and its column's value.</summary>
    Score,

    /// <summary>From scores and their gradients, those of the sums in them.</summary>
    ScoreGradient,

    /// <summary>From scores, their softmax over the row.</summary>
    Softmax,

    /// <summary>From a softmax and its gradients, those of the scores.</summary>
    SoftmaxGradient,
}
