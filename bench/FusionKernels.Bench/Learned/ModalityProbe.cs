using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>How well a network that had no part in the fit tells two modalities apart in a common space.</summary>
internal static class ModalityProbe
{
    /// <summary>Trains on the directions of every other row of both, and judges on the rest: the share whose modality is named right.</summary>
    public static double Accuracy(Tensor<float> u, Tensor<float> v, ulong seed)
    {
        int rows = (int)u.Lengths[0], width = (int)u.Lengths[1];
        int[] train = [.. Enumerable.Range(0, rows).Where(row => row % 2 == 0)], judged = [.. Enumerable.Range(0, rows).Where(row => row % 2 == 1)];
        ParameterSet<float> parameters = new(seed);
        DenseLayers<float> probe = new(parameters, [width, 32, 2]);
        Trainer.Fit(
            parameters,
            new AdamW { LearningRate = 3e-3, WeightDecay = 0.1 },
            train.Length,
            (tape, batch) => Loss.CrossEntropy(Logits(tape, Rows(train, batch)), Answers(batch.Length)),
            new() { Epochs = 60, BatchSize = 64, Seed = seed });
        using Tape<float> tape = new();
        Tensor<float> logits = Logits(tape, judged).Read();
        int[] answers = Answers(judged.Length);
        return Enumerable.Range(0, answers.Length).Count(row => (logits[row, 1] > logits[row, 0] ? 1 : 0) == answers[row]) / (double)answers.Length;

        Var<float> Logits(Tape<float> tape, int[] chosen) => probe.Forward(Var<float>.Stack(tape.Rows(u, chosen), tape.Rows(v, chosen)).Unit());
    }

    private static int[] Rows(int[] all, ReadOnlySpan<int> chosen)
    {
        int[] rows = new int[chosen.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = all[chosen[i]];
        return rows;
    }

    private static int[] Answers(int each) => [.. Enumerable.Repeat(0, each), .. Enumerable.Repeat(1, each)];
}
