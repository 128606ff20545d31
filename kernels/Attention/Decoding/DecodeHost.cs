using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>
/// Few queries against many keys on the host: each piece takes all queries of a key head through one part of its keys, which are
/// read once, and the parts are merged in their order, whoever computed them.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct DecodeHost<T> : IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Who runs it.</summary>
    public required HostEngine Engine { get; init; }

    /// <summary>What the pieces share.</summary>
    public required AttentionRun Run { get; init; }

    /// <summary>The elements; outputs and log-sum-exps are written, keys and values not read.</summary>
    public required AttentionOperands<T>* Operands { get; init; }

    /// <summary>Where keys and values lie.</summary>
    public required DecodeSource<T> Source { get; init; }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        AttentionProblem problem = Run.Problem;
        int parts = DecodePlan.Parts(problem), rows = DecodePlan.Rows(problem);
        int blocks = checked(problem.Batch * problem.KeyHeads * DecodePlan.RowBlocks(problem));
        double flops = AttentionPlan.ForwardFlops(problem);
        nint results = parts == 1 ? 0 : checked((nint)blocks * parts * Math.Min(rows, DecodePlan.MostRows));
        T* outputs = Scratch.Get<T>(ScratchSlot.AttentionParts, results * (problem.ValueWidth + 1));
        Run.SharedBytes = Scratch.BytesOf<T>(results * (problem.ValueWidth + 1));
        Blocks shape = new(problem, parts, rows);
        PartJob<V> job = new() { Host = this, Shape = shape, Outputs = outputs, Sums = outputs + (results * problem.ValueWidth) };
        Run.Run(Engine, ref job, checked(blocks * parts), flops, Scratch.BytesOf<T>(DecodeBlock<V, T>.Elements(problem, shape.Stride)));
        if (parts == 1) return;
        MergeJob<V> merge = new() { Host = this, Shape = shape, Outputs = job.Outputs, Sums = job.Sums };
        Engine.Run(ref merge, blocks, Run.ThreadsFor(flops));
    }

    /// <summary>Blocks of queries that share a key head, and the parts of its keys.</summary>
    private readonly struct Blocks(AttentionProblem problem, int parts, int rows)
    {
        private readonly int _keyHeads = problem.KeyHeads;
        private readonly int _rowBlocks = DecodePlan.RowBlocks(problem);

        /// <summary>Parts of the keys.</summary>
        public readonly int Parts = parts;

        /// <summary>Results of a part.</summary>
        public readonly int Stride = Math.Min(rows, DecodePlan.MostRows);

        /// <summary>Item, key head, first query and number of queries of a block.</summary>
        public (int Item, int KeyHead, int FirstRow, int Rows) At(int block)
        {
            (int group, int rowBlock) = Math.DivRem(block, _rowBlocks);
            (int item, int keyHead) = Math.DivRem(group, _keyHeads);
            int first = rowBlock * DecodePlan.MostRows;
            return (item, keyHead, first, Math.Min(DecodePlan.MostRows, rows - first));
        }
    }

    /// <summary>Stores the result of one of the queries that share a key head.</summary>
    private readonly void Store<V>(int item, int keyHead, int row, T* output, T logSumExp)
        where V : unmanaged, IHostVector<V, T>
    {
        AttentionProblem problem = Run.Problem;
        (int head, int query) = Math.DivRem(row, problem.Queries);
        QueryStore<V, T>.Store(Run, Operands, item, (keyHead * problem.GroupSize) + head, query, output, logSumExp);
    }

    /// <summary>One part of one key head's keys a piece; where there is one part, its result is the result.</summary>
    private struct PartJob<V> : IAttentionJob
        where V : unmanaged, IHostVector<V, T>
    {
        public DecodeHost<T> Host;
        public Blocks Shape;
        public T* Outputs;
        public T* Sums;

        public int First { get; set; }

        readonly void IParallelJob.Run(int piece)
        {
            AttentionProblem problem = Host.Run.Problem;
            Host.Run.Settings.Cancellation.ThrowIfCancellationRequested();
            (int place, int part) = Math.DivRem(First + piece, Shape.Parts);
            (int item, int keyHead, int firstRow, int rows) = Shape.At(place);
            DecodeBlock<V, T> block = new(problem, Host.Operands, Host.Source, item, keyHead, firstRow, rows);
            block.Run(part * DecodePlan.PartKeys, (part + 1) * DecodePlan.PartKeys);
            T* sums = stackalloc T[DecodePlan.MostRows];
            block.Finish(sums, Shape.Parts > 1 || !Host.Operands->LogSumExp.IsAbsent);
            nint first = (nint)(First + piece) * Shape.Stride;
            for (int r = 0; r < rows; r++)
            {
                T* output = block.Output + (r * block.OutputStep);
                if (Shape.Parts == 1)
                {
                    Host.Store<V>(item, keyHead, firstRow + r, output, sums[r]);
                    continue;
                }

                Sums[first + r] = sums[r];
                new ReadOnlySpan<T>(output, problem.ValueWidth).CopyTo(new(Outputs + ((first + r) * problem.ValueWidth), problem.ValueWidth));
            }
        }
    }

    /// <summary>Merges the parts of one key head, in their order.</summary>
    private struct MergeJob<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public DecodeHost<T> Host;
        public Blocks Shape;
        public T* Outputs;
        public T* Sums;

        public readonly void Run(int piece)
        {
            AttentionProblem problem = Host.Run.Problem;
            (int item, int keyHead, int firstRow, int rows) = Shape.At(piece);
            int width = problem.ValueWidth;
            for (int r = 0; r < rows; r++)
            {
                // The first part's place takes the merged result.
                nint first = ((nint)piece * Shape.Parts * Shape.Stride) + r;
                Span<T> output = new(Outputs + (first * width), width), sum = new(Sums + first, 1);
                for (int part = 1; part < Shape.Parts; part++)
                {
                    nint at = first + ((nint)part * Shape.Stride);
                    AttentionMerge.Add<T>(width, new(Outputs + (at * width), width), new(Sums + at, 1), output, sum);
                }

                Host.Store<V>(item, keyHead, firstRow + r, Outputs + (first * width), Sums[first]);
            }
        }
    }
}
