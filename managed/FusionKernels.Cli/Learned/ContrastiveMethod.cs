using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary><c>contrastive</c>.</summary>
internal sealed class ContrastiveMethod : IAlignMethod
{
    /// <inheritdoc/>
    public string Name => "contrastive";

    /// <inheritdoc/>
    public string Description => "two towers: what belongs together points the same way";

    /// <inheritdoc/>
    public IAlignedPair<T> Fit<T>(AlignTask<T> task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ContrastiveOptions options = new()
        {
            Components = task.Settings.Components ?? 32,
            HiddenX = task.Settings.Hidden,
            HiddenY = task.Settings.Hidden,
            Loss = AlignMethods.Mode<ContrastiveLoss>(task.Settings.Mode),
            Scale = 5,
            Labels = task.Labels,
        };
        return new Pair<T>(ContrastiveAlignment.Fit(task.A, task.B, task.Settings.ApplyTo(options)));
    }

    private sealed class Pair<T>(ContrastiveModel<T> model) : IAlignedPair<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TrainingResult Training => model.Training;

        public Tensor<T> TransformA(Tensor<T> rows) => model.TransformX(rows);

        public Tensor<T> TransformB(Tensor<T> rows) => model.TransformY(rows);

        public IReadOnlyList<AlignFigure> Evaluate(Tensor<T> a, Tensor<T> b) => [new("factor of cosines", model.Scale)];

        public Tensor<T>? RebuildB(Tensor<T> a) => null;

        public void Save(string path) => model.Save(path);
    }
}
