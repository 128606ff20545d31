using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary><c>dcca</c>.</summary>
internal sealed class DeepCcaMethod : IAlignMethod
{
    /// <inheritdoc/>
    public string Name => "dcca";

    /// <inheritdoc/>
    public string Description => "deep canonical correlation: networks whose outputs correlate";

    /// <inheritdoc/>
    public IAlignedPair<T> Fit<T>(AlignTask<T> task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeepCanonicalCorrelationOptions options = new()
        {
            Components = task.Settings.Components ?? 10,
            HiddenX = task.Settings.Hidden,
            HiddenY = task.Settings.Hidden,
            Objective = AlignMethods.Mode<CorrelationObjective>(task.Settings.Mode),
            Ridge = 1e-3,
        };
        return new Pair<T>(DeepCanonicalCorrelation.Fit(task.A, task.B, task.Settings.ApplyToNetworks(options)));
    }

    private sealed class Pair<T>(DeepCanonicalCorrelationModel<T> model) : IAlignedPair<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TrainingResult Training => model.Training;

        public Tensor<T> TransformA(Tensor<T> rows) => model.TransformX(rows);

        public Tensor<T> TransformB(Tensor<T> rows) => model.TransformY(rows);

        public IReadOnlyList<AlignFigure> Evaluate(Tensor<T> a, Tensor<T> b)
        {
            IReadOnlyList<double> correlations = model.Evaluate(a, b);
            return [new("total correlation", correlations.Sum()), new("first correlation", correlations[0])];
        }

        public Tensor<T>? RebuildB(Tensor<T> a) => null;

        public void Save(string path) => model.Save(path);
    }
}
