using FusionKernels.Kernels.Attention;

namespace FusionKernels.Tests.Attentions;

/// <summary>Attention as one writes it down, in float32 throughout: what the accuracy of the kernels is measured against.</summary>
internal static class PlainAttention
{
    /// <summary>The output of unmasked attention, every sum in order.</summary>
    public static float[] Forward(AttentionProblem problem, float[] q, float[] k, float[] v)
    {
        int rows = problem.Batch * problem.QueryHeads * problem.Queries;
        float[] output = new float[rows * problem.ValueWidth], weights = new float[problem.Keys];
        for (int row = 0; row < rows; row++)
        {
            int firstKey = row / problem.Queries * problem.Keys;
            float largest = float.NegativeInfinity, sum = 0;
            for (int key = 0; key < problem.Keys; key++)
            {
                float score = 0;
                for (int d = 0; d < problem.Width; d++) score += q[(row * problem.Width) + d] * k[((firstKey + key) * problem.Width) + d];
                weights[key] = score * (float)problem.Scale;
                largest = MathF.Max(largest, weights[key]);
            }

            for (int key = 0; key < problem.Keys; key++) sum += weights[key] = MathF.Exp(weights[key] - largest);
            for (int key = 0; key < problem.Keys; key++)
            {
                for (int d = 0; d < problem.ValueWidth; d++) output[(row * problem.ValueWidth) + d] += weights[key] / sum * v[((firstKey + key) * problem.ValueWidth) + d];
            }
        }

        return output;
    }

    /// <summary>Gradients of unmasked attention with a bias of every pair, from a log-sum-exp as the backward pass is given it, every sum in order.</summary>
    public static (float[] Query, float[] Key, float[] Value, float[] Bias) Backward(AttentionProblem problem, float[] q, float[] k, float[] v, float[] bias, float[] outputGradient)
    {
        int rows = problem.Batch * problem.QueryHeads * problem.Queries;
        float[] dQuery = new float[q.Length], dKey = new float[k.Length], dValue = new float[v.Length], dBias = new float[rows * problem.Keys];
        float[] weights = new float[problem.Keys], products = new float[problem.Keys];
        for (int row = 0; row < rows; row++)
        {
            int firstKey = row / problem.Queries * problem.Keys;
            float largest = float.NegativeInfinity, sum = 0, mean = 0;
            for (int key = 0; key < problem.Keys; key++)
            {
                float score = 0;
                for (int d = 0; d < problem.Width; d++) score += q[(row * problem.Width) + d] * k[((firstKey + key) * problem.Width) + d];
                weights[key] = (score * (float)problem.Scale) + bias[(row * problem.Keys) + key];
                largest = MathF.Max(largest, weights[key]);
            }

            for (int key = 0; key < problem.Keys; key++) sum += MathF.Exp(weights[key] - largest);
            float logSumExp = largest + MathF.Log(sum);
            for (int key = 0; key < problem.Keys; key++)
            {
                weights[key] = MathF.Exp(weights[key] - logSumExp);
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
                float gradient = weights[key] * (products[key] - mean), scaled = gradient * (float)problem.Scale;
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
}
