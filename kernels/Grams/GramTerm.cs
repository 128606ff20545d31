using System.Collections.Immutable;

namespace FusionKernels.Kernels.Grams;

/// <summary>One kernel of a weighted sum.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Weight">Its weight.</param>
internal readonly record struct GramTerm(GramOp Kernel, double Weight)
{
    /// <summary>The terms of a program that is a weighted sum of two kernels or more, no two of which share a sum over the features; none for any other program.</summary>
    public static ImmutableArray<GramTerm> Of(ImmutableArray<GramOp> ops, int statistics)
    {
        Stack<ImmutableArray<GramTerm>> stack = [];
        foreach (GramOp op in ops)
        {
            if (op.IsKernel) stack.Push([new(op, 1)]);
            else if (op.Code == GramOpCode.Scale && stack.Peek() is [{ Weight: 1 } only]) stack.Push([.. stack.Pop().Select(_ => only with { Weight = op.A })]);
            else if (op.Code == GramOpCode.Add)
            {
                ImmutableArray<GramTerm> last = stack.Pop();
                stack.Push([.. stack.Pop(), .. last]);
            }
            else return [];
        }

        ImmutableArray<GramTerm> terms = stack.Pop();
        return terms.Length > 1 && terms.Length == statistics ? terms : [];
    }
}
