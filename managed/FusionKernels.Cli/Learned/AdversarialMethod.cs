using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary><c>adversarial</c>.</summary>
internal sealed class AdversarialMethod : IAlignMethod
{
    /// <inheritdoc/>
    public string Name => "adversarial";

    /// <inheritdoc/>
    public string Description => "a common space in which a discriminator cannot tell the views apart";

    /// <inheritdoc/>
    public IAlignedPair<T> Fit<T>(AlignTask<T> task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlignMethods.RefuseMode(this, task.Settings);
        AdversarialOptions options = new()
        {
            Components = task.Settings.Components ?? 32,
            HiddenX = task.Settings.Hidden,
            HiddenY = task.Settings.Hidden,
            Labels = task.Labels,
        };
        return new Pair<T>(AdversarialAlignment.Fit(task.A, task.B, task.Settings.ApplyTo(options)));
    }

    private sealed class Pair<T>(AdversarialModel<T> model) : IAlignedPair<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TrainingResult Training => model.Training;

        public Tensor<T> TransformA(Tensor<T> rows) => model.TransformX(rows);

        public Tensor<T> TransformB(Tensor<T> rows) => model.TransformY(rows);

        public IReadOnlyList<AlignFigure> Evaluate(Tensor<T> a, Tensor<T> b) => [new("modality named right", model.DiscriminatorAccuracy(a, b))];

        public Tensor<T>? RebuildB(Tensor<T> a) => null;

        public void Save(string path) => model.Save(path);
    }
}
