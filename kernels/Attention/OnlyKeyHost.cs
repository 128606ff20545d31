using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>Attention to the only key that there is, on the host: its weight is 1, so its value is every query's output.</summary>
/// <remarks>Scores are computed all the same: for the log-sum-exps, and since NaN and infinity in them are refused.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct OnlyKeyHost<T> : IVectorJob<T>
    where T : unmanaged
{
    /// <summary>How it goes about it, in words.</summary>
    public const string Description = "fused (one key): its value";

    /// <summary>Who runs it.</summary>
    public required HostEngine Engine { get; init; }

    /// <summary>What the pieces share.</summary>
    public required AttentionRun Run { get; init; }

    /// <summary>The elements; outputs and log-sum-exps are written.</summary>
    public required AttentionOperands<T>* Operands { get; init; }

    /// <summary>Whether a forward pass is of this kind: no score is shifted, no pair is masked, and what is read is consecutive.</summary>
    public static bool Suits(AttentionProblem problem, AttentionOperands<T>* operands) =>
        problem is { Keys: 1, HasStructure: false, Slopes: null, Dropout: 0, Route: not AttentionRoute.Unfused }
        && operands->Bias.IsAbsent
        && operands->Mask.IsAbsent
        && (problem.Width == 1 || (operands->Query.Column, operands->Key.Column) == (1, 1))
        && (problem.ValueWidth == 1 || operands->Value.Column == 1);

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        HeadJob<V> job = new() { Run = Run, Operands = Operands };
        Run.Run(Engine, ref job, checked(Run.Problem.Batch * Run.Problem.QueryHeads), AttentionPlan.ForwardFlops(Run.Problem), bytes: 0);
    }

    /// <summary>One query head a piece.</summary>
    private struct HeadJob<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public AttentionRun Run;
        public AttentionOperands<T>* Operands;

        public int First { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void IParallelJob.Run(int piece)
        {
            Run.Settings.Cancellation.ThrowIfCancellationRequested();
            AttentionProblem problem = Run.Problem;
            (int item, int head) = Math.DivRem(First + piece, problem.QueryHeads);
            int keyHead = head / problem.GroupSize;
            T* key = Operands->Key.At(item, keyHead), value = Operands->Value.At(item, keyHead);
            for (int query = 0; query < problem.Queries; query++)
            {
                V sums = default;
                T* features = Operands->Query.At(item, head, query);
                int width = problem.Width, whole = width - (width % V.Count), d = 0;
                for (; d < whole; d += V.Count) sums = V.MultiplyAdd(V.Load(features + d), V.Load(key + d), sums);
                if (d < width) sums = V.MultiplyAdd(V.LoadPartial(features + d, width - d), V.LoadPartial(key + d, width - d), sums);
                double score = Element.ToDouble(V.Sum(sums)) * problem.Scale;
                if (problem.SoftCap > 0) score = problem.SoftCap * Math.Tanh(score / problem.SoftCap);
                T logSumExp = Element.Of<T>(score);
                QueryStore<V, T>.Store(Run, Operands, item, head, query, value, logSumExp);

                // Elsewhere -infinity is what masks leave; here it is a score beyond the range.
                if (double.IsNegativeInfinity(Element.ToDouble(logSumExp))) Run.TellNonFinite();
            }
        }
    }
}
