namespace FusionKernels.Tests.Learnings;

/// <summary>Steps of optimizers as their sources state them, in float64.</summary>
internal static class OptimizerReference
{
    public static void Step(OptimizerRule rule, int number, double[] parameters, double[] gradients, double[] first, double[] second)
    {
        double norm = Math.Sqrt(gradients.Sum(gradient => gradient * gradient));
        double scale = rule.ClipNorm > 0 && norm > rule.ClipNorm ? rule.ClipNorm / norm : 1, rate = rule.RateAt(number);
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = scale * gradients[i];
            if (rule is not AdamW) g += rule.WeightDecay * parameters[i];
            if (rule is Sgd sgd)
            {
                first[i] = (sgd.Momentum * first[i]) + g;
                parameters[i] -= rate * (sgd.IsNesterov ? g + (sgd.Momentum * first[i]) : first[i]);
                continue;
            }

            Adam adam = (Adam)rule;
            first[i] = (adam.Beta1 * first[i]) + ((1 - adam.Beta1) * g);
            second[i] = (adam.Beta2 * second[i]) + ((1 - adam.Beta2) * g * g);
            double mean = first[i] / (1 - Math.Pow(adam.Beta1, number)), square = second[i] / (1 - Math.Pow(adam.Beta2, number));
            if (rule is AdamW) parameters[i] -= rate * rule.WeightDecay * parameters[i];
            parameters[i] -= rate * mean / (Math.Sqrt(square) + adam.Epsilon);
        }
    }
}
