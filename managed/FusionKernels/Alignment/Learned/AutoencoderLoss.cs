using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What teaches an autoencoder of several views.</summary>
internal sealed class AutoencoderLoss<T>(AutoencoderNetwork<T> network, ViewRows<T> data, AutoencoderOptions options, int source)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows that a correlation needs at least.</summary>
    private const int FewestRows = 3;

    /// <summary>What tells choices of views, and noise, from everything else that is drawn under one seed.</summary>
    private const uint ChoiceStream = 0x73756273, NoiseStream = 0x6E6F6973;

    /// <summary>The loss of a batch.</summary>
    public Var<T> Of(Tape<T> tape, ReadOnlySpan<int> rows)
    {
        AutoencoderNetwork<T>.Encoding encoding = network.Encode(tape, data, rows);
        bool[][] having = [.. Enumerable.Range(0, network.Views).Select(encoding.Having)];
        List<bool[][]> subsets = Subsets(tape, having);
        Var<T>[] codes = new Var<T>[subsets.Count];
        Var<T>? divergence = null;
        bool[] isTaught = new bool[subsets.Count * rows.Length];
        for (int s = 0; s < codes.Length; s++)
        {
            (Var<T> mean, Var<T>? logVariance) = encoding.Join(subsets[s]);
            for (int row = 0; row < rows.Length; row++) isTaught[(s * rows.Length) + row] = subsets[s].Any(view => view[row]);
            codes[s] = mean;
            if (logVariance is not { } spread) continue;
            if (tape.IsTraining) codes[s] = mean + ((0.5 * spread).Exp() * Noise(tape, rows.Length, s));

            // Where no view counts the product is the prior itself: a divergence of 0.
            Var<T> own = (mean.Square() + spread.Exp() - spread - 1).Sum();
            divergence = divergence is { } before ? before + own : own;
        }

        int taught = Math.Max(1, isTaught.Count(true));
        Var<T> loss = Rebuilding(tape, rows, codes.Length == 1 ? codes[0] : Var<T>.Stack(codes), having, isTaught, taught);
        if (divergence is { } sum) loss += sum * (0.5 * options.Beta / taught);
        return options.Mode == AutoencoderMode.Correlational && options.Correlation > 0 && Correlation(encoding, having) is { } correlation ? loss - (options.Correlation * correlation) : loss;
    }

    /// <summary>The views that codes are made of: all, each alone, and of three or more also some by chance, row for row.</summary>
    private List<bool[][]> Subsets(Tape<T> tape, bool[][] having)
    {
        int views = having.Length, rows = having[0].Length;
        if (options.Mode == AutoencoderMode.Split) return [Only(source)];
        List<bool[][]> subsets = [having, .. Enumerable.Range(0, views).Select(Only)];
        if (views > 2 && tape.IsTraining)
        {
            subsets.Add([.. having.Select((view, v) => view.Select((isThere, row) =>
                isThere && SeededNumbers.Uniform(row, (uint)v, (uint)tape.Step, ChoiceStream, tape.Seed) < 0.5).ToArray())]);
        }

        return subsets;

        bool[][] Only(int one) => [.. having.Select((view, v) => v == one ? view : new bool[rows])];
    }

    /// <summary>Errors of all views rebuilt from stacked codes: mean squares by view, or half sums of squares over the noise for the evidence bound.</summary>
    private Var<T> Rebuilding(Tape<T> tape, ReadOnlySpan<int> rows, Var<T> codes, bool[][] having, bool[] isTaught, int taught)
    {
        int[] repeated = new int[isTaught.Length];
        for (int i = 0; i < repeated.Length; i++) repeated[i] = rows[i % rows.Length];
        Var<T> loss = tape.Constant(T.Zero);
        for (int view = 0; view < network.Views; view++)
        {
            bool[] counts = [.. isTaught.Select((isTrue, i) => isTrue && having[view][i % having[view].Length])];
            int count = counts.Count(true);
            if (count == 0) continue;
            int features = data.Scales[view].Features;
            double weight = network.IsVariational ? 0.5 / (options.NoiseVariance * taught) : 1.0 / ((double)count * features * network.Views);
            Tensor<T> weights = Tensor.Create([.. counts.Select(isTrue => isTrue ? T.CreateChecked(weight) : T.Zero)], [counts.Length, 1]);
            loss += ((network.Decode(codes, view) - tape.Rows(data.Values[view], repeated)).Square() * tape.Constant(weights)).Sum();
        }

        return loss;
    }

    /// <summary>The mean over features and pairs of views of the correlation of their codes; null where no pair has rows enough.</summary>
    private static Var<T>? Correlation(AutoencoderNetwork<T>.Encoding encoding, bool[][] having)
    {
        List<Var<T>> correlations = [];
        for (int a = 0; a < having.Length; a++)
        {
            for (int b = a + 1; b < having.Length; b++)
            {
                int[] both = [.. Enumerable.Range(0, having[a].Length).Where(row => having[a][row] && having[b][row])];
                if (both.Length < FewestRows) continue;
                Var<T> u = encoding.Of(a).Gather(both), v = encoding.Of(b).Gather(both);
                (u, v) = (u - u.Mean(0), v - v.Mean(0));
                correlations.Add(((u * v).Sum(0) / ((u.Square().Sum(0) * v.Square().Sum(0)).Sqrt() + 1e-8)).Mean());
            }
        }

        return correlations.Count == 0 ? null : correlations.Aggregate((sum, one) => sum + one) * (1.0 / correlations.Count);
    }

    private Var<T> Noise(Tape<T> tape, int rows, int subset)
    {
        T[] noise = new T[rows * network.Components];
        for (int i = 0; i < noise.Length; i++) noise[i] = T.CreateChecked(SeededNumbers.Normal(i, (uint)subset, (uint)tape.Step, NoiseStream, tape.Seed));
        return tape.Constant(Tensor.Create(noise, [rows, network.Components]));
    }
}
