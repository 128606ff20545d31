namespace FusionKernels.Kernels.Attention;

/// <summary>Attention in float64 by its definition: the oracle of tests. Elements are dense, batch x heads x rows x columns.</summary>
internal static class AttentionReference
{
    /// <summary>Scores of one query, -infinity where masked.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="inputs">What is attended to.</param>
    /// <param name="item">Item of the batch.</param>
    /// <param name="head">Query head.</param>
    /// <param name="query">The query.</param>
    /// <param name="slope">Receives the derivative of every score by its scaled dot product.</param>
    public static double[] Scores(AttentionProblem problem, in ReferenceInputs inputs, int item, int head, int query, double[]? slope = null)
    {
        double[] scores = new double[problem.Keys];
        for (int key = 0; key < problem.Keys; key++)
        {
            long pair = ((((long)item * problem.QueryHeads) + head) * problem.Queries + query) * problem.Keys + key;
            scores[key] = double.NegativeInfinity;
            if (!problem.IsVisible(item, query, key) || inputs.Mask is { } mask && !mask[pair]) continue;
            double score = 0;
            for (int d = 0; d < problem.Width; d++) score += inputs.Query[QueryAt(problem, item, head, query) + d] * inputs.Key[KeyAt(problem, item, head, key) + d];
            score *= problem.Scale;
            if (slope is not null) slope[key] = 1;
            if (problem.SoftCap > 0)
            {
                double tanh = Math.Tanh(score / problem.SoftCap);
                score = problem.SoftCap * tanh;
                if (slope is not null) slope[key] = 1 - (tanh * tanh);
            }

            if (problem.Slopes is { } slopes) score -= slopes[head] * Math.Abs(problem.PositionOf(item, query) - key);
            if (inputs.Bias is { } bias) score += bias[pair];
            scores[key] = score;
        }

        return scores;
    }

    /// <summary>Output and natural log-sum-exp.</summary>
    public static (double[] Output, double[] LogSumExp) Forward(AttentionProblem problem, in ReferenceInputs inputs)
    {
        int rows = problem.Batch * problem.QueryHeads * problem.Queries;
        double[] output = new double[rows * problem.ValueWidth], logSumExp = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            (int item, int head, int query) = Split(problem, row);
            double[] scores = Scores(problem, inputs, item, head, query);
            logSumExp[row] = LogSum(scores);
            for (int key = 0; key < problem.Keys; key++)
            {
                double weight = WeightOf(scores[key], logSumExp[row]) * KeepFactor(problem, item, head, query, key);
                if (weight == 0) continue;
                for (int d = 0; d < problem.ValueWidth; d++) output[(row * problem.ValueWidth) + d] += weight * inputs.Value[ValueAt(problem, item, head, key) + d];
            }
        }

        return (output, logSumExp);
    }

    /// <summary>Weights of all pairs, before dropout.</summary>
    public static double[] Weights(AttentionProblem problem, in ReferenceInputs inputs)
    {
        int rows = problem.Batch * problem.QueryHeads * problem.Queries;
        double[] weights = new double[rows * problem.Keys];
        for (int row = 0; row < rows; row++)
        {
            (int item, int head, int query) = Split(problem, row);
            double[] scores = Scores(problem, inputs, item, head, query);
            double logSumExp = LogSum(scores);
            for (int key = 0; key < problem.Keys; key++) weights[(row * problem.Keys) + key] = WeightOf(scores[key], logSumExp);
        }

        return weights;
    }

    /// <summary>Gradients with respect to queries, keys, values and the whole bias, of the sum of output times <paramref name="outputGradient"/>.</summary>
    public static (double[] Query, double[] Key, double[] Value, double[] Bias) Backward(AttentionProblem problem, in ReferenceInputs inputs, double[] outputGradient)
    {
        double[] dQuery = new double[inputs.Query.Length], dKey = new double[inputs.Key.Length], dValue = new double[inputs.Value.Length];
        int rows = problem.Batch * problem.QueryHeads * problem.Queries;
        double[] dBias = new double[rows * problem.Keys], slope = new double[problem.Keys], dWeight = new double[problem.Keys];
        for (int row = 0; row < rows; row++)
        {
            (int item, int head, int query) = Split(problem, row);
            double[] scores = Scores(problem, inputs, item, head, query, slope);
            double logSumExp = LogSum(scores), mean = 0;
            for (int key = 0; key < problem.Keys; key++)
            {
                double weight = WeightOf(scores[key], logSumExp);
                dWeight[key] = 0;
                if (weight == 0) continue;
                double factor = KeepFactor(problem, item, head, query, key);
                for (int d = 0; d < problem.ValueWidth; d++)
                {
                    double gradient = factor * outputGradient[(row * problem.ValueWidth) + d];
                    dWeight[key] += gradient * inputs.Value[ValueAt(problem, item, head, key) + d];
                    dValue[ValueAt(problem, item, head, key) + d] += weight * gradient;
                }

                mean += weight * dWeight[key];
            }

            for (int key = 0; key < problem.Keys; key++)
            {
                double weight = WeightOf(scores[key], logSumExp);
                if (weight == 0) continue;
                double dScore = weight * (dWeight[key] - mean);
                dBias[(row * problem.Keys) + key] = dScore;
                double factor = dScore * slope[key] * problem.Scale;
                for (int d = 0; d < problem.Width; d++)
                {
                    dQuery[QueryAt(problem, item, head, query) + d] += factor * inputs.Key[KeyAt(problem, item, head, key) + d];
                    dKey[KeyAt(problem, item, head, key) + d] += factor * inputs.Query[QueryAt(problem, item, head, query) + d];
                }
            }
        }

        return (dQuery, dKey, dValue, dBias);
    }

    /// <summary>What dropout multiplies one weight by.</summary>
    public static double KeepFactor(AttentionProblem problem, int item, int head, int query, int key) =>
        problem.Dropout == 0 ? 1 : problem.DropoutRule.Keeps(item, head, query, key) ? problem.KeepScale : 0;

    /// <summary>The logarithm of the sum of exponentials; -infinity for none.</summary>
    public static double LogSum(double[] scores)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double score in scores) largest = Math.Max(largest, score);
        if (double.IsNegativeInfinity(largest)) return largest;
        foreach (double score in scores) sum += Math.Exp(score - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>exp(score - log-sum-exp); 0 where masked.</summary>
    public static double WeightOf(double score, double logSumExp) => double.IsNegativeInfinity(score) ? 0 : Math.Exp(score - logSumExp);

    private static (int Item, int Head, int Query) Split(AttentionProblem problem, int row) =>
        (row / problem.Queries / problem.QueryHeads, row / problem.Queries % problem.QueryHeads, row % problem.Queries);

    private static int QueryAt(AttentionProblem problem, int item, int head, int query) =>
        ((((item * problem.QueryHeads) + head) * problem.Queries) + query) * problem.Width;

    private static int KeyAt(AttentionProblem problem, int item, int head, int key) =>
        ((((item * problem.KeyHeads) + (head / problem.GroupSize)) * problem.Keys) + key) * problem.Width;

    private static int ValueAt(AttentionProblem problem, int item, int head, int key) =>
        ((((item * problem.KeyHeads) + (head / problem.GroupSize)) * problem.Keys) + key) * problem.ValueWidth;
}
