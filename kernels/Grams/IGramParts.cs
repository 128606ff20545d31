namespace FusionKernels.Kernels.Grams;

/// <summary>A Gram problem, of whose parts an engine computes what centring and normalising read.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IGramParts<T>
    where T : unmanaged
{
    /// <summary>The problem's shapes and kernel.</summary>
    GramPlan Plan { get; }

    /// <summary>The given matrices, by number; empty where the kernel reads none.</summary>
    ReadOnlySpan<GivenMatrix<T>> Given { get; }

    /// <summary>The mean of part(row, y) over the columns' set, for every row of x or, with <paramref name="ofColumns"/>, of y.</summary>
    double[] RowMeansOf(GramProgram part, bool ofColumns);

    /// <summary>part(row, row) for every row of x or, with <paramref name="ofColumns"/>, of y.</summary>
    double[] DiagonalOf(GramProgram part, bool ofColumns);
}
