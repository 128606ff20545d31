using System.Numerics;

namespace FusionKernels.Cli;

/// <summary><c>attention</c>.</summary>
internal sealed class AttentionMethod : IAlignMethod
{
    /// <inheritdoc/>
    public string Name => "attention";

    /// <inheritdoc/>
    public string Description => "tokens of each view look at those of the other";

    /// <inheritdoc/>
    public IAlignedPair<T> Fit<T>(AlignTask<T> task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlignSettings settings = task.Settings;
        AlignMethods.RefuseMode(this, settings);
        CrossModalOptions options = new();
        if (settings.Hidden.Count > 1) throw new UsageException("--hidden: attention takes one width, between a row and its tokens");
        if (settings.Components is { } asked && asked % options.Heads != 0) throw new UsageException($"--components {asked}: attention needs a multiple of {options.Heads}, its heads");
        options = settings.ApplyTo(options) with
        {
            Width = settings.Components ?? options.Width,
            Hidden = settings.Hidden.Count > 0 ? settings.Hidden[0] : options.Hidden,
            Dropout = settings.Dropout,
            Optimizer = settings.At(options.Optimizer),
            Labels = task.Labels,
        };
        return new CommonSpacePair<T>(CrossModalAlignment.Fit(task.A, task.B, options));
    }
}
