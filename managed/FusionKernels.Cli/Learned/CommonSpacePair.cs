using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>A fitted pair whose rows are compared by cosine.</summary>
/// <param name="model">The model.</param>
/// <param name="figures">The method's own figures on rows that belong together; null for none.</param>
internal sealed class CommonSpacePair<T>(CommonSpaceModel<T> model, Func<Tensor<T>, Tensor<T>, AlignFigure>? figures = null) : IAlignedPair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public TrainingResult Training => model.Training;

    /// <inheritdoc/>
    public Tensor<T> TransformA(Tensor<T> rows) => model.TransformX(rows);

    /// <inheritdoc/>
    public Tensor<T> TransformB(Tensor<T> rows) => model.TransformY(rows);

    /// <inheritdoc/>
    public IReadOnlyList<AlignFigure> Evaluate(Tensor<T> a, Tensor<T> b) => figures is null ? [] : [figures(a, b)];

    /// <inheritdoc/>
    public Tensor<T>? RebuildB(Tensor<T> a) => null;

    /// <inheritdoc/>
    public void Save(string path) => model.Save(path);
}
