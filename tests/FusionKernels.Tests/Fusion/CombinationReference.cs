using static FusionKernels.Tests.Fusion.PlainNetwork;

namespace FusionKernels.Tests.Fusion;

/// <summary>Rules of combination in plain float64, one row at a time.</summary>
internal static class CombinationReference
{
    public static double[] Of(FusionRule rule, PlainNetwork plain, CombinationRuleTests.RuleCase made, int row)
    {
        double[][][] tokens = made.TokensOf(row);
        bool[] present = made.PresentOf(row);
        int[] there = [.. Enumerable.Range(0, present.Length).Where(m => present[m])];
        double[][] codes = [.. tokens.Select((one, m) => Scale(present[m] ? 1 : 0, Mean(one)))];
        return rule switch
        {
            FusionRule.Gated => Gated(plain, codes, there),
            FusionRule.Film => Film(plain, codes, there),
            FusionRule.Bilinear => Bilinear(plain, codes),
            FusionRule.Tensor => Tensor(plain, codes, present),
            FusionRule.LowRank => LowRank(plain, codes),
            FusionRule.AttentionPool => plain.Pool("", codes, present),
            FusionRule.WeightedSum => WeightedSum(plain, codes, there),
            FusionRule.Attention => Attention(plain, codes, present),
            FusionRule.CrossModal => CrossModal(plain, tokens, present),
            FusionRule.Latent => Latent(plain, tokens, present),
            FusionRule.Bottleneck => Bottleneck(plain, tokens, present, there),
            FusionRule.Graph => Graph(plain, made)[row],
            _ => Scale(1.0 / there.Length, Total(codes)),
        };
    }

    private static double[] Gated(PlainNetwork plain, double[][] codes, int[] there)
    {
        int views = codes.Length;
        double[] logits = plain.Dense("gates", [.. codes.SelectMany(code => code)]);
        return [.. codes[0].Select((_, k) => there.Sum(m => Math.Exp(logits[(k * views) + m]) * codes[m][k]) / there.Sum(m => Math.Exp(logits[(k * views) + m])))];
    }

    private static double[] Film(PlainNetwork plain, double[][] codes, int[] there)
    {
        return Mean([.. there.Select(m =>
        {
            int[] others = [.. there.Where(other => other != m)];
            if (others.Length == 0) return codes[m];
            double[] modulation = plain.Dense($"map{m}", Mean([.. others.Select(other => codes[other])]));
            return (double[])[.. codes[m].Select((value, k) => ((1 + modulation[k]) * value) + modulation[codes[m].Length + k])];
        })]);
    }

    private static double[] Tensor(PlainNetwork plain, double[][] codes, bool[] present)
    {
        double[][] narrow = [.. codes.Select((code, m) => Scale(present[m] ? 1 : 0, plain.Dense($"narrow{m}", code, Math.Tanh)))];
        int inputs = plain["map.weight"].Length / plain["map.bias"].Length, features = narrow[0].Length;
        int products = Enumerable.Range(1, features).First(count => features % count == 0 && count * Math.Pow((features / count) + 1, codes.Length) == inputs);
        return plain.Dense("map", [.. Enumerable.Range(0, products).SelectMany(product => narrow.Select(code => (double[])[.. code.Chunk(features / products).ElementAt(product), 1]).Aggregate(Outer))]);
    }

    private static double[] Bilinear(PlainNetwork plain, double[][] codes)
    {
        double[] sum = Total([.. codes.Select((code, m) => plain.Dense($"single{m}", code))]);
        for (int i = 0; i < codes.Length; i++)
        {
            for (int j = i + 1; j < codes.Length; j++) sum = Sum(sum, plain.Dense($"pair{i}_{j}", Outer(plain.Dense($"narrow{i}", codes[i]), plain.Dense($"narrow{j}", codes[j]))));
        }

        return sum;
    }

    private static double[] LowRank(PlainNetwork plain, double[][] codes)
    {
        double[] mix = plain["mix"], product = codes.Select((code, m) => plain.Dense($"factor{m}", code)).Aggregate(Product);
        return [.. product.Chunk(mix.Length).Select(ranks => Dot(ranks, mix))];
    }

    private static double[] WeightedSum(PlainNetwork plain, double[][] codes, int[] there)
    {
        double[] logits = plain["logits"];
        double sum = there.Sum(m => Math.Exp(logits[m]));
        return Total([.. there.Select(m => Scale(Math.Exp(logits[m]) / sum, plain.Dense($"value{m}", codes[m])))]);
    }

    private static double[] Attention(PlainNetwork plain, double[][] codes, bool[] present)
    {
        double[][] modalities = [.. plain["modalities.table"].Chunk(codes[0].Length)];
        double[][] x = [plain["answer"], .. codes.Select((code, m) => Sum(code, modalities[m]))];
        return plain.Norm("norm", plain.Block("block0", x, null, [true, .. present])[0]);
    }

