namespace FusionKernels;

/// <summary>A way to fuse views, by name: what reports and the tool compare.</summary>
/// <param name="name">The name.</param>
/// <param name="fit">Fits a model to views with labels or targets.</param>
public sealed partial class FusionStrategy(string name, Func<Views, ExecutionOptions?, FusionModel> fit)
{
    /// <summary>Whether it was made by its name, so that a file's reader knows it.</summary>
    private bool _isKnown;

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>Fits a model.</summary>
    /// <param name="views">Views with labels or targets.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are neither labels nor targets, the strategy does not take the one or the other or a kind of view, or a present value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public FusionModel Fit(Views views, ExecutionOptions? options = null) => fit(views, options);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
