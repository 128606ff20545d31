using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Sums of products of two symmetric matrices, the rows and columns of one of which are permuted: what a permutation test of dependence compares.</summary>
internal static class PermutedProducts
{
    /// <summary>One sum for each of so many permutations.</summary>
    /// <param name="engine">The host; a permutation is one piece of work.</param>
    /// <param name="x">n x n, centred.</param>
    /// <param name="y">n x n.</param>
    /// <param name="permutations">How many.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <param name="settings">How to run; cancels between permutations.</param>
    public static double[] Of(HostEngine engine, DenseMatrix x, DenseMatrix y, int permutations, int seed, in RunSettings settings)
    {
        Random random = new(seed);
        double[] sums = new double[permutations];
        int[] seeds = new int[permutations];
        for (int i = 0; i < permutations; i++) seeds[i] = random.Next();
        PermutationJob job = new() { X = x, Y = y, Seeds = seeds, Sums = sums, Progress = new(settings, permutations) };
        engine.Run(ref job, permutations, settings.Threads);
        settings.Cancellation.ThrowIfCancellationRequested();
        return sums;
    }

    private struct PermutationJob : IParallelJob
    {
        public DenseMatrix X;
        public DenseMatrix Y;
        public int[] Seeds;
        public double[] Sums;
        public BlockProgress Progress;

        public readonly void Run(int piece)
        {
            if (Progress.IsCancelled) return;
            int[] order = new int[X.Rows];
            for (int i = 0; i < order.Length; i++) order[i] = i;
            new Random(Seeds[piece]).Shuffle(order);
            double sum = 0, diagonal = 0;
            for (int i = 0; i < order.Length; i++)
            {
                ReadOnlySpan<double> left = X.Row(i), right = Y.Row(order[i]);
                for (int j = 0; j < i; j++) sum += left[j] * right[order[j]];
                diagonal += left[i] * right[order[i]];
            }

            Sums[piece] = (2 * sum) + diagonal;
            Progress.Advance();
        }
    }
}
