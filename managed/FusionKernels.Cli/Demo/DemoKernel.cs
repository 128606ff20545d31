namespace FusionKernels.Cli;

/// <summary>One kernel of the demo over the views standing side by side.</summary>
/// <param name="Name">A view's name, <c>concatenation</c> or <c>fused</c>.</param>
/// <param name="Description">What it is.</param>
/// <param name="Features">Features that it reads.</param>
/// <param name="Kernel">The kernel.</param>
internal sealed record DemoKernel(string Name, string Description, int Features, Kernel Kernel)
{
    /// <summary>All views in one kernel of all features.</summary>
    public const string Concatenation = "concatenation";

    /// <summary>The sum of the views' kernels.</summary>
    public const string Fused = "fused";

    /// <summary>The kernel of every view, of the concatenation and of the fusion, with one rule for the width of all.</summary>
    /// <remarks>The variances of a view add up to 1, those of the concatenation to the number of views: gamma is their reciprocal.</remarks>
    public static IReadOnlyList<DemoKernel> All(IReadOnlyList<DigitView> views)
    {
        List<DemoKernel> kernels = [];
        Kernel? sum = null;
        int first = 0;
        foreach (DigitView view in views)
        {
            Kernel kernel = Kernel.Rbf(gamma: 1).On(first..(first + view.Features));
            kernels.Add(new(view.Name, view.Description, view.Features, kernel));
            sum = sum is null ? (1.0 / views.Count) * kernel : sum + ((1.0 / views.Count) * kernel);
            first += view.Features;
        }

        kernels.Add(new(Concatenation, "all features in one RBF kernel", first, Kernel.Rbf(gamma: 1.0 / views.Count)));
        kernels.Add(new(Fused, "the mean of the views' kernels, in one pass", first, sum!));
        return kernels;
    }
}
