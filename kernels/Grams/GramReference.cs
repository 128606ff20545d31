namespace FusionKernels.Kernels.Grams;

/// <summary>The kernels as the table of formulas states them: plain, slow, in float64; the oracle of tests and of the self-test.</summary>
internal static class GramReference
{
    /// <summary>The Gram matrix of the rows of x against the rows of y.</summary>
    /// <param name="program">The kernel.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features.</param>
    /// <param name="given">The given matrices, by number: rows x columns each.</param>
    /// <param name="givenColumns">The same, columns x columns, for centring; used only where a given matrix is centred.</param>
    public static double[,] Compute(
        GramProgram program, double[,] x, double[,] y, IReadOnlyList<double[,]>? given = null, IReadOnlyList<double[,]>? givenColumns = null)
    {
        Stack<double[,]> stack = [];
        for (int index = 0; index < program.Ops.Length; index++)
        {
            GramOp op = program.Ops[index];
            switch (op.Code)
            {
                case GramOpCode.Precomputed:
                    stack.Push(given![op.Index]);
                    break;
                case GramOpCode.Add:
                    stack.Push(Combine(stack.Pop(), stack.Pop(), (a, b) => b + a));
                    break;
                case GramOpCode.Multiply:
                    stack.Push(Combine(stack.Pop(), stack.Pop(), (a, b) => b * a));
                    break;
                case GramOpCode.Scale:
                    stack.Push(Map(stack.Pop(), (v, _, _) => v * op.A));
                    break;
                case GramOpCode.Centre:
                    stack.Push(Centre(stack.Pop(), Compute(program.OperandOf(index), y, y, givenColumns, givenColumns)));
                    break;
                case GramOpCode.Normalise:
                    GramProgram operand = program.OperandOf(index);
                    double[,] values = stack.Pop();
                    double[] rows = x == y ? DiagonalOf(values) : Diagonal(operand, x, y);
                    double[] columns = x == y ? rows : Diagonal(operand, y, y);
                    stack.Push(Map(values, (v, i, j) => rows[i] > 0 && columns[j] > 0 ? v / Math.Sqrt(rows[i] * columns[j]) : 0));
                    break;
                default:
                    stack.Push(Map(new double[x.GetLength(0), y.GetLength(0)], (_, i, j) => Value(op, Row(x, i).AsSpan(op.First, op.Features), Row(y, j).AsSpan(op.First, op.Features))));
                    break;
            }
        }

        return stack.Pop();
    }

    /// <summary>k(x, x) of every row of x, centred by the means over y.</summary>
    public static double[] Diagonal(GramProgram program, double[,] x, double[,] y)
    {
        double[] diagonal = new double[x.GetLength(0)];
        double[]?[] means = new double[program.Ops.Length][];
        double[] mean = new double[program.Ops.Length];
        for (int step = 0; step < means.Length; step++)
        {
            if (program.Ops[step].Code != GramOpCode.Centre) continue;
            means[step] = Means(Compute(program.OperandOf(step), x, y));
            mean[step] = Means(Compute(program.OperandOf(step), y, y)).DefaultIfEmpty().Average();
        }

        for (int i = 0; i < diagonal.Length; i++)
        {
            Stack<double> stack = [];
            for (int step = 0; step < means.Length; step++)
            {
                GramOp op = program.Ops[step];
                stack.Push(op.Code switch
                {
                    GramOpCode.Add => stack.Pop() + stack.Pop(),
                    GramOpCode.Multiply => stack.Pop() * stack.Pop(),
                    GramOpCode.Scale => stack.Pop() * op.A,
                    GramOpCode.Centre => stack.Pop() - (2 * means[step]![i]) + mean[step],
                    GramOpCode.Normalise => stack.Pop() > 0 ? 1 : 0,
                    _ => Value(op, Row(x, i).AsSpan(op.First, op.Features), Row(x, i).AsSpan(op.First, op.Features)),
                });
            }

            diagonal[i] = stack.Pop();
        }

        return diagonal;
    }

    /// <summary>One kernel of one pair of rows.</summary>
    public static double Value(in GramOp op, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double dot = 0, squared = 0, absolute = 0, chi = 0, sine = 0, normX = 0, normY = 0;
        for (int k = 0; k < x.Length; k++)
        {
            double difference = x[k] - y[k], total = x[k] + y[k];
            dot += x[k] * y[k];
            normX += x[k] * x[k];
            normY += y[k] * y[k];
            squared += difference * difference;
            absolute += Math.Abs(difference);
            chi += total == 0 ? 0 : difference * difference / total;
            sine += Math.Pow(Math.Sin(Math.PI * difference * op.B), 2);
        }

        return KernelFormulas.Evaluate(op, new PairSums(dot, normX, normY, squared, absolute, chi, sine));
    }

    private static double[] DiagonalOf(double[,] values) => [.. Enumerable.Range(0, values.GetLength(0)).Select(i => values[i, i])];

    private static double[,] Centre(double[,] values, double[,] training)
    {
        int n = training.GetLength(0);
        double[] rowMeans = Means(values), columnMeans = Means(training);
        double mean = n == 0 ? 0 : columnMeans.Average();
        return Map(values, (v, i, j) => v - rowMeans[i] - columnMeans[j] + mean);
    }

    private static double[] Means(double[,] values)
    {
        double[] means = new double[values.GetLength(0)];
        for (int i = 0; i < means.Length; i++) means[i] = values.GetLength(1) == 0 ? 0 : Row(values, i).Average();
        return means;
    }

    private static double[] Row(double[,] values, int i) => [.. Enumerable.Range(0, values.GetLength(1)).Select(j => values[i, j])];

    private static double[,] Combine(double[,] right, double[,] left, Func<double, double, double> combine) =>
        Map(right, (v, i, j) => combine(v, left[i, j]));

    private static double[,] Map(double[,] values, Func<double, int, int, double> map)
    {
        double[,] result = new double[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < result.GetLength(0); i++)
        {
            for (int j = 0; j < result.GetLength(1); j++) result[i, j] = map(values[i, j], i, j);
        }

        return result;
    }
}
