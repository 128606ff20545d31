using System.Numerics.Tensors;

namespace FusionKernels.Tests.Fusion;

/// <summary>Layers in plain float64, one row at a time, by the names of a set's parameters: what combination rules are compared with.</summary>
internal sealed class PlainNetwork(ParameterSet<double> parameters, int heads)
{
    /// <summary>The elements of a parameter.</summary>
    public double[] this[string name] => FusionData.Flat(parameters[name].Read());

    /// <summary>W x + b; the bias may not be there.</summary>
    public double[] Dense(string layer, double[] x, Func<double, double>? activation = null)
    {
        double[] weight = this[$"{layer}.weight"], bias = parameters.All.Any(one => one.Name == $"{layer}.bias") ? this[$"{layer}.bias"] : new double[weight.Length / x.Length];
        return [.. bias.Select((b, i) => (activation ?? (value => value))(b + x.Select((value, k) => weight[(i * x.Length) + k] * value).Sum()))];
    }

    public double[] Norm(string layer, double[] x)
    {
        double mean = x.Average(), deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + 1e-5);
        double[] gain = this[$"{layer}.gain"], offset = this[$"{layer}.offset"];
        return [.. x.Select((value, k) => ((value - mean) / deviation * gain[k]) + offset[k])];
    }

    /// <summary>softmax(q kᵀ / sqrt(width)) v in heads, over the keys that are kept; 0 of none.</summary>
    public double[] Attend(double[] query, double[][] keys, double[][] values, bool[] keep)
    {
        int width = query.Length / heads;
        double[] result = new double[query.Length];
        for (int head = 0; head < heads; head++)
        {
            Range part = (head * width)..((head + 1) * width);
            double[] weights = [.. keys.Select((key, j) => keep[j] ? Math.Exp(Dot(query[part], key[part]) / Math.Sqrt(width)) : 0)];
            double sum = weights.Sum();
            for (int j = 0; j < keys.Length && sum > 0; j++)
            {
                for (int k = 0; k < width && keep[j]; k++) result[(head * width) + k] += weights[j] / sum * values[j][(head * width) + k];
            }
        }

        return result;
    }

    /// <summary>A transformer block, of self-attention where there is no context.</summary>
    public double[][] Block(string block, double[][] x, double[][]? context, bool[] keep)
    {
        double[][] queries = [.. x.Select(row => Norm($"{block}.norm0", row))], seen = context is null ? queries : [.. context.Select(row => Norm($"{block}.norm_context", row))];
        double[][] keys = [.. seen.Select(row => Dense($"{block}.attention.key", row))], values = [.. seen.Select(row => Dense($"{block}.attention.value", row))];
        return
        [
            .. x.Select((row, i) =>
            {
                double[] behind = Sum(row, Dense($"{block}.attention.output", Attend(Dense($"{block}.attention.query", queries[i]), keys, values, keep)));
                return Sum(behind, Dense($"{block}.dense1", Dense($"{block}.dense0", Norm($"{block}.norm1", behind), Gelu)));
            }),
        ];
    }

    /// <summary>The sum of parts, weighed by a softmax over the present ones of v . tanh(U part + u).</summary>
    public double[] Pool(string layer, double[][] parts, bool[] present)
    {
        double[] scores = [.. parts.Select((part, m) => present[m] ? Math.Exp(Dense(Name("score"), Dense(Name("inner"), part, Math.Tanh))[0]) : 0)];
        return Total([.. parts.Select((part, m) => Scale(scores[m] / scores.Sum(), Dense(Name($"value{m}"), part)))]);

        string Name(string word) => layer.Length == 0 ? word : $"{layer}.{word}";
    }

    public static double Gelu(double x) => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    public static double Relu(double x) => Math.Max(0, x);

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    public static double[] Scale(double factor, double[] a) => [.. a.Select(x => factor * x)];

    public static double[] Product(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x * y)];

    public static double[] Outer(double[] a, double[] b) => [.. a.SelectMany(x => b.Select(y => x * y))];

    public static double[] Total(double[][] parts) => parts.Aggregate(Sum);

    public static double[] Mean(double[][] parts) => Scale(1.0 / parts.Length, Total(parts));
}
