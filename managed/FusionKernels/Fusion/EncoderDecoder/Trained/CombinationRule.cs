using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>How a batch's views become one code; a rule declares its parameters when it is made.</summary>
internal abstract class CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Features of the combined code.</summary>
    public abstract int Outputs { get; }

    /// <summary>Combines views.</summary>
    public abstract Combination<T> Combine(ModalityTokens<T> views);

    /// <summary>Whether tokens of a rule are more than one for a vector.</summary>
    public static bool ReadsTokens(FusionRule rule) => rule is FusionRule.CrossModal or FusionRule.Latent or FusionRule.Bottleneck;

    /// <summary>The rule of a name.</summary>
    public static CombinationRule<T> Of(ParameterSet<T> parameters, ViewInputEncoder inputs, ModalityEncoder<T>[] encoders, TrainedFusionOptions options)
    {
        int views = encoders.Length;
        return options.Rule switch
        {
            FusionRule.Film => new FilmRule<T>(parameters, views, options.Width),
            FusionRule.Bilinear => new BilinearRule<T>(parameters, views, options.Width),
            FusionRule.Tensor => new TensorRule<T>(parameters, views, options.Width),
            FusionRule.LowRank => new LowRankRule<T>(parameters, views, options.Width, options.Width, options.Rank),
            FusionRule.AttentionPool => new AttentionPoolRule<T>(parameters, views, options.Width),
            FusionRule.WeightedSum => new WeightedSumRule<T>(parameters, views, options.Width),
            FusionRule.Attention => new TokenAttentionRule<T>(parameters, views, options),
            FusionRule.CrossModal => new CrossModalRule<T>(parameters, views, options),
            FusionRule.Latent => new LatentRule<T>(parameters, views, options),
            FusionRule.Bottleneck => new BottleneckRule<T>(parameters, views, options),
            FusionRule.Graph => new BipartiteRule<T>(parameters, inputs, views, options),
            FusionRule.Translation => new TranslationRule<T>(parameters, inputs, encoders, options),
            _ => new GatedRule<T>(parameters, views, options.Width),
        };
    }
}

/// <summary>A combined code, rows x outputs, and what it leans on: weights, rows x views; gates, rows x features x views; attention.</summary>
internal readonly record struct Combination<T>(Var<T> Code, Var<T>? Weights = null, Var<T>? Gates = null, TokenLooks<T>? Attention = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>How tokens look at tokens.</summary>
/// <param name="Weights">rows x queries x keys.</param>
/// <param name="Queries">By query: the view whose token it is; -1 where it is the rule's own.</param>
/// <param name="Keys">By key: the same.</param>
internal sealed record TokenLooks<T>(Var<T> Weights, int[] Queries, int[] Keys)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A rule that also rebuilds views from others.</summary>
internal interface IRebuildingRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Scaled values of a view from those that are there, rows x (places features).</summary>
    Var<T> Rebuild(ModalityTokens<T> views, int view);

    /// <summary>How far off it is.</summary>
    Var<T> RebuildingLoss(ModalityTokens<T> views, RebuildingTargets<T> targets);

    /// <summary>Keeps what the rule has to know of the training rows.</summary>
    void Settle(ModalityTokens<T> training);

    /// <summary>Writes what <see cref="Settle"/> kept.</summary>
    void Write(ModelStateWriter file);

    /// <summary>Takes what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataFormatException">It is absent, of another shape, or not finite.</exception>
    void Read(ModelStateReader file);
}

/// <summary>Values that a step may rebuild: by view, rows x (places features), whichever of them are dropped in this step.</summary>
/// <param name="Values">By view: scaled values.</param>
/// <param name="Keep">By view: which places are there, rows x places.</param>
internal sealed record RebuildingTargets<T>(Var<T>[] Values, bool[][] Keep)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The mean squared error of a view over the places that are there.</summary>
    /// <param name="rebuilt">rows x (places features).</param>
    /// <param name="view">The view.</param>
    /// <param name="counts">Whether a row counts.</param>
    public Var<T> Error(Var<T> rebuilt, int view, Func<int, bool> counts)
    {
        // A batch's series may be shorter or longer than what is rebuilt: the places that both have.
        int rows = rebuilt.Node.Lengths[0], places = Keep[view].Length / rows, features = Values[view].Node.Columns / places, both = Math.Min(places, rebuilt.Node.Columns / features);
        T[] mask = new T[rows * both];
        for (int at = 0; at < mask.Length; at++) mask[at] = counts(at / both) && Keep[view][(at / both * places) + (at % both)] ? T.One : T.Zero;
        double count = mask.Count(one => one == T.One);
        Var<T> difference = (rebuilt.Columns(0, both * features) - Values[view].Columns(0, both * features)).Reshape(rows, both, features);
        return (difference * rebuilt.Tape.Constant(Tensor.Create(mask, [rows, both, 1]))).Square().Sum() * (1 / Math.Max(1, count * features));
    }
}
