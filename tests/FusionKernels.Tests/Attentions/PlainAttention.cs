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
}