    private static double[] CrossModal(PlainNetwork plain, double[][][] tokens, bool[] present)
    {
        int views = tokens.Length;
        double[][][] normal = [.. tokens.Select((one, m) => one.Select(token => plain.Norm($"norm{m}", token)).ToArray())];
        double[][] seen = new double[views][];
        for (int target = 0; target < views; target++)
        {
            seen[target] = new double[tokens[0][0].Length];
            if (!present[target]) continue;
            int[] others = [.. Enumerable.Range(0, views).Where(other => other != target && present[other])];
            double[][] looked = [.. tokens[target].Select((token, i) =>
            {
                double[] query = plain.Dense($"query{target}", normal[target][i]), found = new double[token.Length];
                foreach (int source in others)
                {
                    double[][] keys = [.. normal[source].Select(row => plain.Dense($"key{source}", row))], values = [.. normal[source].Select(row => plain.Dense($"value{source}", row))];
                    found = Sum(found, Scale(1.0 / others.Length, plain.Attend(query, keys, values, [.. keys.Select(_ => true)])));
                }

                return Sum(token, plain.Dense($"output{target}", found));
            })];
            seen[target] = Mean(plain.Block($"own{target}", looked, null, [.. looked.Select(_ => true)]));
        }

        return plain.Pool("pooling", seen, present);
    }

    private static double[] Latent(PlainNetwork plain, double[][][] tokens, bool[] present)
    {
        int width = tokens[0][0].Length;
        double[][] modalities = [.. plain["modalities.table"].Chunk(width)];
        double[][] sequence = [.. tokens.SelectMany((one, m) => one.Select(token => Sum(token, modalities[m])))];
        bool[] keep = [.. tokens.SelectMany((one, m) => one.Select(_ => present[m]))];
        double[][] x = plain.Block("latent.block", [.. plain["latent.queries"].Chunk(width)], sequence, keep);
        return plain.Norm("norm", Mean(plain.Block("block0", x, null, [.. x.Select(_ => true)])));
    }

    private static double[] Bottleneck(PlainNetwork plain, double[][][] tokens, bool[] present, int[] there)
    {
        int width = tokens[0][0].Length, places = tokens[0].Length;
        double[][] shared = [.. plain["bottleneck"].Chunk(width)];
        for (int layer = 0; layer < 2; layer++)
        {
            double[][][] behind = [.. tokens.Select((one, m) => plain.Block($"block{layer}_{m}", [.. one, .. shared], null, [.. one.Select(_ => present[m]), .. shared.Select(_ => true)]))];
            tokens = [.. behind.Select(one => one[..places])];
            shared = [.. shared.Select((_, i) => Mean([.. there.Select(m => behind[m][places + i])]))];
        }

        return [.. plain.Norm("norm", plain.Pool("pooling", [.. tokens.Select((one, m) => Scale(present[m] ? 1 : 0, Mean(one)))], present)), .. Mean(shared)];
    }

    /// <summary>The states of all rows, for views hear all of them.</summary>
    private static double[][] Graph(PlainNetwork plain, CombinationRuleTests.RuleCase made)
    {
        int views = made.Operands.Length, width = made.TokensOf(0)[0][0].Length;
        bool[][] there = [.. Enumerable.Range(0, CombinationRuleTests.Rows).Select(made.PresentOf)];
        double[][] rows = [.. there.Select(_ => plain["row"])], nodes = [.. plain["view.table"].Chunk(width)];
        double[][][] edges = [.. Enumerable.Range(0, CombinationRuleTests.Rows).Select(row => made.TokensOf(row).Select(one => one[0]).ToArray())];
        for (int layer = 0; layer < 2; layer++)
        {
            string name = $"layer{layer}";
            double[][] nextRows = [.. rows.Select((row, i) => plain.Dense($"{name}.row", [.. row, .. Mean([.. Cells(i).Select(m => plain.Dense($"{name}.to_row", [.. nodes[m], .. edges[i][m]], Relu))])], layer == 0 ? Relu : null))];
            double[][] nextNodes = [.. nodes.Select((node, m) =>
            {
                double[][] told = [.. Enumerable.Range(0, rows.Length).Where(i => there[i][m]).Select(i => plain.Dense($"{name}.to_view", [.. rows[i], .. edges[i][m]], Relu))];
                return plain.Dense($"{name}.view", [.. node, .. Mean(told)], Relu);
            })];
            (rows, nodes) = (nextRows, nextNodes);
            if (layer == 0) edges = [.. edges.Select((one, i) => one.Select((edge, m) => plain.Dense($"{name}.edge", [.. edge, .. rows[i], .. nodes[m]], Relu)).ToArray())];
        }

        return rows;

        IEnumerable<int> Cells(int row) => Enumerable.Range(0, views).Where(m => there[row][m]);
    }
}
