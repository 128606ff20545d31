namespace FusionKernels.Tests.Grams;

/// <summary>Every kernel of the table, and what they compose to.</summary>
internal static class KernelCases
{
    /// <summary>The table; parameters are chosen so that values spread over the range.</summary>
    public static readonly Kernel[] Table =
    [
        Kernel.Linear(),
        Kernel.Polynomial(),
        Kernel.Polynomial(0.3, -0.5, 2),
        Kernel.Polynomial(degree: 0),
        Kernel.Rbf(),
        Kernel.Rbf(0.7),
        Kernel.Laplacian(),
        Kernel.Laplacian(0.2),
        Kernel.Exponential(),
        Kernel.Sigmoid(),
        Kernel.Sigmoid(0.1, -1),
        Kernel.Cosine(),
        Kernel.ChiSquared(),
        Kernel.ChiSquared(0.3),
        Kernel.AdditiveChiSquared(),
        Kernel.Distance(),
        Kernel.Matern(0.5, 2),
        Kernel.Matern(1.5),
        Kernel.Matern(2.5, 1.5),
        Kernel.RationalQuadratic(),
        Kernel.RationalQuadratic(0.4, 2),
        Kernel.Periodic(),
        Kernel.Periodic(3, 2),
    ];

    /// <summary>Sums, products, weights, normalised and centred ones, nested.</summary>
    public static readonly Kernel[] Composed =
    [
        Kernel.Rbf(0.2) + Kernel.Linear(),
        0.25 * Kernel.Rbf(0.2) + 0.75 * Kernel.Matern(2.5) + 2 * Kernel.Laplacian(),
        Kernel.Polynomial() * Kernel.Cosine(),
        (Kernel.Linear() + Kernel.Rbf()) * (Kernel.ChiSquared() + 0.5 * Kernel.Periodic(2)),
        Kernel.Polynomial(degree: 2).Normalized(),
        Kernel.Rbf().Centered(),
        (Kernel.Rbf() + Kernel.Linear()).Centered(),
        Kernel.Rbf(0.5).Centered().Normalized(),
        0.5 * Kernel.Linear().Centered() + 0.5 * Kernel.Sigmoid().Normalized(),
        (Kernel.Linear().Normalized() * Kernel.RationalQuadratic()).Centered(),
    ];

    /// <summary>Whether a kernel needs features of 0 or more.</summary>
    public static bool NeedsHistograms(Kernel kernel) => kernel.ToString().Contains("chi2", StringComparison.Ordinal);

    /// <summary>Whether a kernel centres or normalises, so that errors of means and weights come in.</summary>
    public static bool UsesMeans(Kernel kernel) =>
        kernel.ToString().Contains("centred", StringComparison.Ordinal) || kernel.ToString().Contains("normalised", StringComparison.Ordinal);
}
