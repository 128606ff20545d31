namespace FusionKernels.Kernels.Grams;

/// <summary>k(x, x) of every row, from the rows' squared norms alone: every difference is 0.</summary>
internal static class GramDiagonal
{
    /// <summary>Evaluates the program on the diagonal.</summary>
    /// <param name="program">The kernel.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="selfDots">By statistic: x.x of every row over the statistic's features; null where no kernel reads it.</param>
    /// <param name="means">By centring step: the means of the rows' values over the columns' set, and that set's mean.</param>
    /// <param name="given">By number: the diagonals of the given matrices.</param>
    public static double[] Evaluate<T>(GramProgram program, int rows, double[]?[] selfDots, GramMeans<T>?[] means, double[][] given)
        where T : unmanaged
    {
        double[] diagonal = new double[rows];
        Stack<double> stack = [];
        for (int i = 0; i < diagonal.Length; i++)
        {
            for (int step = 0; step < program.Ops.Length; step++)
            {
                GramOp op = program.Ops[step];
                stack.Push(op.Code switch
                {
                    GramOpCode.Precomputed => given[op.Index][i],
                    GramOpCode.Add => stack.Pop() + stack.Pop(),
                    GramOpCode.Multiply => stack.Pop() * stack.Pop(),
                    GramOpCode.Scale => stack.Pop() * op.A,
                    GramOpCode.Centre => stack.Pop() - (2 * means[step]!.RowMean(i)) + means[step]!.Mean,
                    GramOpCode.Normalise => stack.Pop() > 0 ? 1 : 0,
                    _ => Kernel(op, selfDots[program.StatisticOfStep[step]]?[i] ?? 0),
                });
            }

            diagonal[i] = stack.Pop();
        }

        return diagonal;
    }

    /// <summary>1 / sqrt of every value of a diagonal, 0 where it is not above 0: what normalising multiplies by. In place.</summary>
    /// <exception cref="NumericalException">A value is so small that the product of two weights would leave the range of the type.</exception>
    public static double[] Weights<T>(double[] diagonal, string operation)
        where T : unmanaged
    {
        double smallest = typeof(T) == typeof(float) ? 1.2e-38 : 2.3e-308;
        for (int i = 0; i < diagonal.Length; i++)
        {
            if (diagonal[i] > 0 && diagonal[i] < smallest) throw GramChecks.NormaliseUnderflow<T>(operation, i, diagonal[i]);
            diagonal[i] = diagonal[i] > 0 ? 1 / Math.Sqrt(diagonal[i]) : 0;
        }

        return diagonal;
    }

    private static double Kernel(in GramOp op, double selfDot) => KernelFormulas.Evaluate(op, new PairSums(Dot: selfDot, NormX: selfDot, NormY: selfDot));
}
