namespace FusionKernels.Kernels.Attention;

/// <summary>Which items and heads add to the same elements of a bias's gradient: a group is one piece of work, its members follow in order.</summary>
/// <param name="Batch">Items of the bias's own; 1 where all share it.</param>
/// <param name="Heads">Heads of the bias's own; 1 where all share it.</param>
/// <param name="AllBatch">Items.</param>
/// <param name="AllHeads">Query heads.</param>
/// <param name="SharesQueries">Whether all queries of a head share their elements.</param>
internal readonly record struct BiasPieces(int Batch, int Heads, int AllBatch, int AllHeads, bool SharesQueries)
{
    /// <summary>Pieces.</summary>
    public int Groups => Batch * Heads;

    /// <summary>Items and heads in a group.</summary>
    public int Members => Groups == 0 ? 0 : AllBatch * AllHeads / Groups;

    /// <summary>The groups of a gradient's strides, which are 0 where elements are shared; of none, every item and head is its own.</summary>
    public static BiasPieces Of<T>(AttentionProblem problem, in Strided<T> gradient)
        where T : unmanaged
    {
        (int batch, int heads) = (problem.Batch, problem.QueryHeads);
        return gradient.IsAbsent ? new(batch, heads, batch, heads, SharesQueries: false) : Of(problem, gradient.Batch, gradient.Head, gradient.Row);
    }

    /// <summary>The groups of strides.</summary>
    public static BiasPieces Of(AttentionProblem problem, long batchStride, long headStride, long rowStride)
    {
        (int batch, int heads) = (problem.Batch, problem.QueryHeads);
        return new(batchStride == 0 ? Math.Min(1, batch) : batch, headStride == 0 ? Math.Min(1, heads) : heads, batch, heads, rowStride == 0);
    }

    /// <summary>Item and head of a member.</summary>
    public (int Item, int Head) Member(int group, int member)
    {
        int heads = AllHeads / Heads;
        return ((group / Heads) + (member / heads), (group % Heads) + (member % heads));
    }
}
