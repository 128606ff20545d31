using System.Numerics;

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
        AdversarialModel<T> model = AdversarialAlignment.Fit(task.A, task.B, task.Settings.ApplyToNetworks(options));
        return new CommonSpacePair<T>(model, (a, b) => new("modality named right", model.DiscriminatorAccuracy(a, b)));
    }
}
