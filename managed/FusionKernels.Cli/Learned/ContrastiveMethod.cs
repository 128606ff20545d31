using System.Numerics;

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
        ContrastiveModel<T> model = ContrastiveAlignment.Fit(task.A, task.B, task.Settings.ApplyToNetworks(options));
        return new CommonSpacePair<T>(model, (_, _) => new("factor of cosines", model.Scale));
    }
}
