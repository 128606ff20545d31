using System.Numerics;
using FusionKernels.Kernels.Elementwise;

namespace FusionKernels;

/// <summary>What training makes small: functions of values on a tape that end in one number.</summary>
/// <remarks>Each is a mean over rows unless it says otherwise, and checks shapes before it computes. NaN goes through.</remarks>
public static partial class Loss
{
    /// <summary>Cross-entropy of logits with labels: the mean of log-sum-exp less the label's logit.</summary>
    /// <param name="logits">rows x classes.</param>
    /// <param name="labels">The class of each row, from 0.</param>
    /// <exception cref="ArgumentException">There are more or fewer labels than rows, or none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is below 0, or not below the number of classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public static Var<T> CrossEntropy<T>(Var<T> logits, params ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireRows("CrossEntropy", labels.Length);
        return -logits.LogSoftmax().Pick(labels).Mean();
    }

    /// <summary>Cross-entropy of logits with distributions over classes.</summary>
    /// <param name="logits">rows x classes.</param>
    /// <param name="targets">rows x classes, of sum 1 in each row.</param>
    /// <exception cref="ArgumentException">Shapes differ.</exception>
    public static Var<T> CrossEntropy<T>(Var<T> logits, Var<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSame("CrossEntropy", logits, targets);
        return (logits.LogSoftmax() * targets).Sum() * (-1.0 / Math.Max(1, logits.Node.Rows));
    }

    /// <summary>The mean of squared differences, over all elements.</summary>
    /// <param name="values">Any shape.</param>
    /// <param name="targets">The same shape.</param>
    /// <exception cref="ArgumentException">Shapes differ.</exception>
    public static Var<T> MeanSquaredError<T>(Var<T> values, Var<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSame("MeanSquaredError", values, targets);
        return PairLossOperation<T>.Record(values, targets, default(SquaredDifferenceFunction<T>), SquaredErrorOperation<T>.Instance);
    }

    /// <summary>Binary cross-entropy of logits with targets in [0, 1], the mean over all elements; finite for any finite logit.</summary>
    /// <param name="logits">Any shape.</param>
    /// <param name="targets">The same shape; constants.</param>
    /// <exception cref="ArgumentException">Shapes differ.</exception>
    public static Var<T> BinaryCrossEntropy<T>(Var<T> logits, Var<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSame("BinaryCrossEntropy", logits, targets);
        if (targets.Node.NeedsGradient) throw new ArgumentException("BinaryCrossEntropy: the targets are trained; detach them", nameof(targets));
        return PairLossOperation<T>.Record(logits, targets, default(LogisticLossFunction<T>), LogisticOperation<T>.Instance);
    }

    /// <summary>The Kullback-Leibler divergence of normal distributions from the standard one, summed over features, the mean over rows: -1/2 sum(1 + l - m² - exp l) (Kingma and Welling 2014).</summary>
    /// <param name="means">rows x features: m.</param>
    /// <param name="logVariances">rows x features: l.</param>
    /// <exception cref="ArgumentException">Shapes differ.</exception>
    public static Var<T> Divergence<T>(Var<T> means, Var<T> logVariances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSame("Divergence", means, logVariances);
        return (means.Square() + logVariances.Exp() - logVariances - 1).Sum() * (0.5 / Math.Max(1, means.Node.Rows));
    }

    /// <summary>The negative evidence bound of a variational autoencoder: squared reconstruction error summed over features, over 2 variance, plus beta times the divergence; the mean over rows.</summary>
    /// <param name="reconstruction">rows x features.</param>
    /// <param name="target">rows x features.</param>
    /// <param name="means">rows x codes.</param>
    /// <param name="logVariances">rows x codes.</param>
    /// <param name="beta">Weight of the divergence; 1 for the bound itself.</param>
    /// <param name="variance">Variance of the reconstruction's noise.</param>
    /// <exception cref="ArgumentException">Shapes differ.</exception>
    public static Var<T> EvidenceBound<T>(Var<T> reconstruction, Var<T> target, Var<T> means, Var<T> logVariances, double beta = 1, double variance = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        return (MeanSquaredError(reconstruction, target) * (reconstruction.Node.Columns / (2 * variance))) + (Divergence(means, logVariances) * beta);
    }

    private static void RequireRows(string loss, int rows)
    {
        if (rows == 0) throw new ArgumentException($"{loss}: there are no rows; at least one is needed");
    }

    private static void RequireSame<T>(string loss, Var<T> a, Var<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!a.Node.Lengths.SequenceEqual(b.Node.Lengths)) throw new ArgumentException($"{loss}: {Tape<T>.ShapeOf(a.Node)} and {Tape<T>.ShapeOf(b.Node)}: one shape is needed");
        RequireRows(loss, (int)Math.Min(1, a.Node.Elements));
    }
}
