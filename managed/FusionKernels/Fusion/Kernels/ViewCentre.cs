using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>
/// How a view's kernel is centred by the training rows that have the view, in the same pass as the sum. Of n rows p have it; with M the kernel that
/// is 0 where either row lacks it and C(M) the same centred over all n, the kernel less the means over the p rows is
/// n/p C(M) + (1 - n/p) M + (n/p) (n/p - 1) mean(M), wherever both rows have the view.
/// </summary>
/// <param name="Factor">n / p.</param>
/// <param name="Offset">The last term; 0 where all rows have the view.</param>
internal readonly record struct ViewCentre(double Factor, double Offset)
{
    /// <summary>1 of any two rows.</summary>
    public static Kernel One { get; } = Kernel.Polynomial(1, 1, 0).On(^1..);

    /// <summary>Fits the centre of a view of features; a pass over the pairs, nothing of which is stored, where some rows lack the view.</summary>
    /// <param name="kernel">The view's kernel over encoded rows.</param>
    /// <param name="presence">Its presence.</param>
    /// <param name="train">The training rows, encoded.</param>
    /// <param name="present">Training rows that have the view.</param>
    /// <param name="options">How to run.</param>
    public static ViewCentre Fit<T>(Kernel kernel, Kernel presence, Tensor<T> train, int present, GramOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = (int)train.Lengths[0];
        if (present == rows) return new(1, 0);
        T[] ones = new T[rows];
        Array.Fill(ones, T.One);
        Tensor<T> sums = Gram.Multiply(train, kernel * presence, Tensor.Create(ones, [rows]), options);
        double factor = rows / (double)present, mean = sums.Sum(value => double.CreateTruncating(value)) / rows / rows;
        return new(factor, factor * (factor - 1) * mean);
    }

    /// <summary>The centred kernel, right where both rows have the view.</summary>
    public Kernel Of(Kernel kernel, Kernel presence)
    {
        if (Factor == 1) return kernel.Centered();
        Kernel masked = kernel * presence;
        return (Factor * masked.Centered()) + ((1 - Factor) * masked) + (Offset * One);
    }
}
