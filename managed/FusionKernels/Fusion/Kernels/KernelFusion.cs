namespace FusionKernels;

/// <summary>Fuses views by their kernels: one kernel of all views, weighted, and one learner on it. Vectors, images, series and ready Gram matrices fuse in one call.</summary>
/// <remarks>
/// <para>The kernels of vectors and images are normalised, masked, centred on request, weighted and summed in one pass over tiles of one Gram matrix, on the
/// device of the options; their features stand side by side in one matrix of rows x features. Only learned weights (ALIGN and on) store
/// a Gram matrix of each view while they are learned. Cost: as <see cref="Gram"/> of all features, and of the learner.</para>
/// <para>Absent views: among training rows k(x, y) is the sum over the views that both have of w k_m(x, y), over the root of the weights
/// that x has times those that y has; so k(x, x) = 1 for rows of any views unless centred, and the kernel stays positive semi-definite. New rows that lack
/// views are predicted by a learner of the views that they have, fitted when such rows are first met and kept (<see cref="AbsentViews"/>);
/// or, on request, by the learner of all views, with the sum over the weights that they have. Products whose training rows lack
/// views have the factors (1 + k_m(x, y)) / 2 where both rows have the view and 1 / 2 elsewhere, positive semi-definite too; rows that lack
/// views of a product whose training rows have all take the factor 1 for them. Rows without any view are predicted as the prior. What is
/// stored in absent cells is never read.</para>
/// <para>Product takes gamma / views, so that the product of default kernels falls as fast as one of them. Scalers, bandwidths and weights
/// are fitted to the rows given, and applied to new ones. NaN and infinities in present cells are rejected. Deterministic.</para>
/// </remarks>
public static class KernelFusion
{
    /// <summary>Fits a fused kernel and a learner.</summary>
    /// <param name="views">Views with labels of two classes at least, or with targets.</param>
    /// <param name="options">Weighting, kernels, learner; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are neither labels nor targets; an option names a view that is not there, or a kernel of a view that takes none; EasyMKL meets targets; a product or a process is to be centred; a view is present nowhere; a Gram view is not square; a present value is not finite; weights are negative or all 0.</exception>
    /// <exception cref="NumericalException">The fused matrix of a learner that needs it is not positive definite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelFusionModel Fit(Views views, KernelFusionOptions? options = null) => Fit(views, options, null);

    /// <summary>The same, of kernels that others have fitted to these views.</summary>
    internal static KernelFusionModel Fit(Views views, KernelFusionOptions? options, FusedKernelCache? cache)
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        if (views.Labels is null) _ = views.RequireTargets();
        return FusionExecution.Run(
            options,
            "KernelFusion.Fit",
            views.IsFloat64,
            hasKernel: true,
            told => views.IsFloat64 ? KernelFusionModel.Fit<double>(views, told!, cache) : KernelFusionModel.Fit<float>(views, told!, cache),
            model => $"{model.Strategy}: kernels of {views.Count} views of {views.Rows} rows, learned by {options.Learner}");
    }
}
