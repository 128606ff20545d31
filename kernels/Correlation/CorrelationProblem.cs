namespace FusionKernels.Kernels.Correlation;

/// <summary>What a linear correlation of two views is asked for.</summary>
/// <param name="Operation">The operation's public name, for errors.</param>
/// <param name="Components">Components that are kept; null for as many as the rank.</param>
/// <param name="RidgeX">Added to the diagonal of the first view's covariances.</param>
/// <param name="RidgeY">Added to the diagonal of the second view's.</param>
/// <param name="Shrinkage">The share of the identity in each view's covariances, 0 to 1.</param>
/// <param name="Scale">Whether every column is divided by its standard deviation first.</param>
/// <param name="RankTolerance">Standard deviation, relative to the largest of its view, up to which a direction does not count; null for the route's own.</param>
/// <param name="Route">How.</param>
/// <param name="NameX">The first view's name, for errors.</param>
/// <param name="NameY">The second view's name.</param>
internal sealed record CorrelationProblem(
    string Operation,
    int? Components = null,
    double RidgeX = 0,
    double RidgeY = 0,
    double Shrinkage = 0,
    bool Scale = true,
    double? RankTolerance = null,
    CorrelationRoute Route = CorrelationRoute.Auto,
    string NameX = "x",
    string NameY = "y")
{
    /// <summary>Whether covariances are changed before they are inverted.</summary>
    public bool IsRegularised => RidgeX > 0 || RidgeY > 0 || Shrinkage > 0;

    /// <summary>What is added to a view's variances: its ridge and its share of the identity.</summary>
    public (double Keep, double Add) Regularisation(int view) => (1 - Shrinkage, Shrinkage + (view == 0 ? RidgeX : RidgeY));
}
