using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>What the centring and normalising steps of a program read, walked once for every engine.</summary>
internal static class GramPartMeans
{
    /// <summary>By step: the vectors that it reads; null for steps that neither centre nor normalise.</summary>
    /// <exception cref="ArgumentException">A given rectangular matrix is to be centred or normalised.</exception>
    /// <exception cref="NumericalException">A self-similarity is too small to divide by.</exception>
    public static GramMeans<T>?[] Of<T>(IGramParts<T> parts, string operation)
        where T : unmanaged
    {
        GramProgram program = parts.Plan.Program;
        GramMeans<T>?[] means = new GramMeans<T>?[program.Ops.Length];
        for (int step = 0; step < means.Length; step++)
        {
            GramOpCode code = program.Ops[step].Code;
            if (code is not (GramOpCode.Centre or GramOpCode.Normalise)) continue;
            GramProgram operand = program.OperandOf(step);
            if (operand.Uses(GramOpCode.Precomputed)) GramChecks.GivenAmongItself(parts.Plan);
            means[step] = code == GramOpCode.Centre ? Centre(parts, operand) : Normalise(parts, operand, operation);
        }

        return means;
    }

    /// <summary>The diagonals of the given matrices, by number; of a symmetric problem.</summary>
    public static double[][] GivenDiagonals<T>(IGramParts<T> parts)
        where T : unmanaged
    {
        ReadOnlySpan<GivenMatrix<T>> given = parts.Given;
        double[][] diagonals = new double[given.Length][];
        for (int g = 0; g < diagonals.Length; g++)
        {
            diagonals[g] = new double[parts.Plan.Rows];
            for (int i = 0; i < diagonals[g].Length; i++) diagonals[g][i] = Element.ToDouble(given[g].At(i, i));
        }

        return diagonals;
    }

    private static GramMeans<T> Centre<T>(IGramParts<T> parts, GramProgram operand)
        where T : unmanaged
    {
        double[] columns = parts.RowMeansOf(operand, ofColumns: true);
        double[] rows = parts.Plan.Symmetric ? columns : parts.RowMeansOf(operand, ofColumns: false);
        return new GramMeans<T>(rows, columns, columns.Length == 0 ? 0 : columns.Average());
    }

    private static GramMeans<T> Normalise<T>(IGramParts<T> parts, GramProgram operand, string operation)
        where T : unmanaged
    {
        double[] columns = GramDiagonal.Weights<T>(parts.DiagonalOf(operand, ofColumns: true), operation);
        double[] rows = parts.Plan.Symmetric ? columns : GramDiagonal.Weights<T>(parts.DiagonalOf(operand, ofColumns: false), operation);
        return new GramMeans<T>(rows, columns, 0);
    }
}
