using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Losses of pairs: what belongs together is near, what does not is far.</content>
public static partial class Loss
{
    /// <summary>The factor of cosines at which InfoNCE begins (Radford et al. 2021).</summary>
    internal const double FirstScale = 1 / 0.07;

    /// <summary>The largest factor of similarities, and with 1 the bounds of what is learned.</summary>
    private const double LargestScale = 100;

    /// <summary>Declares the logarithm of a learned factor of cosines.</summary>
    internal static Parameter<T> LogScale<T>(ParameterSet<T> parameters, double first = FirstScale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => parameters.Add("log_scale", Initializer.Constant(Math.Log(first)), 1);

    /// <summary>InfoNCE of both directions: the mean cross-entropy of finding each row's partner among all rows of the other view (Radford et al. 2021).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x features; rows of any length, taken as directions.</param>
    /// <param name="b">rows x features; row i belongs to row i of the first view.</param>
    /// <param name="logScale">The logarithm of the factor of cosines, one number, 1 over the temperature; the factor is kept within 1 and 100, beyond which it has no gradient.</param>
    /// <param name="labels">The class of each row, where rows of one class belong together and share the probability; empty for pairs.</param>
    /// <returns>ln(rows) where all directions are the same.</returns>
    /// <exception cref="ArgumentException">Shapes differ, or there are no rows, or labels are more or fewer.</exception>
    public static Var<T> InfoNce<T>(Var<T> a, Var<T> b, Var<T> logScale, params ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequirePairs("InfoNce", a, b);
        Var<T> logits = Cosines(a, b) * Scale(logScale);
        if (!labels.IsEmpty)
        {
            Var<T> targets = a.Tape.Constant(Together<T>(labels, a.Node.Rows, "InfoNce", isShared: true));
            return 0.5 * (CrossEntropy(logits, targets) + CrossEntropy(logits.Transpose(), targets));
        }

        int[] partners = [.. Enumerable.Range(0, a.Node.Rows)];
        return 0.5 * (CrossEntropy(logits, partners) + CrossEntropy(logits.Transpose(), partners));
    }

    /// <summary>The sigmoid loss of pairs: for every two rows the binary cross-entropy of whether they belong together, summed and divided by the rows (Zhai et al. 2023).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x features; rows of any length, taken as directions.</param>
    /// <param name="b">rows x features; row i belongs to row i of the first view.</param>
    /// <param name="logScale">As for <see cref="InfoNce"/>.</param>
    /// <param name="bias">Added to all scaled cosines, one number; begins well at -10.</param>
    /// <param name="labels">The class of each row, where rows of one class belong together; empty for pairs.</param>
    /// <exception cref="ArgumentException">Shapes differ, or there are no rows, or labels are more or fewer.</exception>
    public static Var<T> SigLip<T>(Var<T> a, Var<T> b, Var<T> logScale, Var<T> bias, params ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequirePairs("SigLip", a, b);
        int rows = a.Node.Rows;
        Var<T> logits = (Cosines(a, b) * Scale(logScale)) + bias;
        return BinaryCrossEntropy(logits, a.Tape.Constant(Together<T>(labels, rows, "SigLip", isShared: false))) * rows;
    }

    /// <summary>The mean over rows of max(0, |anchor - positive|² - |anchor - negative|² + margin) (Schroff, Kalenichenko and Philbin 2015).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="anchor">rows x features.</param>
    /// <param name="positive">rows x features: what belongs to each anchor.</param>
    /// <param name="negative">rows x features: what does not.</param>
    /// <param name="margin">How much farther the negative is to be, 0 or more.</param>
    /// <exception cref="ArgumentException">Shapes differ, or there are no rows.</exception>
    public static Var<T> Triplet<T>(Var<T> anchor, Var<T> positive, Var<T> negative, double margin = 0.2)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        RequirePairs("Triplet", anchor, positive);
        RequirePairs("Triplet", anchor, negative);
        Var<T> nearer = (anchor - positive).Square().Sum(-1) - (anchor - negative).Square().Sum(-1);
        return (nearer + margin).Activate(Activation.Relu).Mean();
    }

    /// <summary>1 where two rows belong together, or its share of the row's sum.</summary>
    private static Tensor<T> Together<T>(ReadOnlySpan<int> labels, int rows, string loss, bool isShared)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!labels.IsEmpty && labels.Length != rows) throw new ArgumentException($"{loss}: {labels.Length} labels for {rows} rows");
        T[] together = new T[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            int alike = 1;
            for (int j = 0; j < rows && isShared; j++) alike += j != i && labels[j] == labels[i] ? 1 : 0;
            for (int j = 0; j < rows; j++) together[(i * rows) + j] = i == j || (!labels.IsEmpty && labels[j] == labels[i]) ? T.CreateChecked(1.0 / alike) : T.Zero;
        }

        return Tensor.Create(together, [rows, rows]);
    }

    private static Var<T> Cosines<T>(Var<T> a, Var<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a.Unit().MatMul(b.Unit(), transposeOther: true);

    private static Var<T> Scale<T>(Var<T> logScale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => logScale.Clamp(0, Math.Log(LargestScale)).Exp();

    private static void RequirePairs<T>(string loss, Var<T> a, Var<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a.Node.Rank != 2) throw new ArgumentException($"{loss}: {Tape<T>.ShapeOf(a.Node)} is no matrix of rows x features");
        RequireSame(loss, a, b);
    }
}
