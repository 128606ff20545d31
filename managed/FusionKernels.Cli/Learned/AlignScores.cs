using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>How well rows find each other in the common space, and what is drawn of it.</summary>
internal sealed record AlignScores<T>(Tensor<T> A, Tensor<T> B, Tensor<T> U, Tensor<T> V, ClassLabels? Labels, RetrievalResult Retrieval, IReadOnlyList<AlignFigure> Figures)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Measures some of the rows.</summary>
    public static AlignScores<T> Of(IAlignedPair<T> fitted, Tensor<T> a, Tensor<T> b, int[] rows, ClassLabels? labels)
    {
        (Tensor<T> someA, Tensor<T> someB) = (GramPart.Rows(a, rows), GramPart.Rows(b, rows));
        (Tensor<T> u, Tensor<T> v) = (fitted.TransformA(someA), fitted.TransformB(someB));
        ClassLabels? some = labels is null ? null : ClassLabels.From(rows.Select(row => labels.Names[labels.Indices[row]]), labels.Names);
        RetrievalResult retrieval = some is null
            ? FusionKernels.Retrieval.Evaluate(u, v, SimilarityMetric.Cosine)
            : FusionKernels.Retrieval.Evaluate(u, v, SimilarityMetric.Cosine, [.. some.Indices], [.. some.Indices]);
        return new(someA, someB, u, v, some, retrieval, fitted.Evaluate(someA, someB));
    }

    /// <summary>Rows that were measured.</summary>
    public int Rows => (int)U.Lengths[0];

    /// <summary>About the mean average precision of an order by chance: the share of what is relevant, or the mean of 1 over the rank of the one that is.</summary>
    public double Chance => Labels is null
        ? Enumerable.Range(1, Rows).Sum(rank => 1.0 / rank) / Rows
        : Labels.Indices.GroupBy(label => label).Sum(group => Math.Pow(group.Count() / (double)Rows, 2));

    /// <summary>What the verb tells.</summary>
    public AlignResult Result(string method, TrainingResult training, (int Rows, int FeaturesA, int FeaturesB, int Held) shape, string device, string precision, double seconds, bool isComplete) => new(
        method,
        shape.Rows,
        shape.FeaturesA,
        shape.FeaturesB,
        (int)U.Lengths[1],
        shape.Rows - shape.Held,
        shape.Held,
        training.TrainingLosses.Count,
        training.BestEpoch,
        training.TrainingLosses,
        training.ValidationLosses,
        Labels is null ? "rows" : "labels",
        BothWays.Of(Retrieval, one => one.MeanAveragePrecision)!,
        BothWays.Of(Retrieval, one => one.RecallAt1)!,
        BothWays.Of(Retrieval, one => one.RecallAt10)!,
        Chance,
        Figures,
        device,
        precision,
        seconds,
        isComplete);
}
