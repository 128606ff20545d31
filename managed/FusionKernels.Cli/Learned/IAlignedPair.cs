using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>A fitted alignment of two views, whatever the method.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IAlignedPair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How training went.</summary>
    TrainingResult Training { get; }

    /// <summary>Rows of the first view in the common space.</summary>
    Tensor<T> TransformA(Tensor<T> rows);

    /// <summary>Rows of the second view in the common space.</summary>
    Tensor<T> TransformB(Tensor<T> rows);

    /// <summary>The method's own figures on rows that belong together, beside retrieval, which the verb measures itself.</summary>
    /// <param name="a">rows x features of the first view.</param>
    /// <param name="b">rows x features of the second view.</param>
    IReadOnlyList<AlignFigure> Evaluate(Tensor<T> a, Tensor<T> b);

    /// <summary>The second view as the first tells it; null where the method cannot tell.</summary>
    Tensor<T>? RebuildB(Tensor<T> a);

    /// <summary>Writes the whole model.</summary>
    void Save(string path);
}
