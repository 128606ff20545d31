using FusionKernels.Kernels.Attention;

namespace FusionKernels.Tests.Attentions;

/// <summary>Attention as one writes it down, in float32 throughout, every sum in order and weights stored: what the accuracy of the kernels is measured against.</summary>
internal static class PlainAttention
{
    /// <summary>The output.</summary>
    public static float[] Forward(AttentionCase<float> one)
    {
        AttentionProblem problem = one.Problem;
        float[] q = [.. one.Query], k = [.. one.Key], v = [.. one.Value], bias = one.Bias is null ? [] : [.. one.Bias];
        int rows = problem.Batch * problem.QueryHeads * problem.Queries;
        float[] output = new float[rows * problem.ValueWidth], weights = new float[problem.Keys];
        for (int row = 0; row < rows; row++)
        {
            int firstKey = FirstKey(problem, row);
            Weigh(one, q, k, bias, row, weights, null);
            for (int key = 0; key < problem.Keys; key++)
            {
                for (int d = 0; d < problem.ValueWidth; d++) output[(row * problem.ValueWidth) + d] += weights[key] * v[((firstKey + key) * problem.ValueWidth) + d];
            }
        }

        return output;
    }

    /// <summary>The weights of all pairs.</summary>
    public static float[] Weights(AttentionCase<float> one)
    {
        AttentionProblem problem = one.Problem;
        float[] q = [.. one.Query], k = [.. one.Key], bias = one.Bias is null ? [] : [.. one.Bias];
        int rows = problem.Batch * problem.QueryHeads * problem.Queries;
        float[] all = new float[rows * problem.Keys], weights = new float[problem.Keys];
        for (int row = 0; row < rows; row++)
        {
            Weigh(one, q, k, bias, row, weights, null);
            weights.CopyTo(all, row * problem.Keys);
        }

        return all;
    }

    /// <summary>Gradients, the bias's for every pair.</summary>
    public static (float[] Query, float[] Key, float[] Value, float[] Bias) Backward(AttentionCase<float> one)
    {
        AttentionProblem problem = one.Problem;
        float[] q = [.. one.Query], k = [.. one.Key], v = [.. one.Value], bias = one.Bias is null ? [] : [.. one.Bias], outputGradient = [.. one.OutputGradient];
        int rows = problem.Batch * problem.QueryHeads * problem.Queries;
        float[] dQuery = new float[q.Length], dKey = new float[k.Length], dValue = new float[v.Length], dBias = new float[rows * problem.Keys];
        float[] weights = new float[problem.Keys], slopes = new float[problem.Keys], products = new float[problem.Keys];
        for (int row = 0; row < rows; row++)
        {
            int firstKey = FirstKey(problem, row);
            Weigh(one, q, k, bias, row, weights, slopes);
            float mean = 0;
            for (int key = 0; key < problem.Keys; key++)
            {
                products[key] = 0;
                for (int d = 0; d < problem.ValueWidth; d++)
                {
                    float gradient = outputGradient[(row * problem.ValueWidth) + d];
                    products[key] += gradient * v[((firstKey + key) * problem.ValueWidth) + d];
                    dValue[((firstKey + key) * problem.ValueWidth) + d] += weights[key] * gradient;
                }

                mean += weights[key] * products[key];
            }

            for (int key = 0; key < problem.Keys; key++)
            {
                float gradient = weights[key] * (products[key] - mean), scaled = gradient * slopes[key] * (float)problem.Scale;
                dBias[(row * problem.Keys) + key] = gradient;
                for (int d = 0; d < problem.Width; d++)
                {
                    dQuery[(row * problem.Width) + d] += scaled * k[((firstKey + key) * problem.Width) + d];
                    dKey[((firstKey + key) * problem.Width) + d] += scaled * q[(row * problem.Width) + d];
                }
            }
        }

        return (dQuery, dKey, dValue, dBias);
    }

    private static int FirstKey(AttentionProblem problem, int row) =>
        ((row / problem.Queries / problem.QueryHeads * problem.KeyHeads) + (row / problem.Queries % problem.QueryHeads / problem.GroupSize)) * problem.Keys;

    private static void Weigh(AttentionCase<float> one, float[] q, float[] k, float[] bias, int row, float[] weights, float[]? slopes)
    {
        AttentionProblem problem = one.Problem;
        int item = row / problem.Queries / problem.QueryHeads, head = row / problem.Queries % problem.QueryHeads, query = row % problem.Queries, firstKey = FirstKey(problem, row);
        float largest = float.NegativeInfinity, sum = 0, scale = (float)problem.Scale, cap = (float)problem.SoftCap;
        for (int key = 0; key < problem.Keys; key++)
        {
            float score = 0;
            for (int d = 0; d < problem.Width; d++) score += q[(row * problem.Width) + d] * k[((firstKey + key) * problem.Width) + d];
            score *= scale;
            float tanh = cap > 0 ? MathF.Tanh(score / cap) : 0;
            if (cap > 0) score = cap * tanh;
            if (slopes is not null) slopes[key] = 1 - (tanh * tanh);
            if (problem.Slopes is { } alibi) score -= (float)alibi[head] * Math.Abs(problem.PositionOf(item, query) - key);
            if (one.Bias is not null) score += bias[one.BiasIndex((row * problem.Keys) + key)];
            weights[key] = problem.IsVisible(item, query, key) ? score : float.NegativeInfinity;
            largest = MathF.Max(largest, weights[key]);
        }

        for (int key = 0; key < problem.Keys; key++) sum += weights[key] = float.IsNegativeInfinity(largest) ? 0 : MathF.Exp(weights[key] - largest);
        for (int key = 0; key < problem.Keys; key++) weights[key] = sum == 0 ? 0 : weights[key] / sum;
    }
}
