using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>
/// Refuses rows whose kernel could leave the range of the type on its way, where infinities would meet and become NaN. A bound
/// from the rows' norms, by Cauchy and Schwarz: the price is one look at each norm, and it is attained by the diagonal of a
/// symmetric matrix.
/// </summary>
internal static class GramRange
{
    /// <summary>Values of a row that engines add up in the element's precision before they go on in float64; see the tiles of a device.</summary>
    private const double SummedAtOnce = 2048;

    /// <summary>Whether values of a program can leave the range at all: kernels that stand alone are bounded but for the polynomial.</summary>
    public static bool IsNeeded(GramProgram program) => program.Single is not { } single || single.Code == GramOpCode.Polynomial;

    /// <summary>Whether the check reads the norms of a statistic of histograms.</summary>
    public static bool ReadsHistograms(GramProgram program) => program.Single is null && program.Uses(GramOpCode.AdditiveChiSquared);

    /// <summary>Checks every step.</summary>
    /// <param name="program">The kernel.</param>
    /// <param name="norms">By statistic.</param>
    /// <param name="operation">The operation, for the message.</param>
    /// <exception cref="NumericalException">A step leaves the range; the row of the largest norm is named.</exception>
    public static void Check<T>(GramProgram program, ReadOnlySpan<GramNorms> norms, string operation)
        where T : unmanaged
    {
        // Centring and normalising evaluate the kernel of each set with itself too.
        bool amongThemselves = program.Uses(GramOpCode.Centre) || program.Uses(GramOpCode.Normalise);
        Span<double> bounds = stackalloc double[GramProgram.MaximumDepth];
        Span<int> largest = stackalloc int[GramProgram.MaximumDepth];
        int top = -1;
        for (int step = 0; step < program.Ops.Length; step++)
        {
            GramOp op = program.Ops[step];
            if (op.IsLeaf)
            {
                int statistic = program.StatisticOfStep[step];
                GramNorms reach = statistic < 0 ? default : norms[statistic];
                double longest = Math.Max(reach.X, reach.Y);
                bounds[++top] = amongThemselves ? Leaf(op, longest, longest) : Leaf(op, reach.X, reach.Y);
                largest[top] = statistic;
            }
            else if (op.Code is GramOpCode.Add or GramOpCode.Multiply)
            {
                top--;
                if (bounds[top + 1] > bounds[top]) largest[top] = largest[top + 1];
                bounds[top] = op.Code == GramOpCode.Add ? bounds[top] + bounds[top + 1] : bounds[top] * bounds[top + 1];
            }
            else
            {
                bounds[top] = op.Code switch
                {
                    GramOpCode.Scale => bounds[top] * Math.Abs(op.A),
                    GramOpCode.Centre => bounds[top] * SummedAtOnce,
                    _ => 1, // a normalised kernel is a cosine
                };
            }

            // Not <= rather than >: infinity times 0 is NaN, and no bound.
            if (!(bounds[top] <= Element.Largest<T>())) throw Overflow<T>(operation, op.Code, largest[top] < 0 ? default : norms[largest[top]], bounds[top]);
            if (op.Code == GramOpCode.Centre) bounds[top] *= 4 / SummedAtOnce;
        }
    }

    private static double Leaf(in GramOp op, double normX, double normY) => op.Code switch
    {
        GramOpCode.Linear => normX * normY,
        GramOpCode.Polynomial => Math.Pow((op.A * normX * normY) + Math.Abs(op.B), op.Index),
        GramOpCode.AdditiveChiSquared => Math.Sqrt(op.Features) * (normX + normY),
        GramOpCode.Distance => op.A * (normX + normY),
        GramOpCode.Precomputed => 0, // its values are the caller's
        _ => 1,
    };

    private static NumericalException Overflow<T>(string operation, GramOpCode code, in GramNorms norms, double bound)
        where T : unmanaged
    {
        string where = !norms.IsKnown ? "every row" : norms.X >= norms.Y ? $"x, row {norms.RowX}" : $"y, row {norms.RowY}";
        string reached = double.IsFinite(bound) ? FormattableString.Invariant($" (about {bound:g2})") : "";
        string what = code switch
        {
            GramOpCode.Polynomial => "the polynomial kernel",
            GramOpCode.Add => "the sum of kernels",
            GramOpCode.Multiply => "the product of kernels",
            GramOpCode.Scale => "the weighted kernel",
            GramOpCode.Centre => "the sum of values to centre by",
            _ => "the kernel",
        };
        return new(
            operation,
            where,
            $"{what} leaves the range of {Element.NameOf<T>()} there{reached}; scale the features, lower the degree or the weights{(typeof(T) == typeof(float) ? ", or use float64" : "")}");
    }
}
