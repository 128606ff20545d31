namespace FusionKernels;

/// <content>Models in files.</content>
public sealed partial class FusionStrategy
{
    /// <summary>Writes a model to a file: the rows it learns from, and the name of the strategy.</summary>
    /// <remarks>Kernels compare new rows with these rows anyhow; what follows from them is fitted again, to the same bits, when the file is read.</remarks>
    /// <param name="path">The .npz file.</param>
    /// <param name="views">Views with labels or targets.</param>
    /// <param name="strategy">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such strategy, or the views have neither labels nor targets.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, Views views, string strategy)
    {
        ArgumentNullException.ThrowIfNull(views);
        _ = Named(strategy);
        if (views.Labels is null) _ = views.RequireTargets();
        views.Save(path, strategy);
    }

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Device, threads, cancellation; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, of another kind or version, or names no strategy of this version.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static FusionModel Load(string path, ExecutionOptions? options = null)
    {
        Views views = Views.Load(path, out string name);
        FusionStrategy strategy = All().FirstOrDefault(one => one.Name == name)
            ?? throw new DataFormatException(path, "array 'strategy'", $"one of {string.Join(", ", Names)}", name.Length == 0 ? "views without a strategy" : name);
        return strategy.Fit(views, options);
    }
}
