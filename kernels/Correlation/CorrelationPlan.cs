namespace FusionKernels.Kernels.Correlation;

/// <summary>Which route a linear correlation takes, and why: decided from shapes and measured conditions alone.</summary>
/// <param name="Route">The route.</param>
/// <param name="Reason">Why, in words.</param>
internal readonly record struct CorrelationPlan(CorrelationRoute Route, string Reason)
{
    /// <summary>Columns of the narrower view from which a randomized range is worth its error.</summary>
    private const int WideFrom = 2048;

    /// <summary>Columns of the narrower view per component from which it is.</summary>
    private const int ColumnsPerComponent = 32;

    /// <summary>Decides before anything is computed.</summary>
    /// <param name="problem">What is asked for.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="widthX">Columns of the first view.</param>
    /// <param name="widthY">Columns of the second.</param>
    /// <param name="hasRows">Whether rows can be read again; moments of a stream alone cannot.</param>
    public static CorrelationPlan Choose(CorrelationProblem problem, long rows, int widthX, int widthY, bool hasRows)
    {
        if (problem.Route != CorrelationRoute.Auto) return new(problem.Route, "asked for");
        if (hasRows && rows <= (long)widthX + widthY) return new(CorrelationRoute.Qr, $"{rows} rows are no more than the {widthX} + {widthY} columns");
        int narrow = Math.Min(widthX, widthY);
        if (narrow >= WideFrom && problem.Components is { } few && (long)few * ColumnsPerComponent <= narrow && !problem.IsRegularised)
        {
            return new(CorrelationRoute.Randomized, $"{few} components of {narrow} columns: the cross-block is whitened for them alone, and no others are known");
        }

        return new(CorrelationRoute.HalfProduct, hasRows ? $"{rows} rows are more than the columns" : "moments of a stream hold no rows");
    }

    /// <summary>Decides again once conditions are known.</summary>
    /// <param name="conditionX">The condition number of the first view's correlations; infinite where it has no full rank.</param>
    /// <param name="conditionY">That of the second view's.</param>
    /// <param name="precision">The relative precision of the input.</param>
    /// <param name="isFree">Whether the route was left to the plan.</param>
    /// <param name="hasRows">Whether rows can be read again.</param>
    public CorrelationPlan Measured(double conditionX, double conditionY, double precision, bool isFree, bool hasRows)
    {
        double worst = Math.Max(conditionX, conditionY), most = MostCondition(precision);
        if (!isFree || !hasRows || worst <= most) return this;
        return new(CorrelationRoute.Qr, $"a condition of {worst:g3} is above {most:g3}, the most that products of this precision bear");
    }

    /// <summary>The condition at which covariances of so precise an input leave three digits: their relative error times the condition is 10^-3.</summary>
    public static double MostCondition(double precision) => 1e-3 / precision;
}
