namespace FusionKernels.Kernels.Attention;

/// <summary>Says which element made a result NaN or infinite.</summary>
internal static unsafe class AttentionInput
{
    /// <summary>Throws for the first element that is not finite and that some output depends on; else for a result out of range.</summary>
    /// <exception cref="ArgumentException">There is such an element.</exception>
    /// <exception cref="NumericalException">All are finite: a product or a sum is out of range.</exception>
    public static void ThrowNonFinite<T>(AttentionProblem problem, in AttentionOperands<T> operands, string operation)
        where T : unmanaged
    {
        for (int item = 0; item < problem.Batch; item++)
        {
            for (int head = 0; head < problem.QueryHeads; head++)
            {
                for (int query = 0; query < problem.QueriesOf(item); query++) CheckQuery(problem, operands, operation, item, head, query);
            }
        }

        throw new NumericalException(operation, "a score or a sum", "it exceeds the range of the element although the input is finite; scale the input down, or use float64");
    }

    /// <summary>Throws for the first element of an operand that is not finite, or not in the format in which it is to be stored.</summary>
    /// <exception cref="ArgumentException">There is such an element.</exception>
    public static void RequireFinite<T>(in Strided<T> operand, int batch, int heads, int rows, int width, AttentionStorage storage, string operation, string name)
        where T : unmanaged
    {
        for (int item = 0; item < batch; item++)
        {
            for (int head = 0; head < heads; head++)
            {
                for (int row = 0; row < rows; row++) Check(operand, width, operation, name, item, head, row, storage);
            }
        }
    }

    private static void CheckQuery<T>(AttentionProblem problem, in AttentionOperands<T> operands, string operation, int item, int head, int query)
        where T : unmanaged
    {
        int keyHead = head / problem.GroupSize;
        bool isAttending = false;
        for (int key = 0; key < problem.Keys; key++)
        {
            if (!problem.IsVisible(item, query, key) || (!operands.Mask.IsAbsent && !operands.Mask[item, head, query, key])) continue;
            if (!operands.Bias.IsAbsent)
            {
                double bias = Simd.Element.ToDouble(operands.Bias[item, head, query, key]);
                if (double.IsNegativeInfinity(bias)) continue;
                if (!double.IsFinite(bias)) throw Found(operation, "the bias", bias, item, head, $"query {query}, key {key}");
            }

            isAttending = true;
            Check(operands.Key, problem.Width, operation, "k", item, keyHead, key);
            Check(operands.Value, problem.ValueWidth, operation, "v", item, keyHead, key);
        }

        if (!isAttending) return;
        Check(operands.Query, problem.Width, operation, "q", item, head, query);
        if (!operands.OutputGradient.IsAbsent) Check(operands.OutputGradient, problem.ValueWidth, operation, "the gradient", item, head, query);
    }

    private static void Check<T>(in Strided<T> operand, int width, string operation, string name, int item, int head, int row, AttentionStorage storage = AttentionStorage.Element)
        where T : unmanaged
    {
        for (int d = 0; d < width && !operand.IsAbsent; d++)
        {
            T element = operand[item, head, row, d];
            StoredRounding.Round(new Span<T>(ref element), storage);
            double value = Simd.Element.ToDouble(element);
            if (!double.IsFinite(value)) throw Found(operation, name, value, item, head, $"position {row}, feature {d}");
        }
    }

    private static ArgumentException Found(string operation, string name, double value, int item, int head, string where) => new(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{operation}: {name} holds {value} at batch {item}, head {head}, {where}; only what is masked may be NaN or infinite"));
}
