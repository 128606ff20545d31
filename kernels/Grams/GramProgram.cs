using System.Collections.Immutable;

namespace FusionKernels.Kernels.Grams;

/// <summary>A composed kernel as steps over a stack, in postfix order: what every engine evaluates, tile by tile, without storing the parts.</summary>
internal sealed class GramProgram
{
    private readonly uint _codes;
    private readonly uint _statistics;

    /// <summary>The deepest stack that engines reserve room for.</summary>
    public const int MaximumDepth = 16;

    /// <summary>Checks and keeps the steps.</summary>
    /// <exception cref="ArgumentException">They do not leave exactly one value, or need more than <see cref="MaximumDepth"/> at once.</exception>
    public GramProgram(ImmutableArray<GramOp> ops)
    {
        int depth = 0, deepest = 0;
        foreach (GramOp op in ops)
        {
            depth += op.IsLeaf ? 1 : op.Code is GramOpCode.Add or GramOpCode.Multiply ? -1 : 0;
            deepest = Math.Max(deepest, depth);
            if (depth < 1) throw new ArgumentException($"{op.Code} finds too few values", nameof(ops));
        }

        if (depth != 1) throw new ArgumentException($"the steps leave {depth} values instead of one", nameof(ops));
        if (deepest > MaximumDepth)
        {
            throw new ArgumentException($"the kernel is nested {deepest} deep, the limit is {MaximumDepth}: sum its parts from left to right", nameof(ops));
        }

        Ops = ops;
        Depth = deepest;
        Statistics = GramStatistics.Of(ops);
        StatisticOfStep = GramStatistics.IndexOf(Statistics, ops);
        Terms = GramTerm.Of(ops, Statistics.Length);
        foreach (GramOp op in ops)
        {
            _codes |= 1u << (int)op.Code;
            if (!op.IsKernel) continue;
            _statistics |= 1u << (int)KernelFunctions.StatisticOf(op.Code);
            Features = Math.Max(Features, op.First + op.Features);
        }
    }

    /// <summary>The steps.</summary>
    public ImmutableArray<GramOp> Ops { get; }

    /// <summary>The most values that stand on the stack at once.</summary>
    public int Depth { get; }

    /// <summary>The one kernel that the program consists of, or null when it is composed.</summary>
    public GramOp? Single => Ops.Length == 1 && Ops[0].IsKernel ? Ops[0] : null;

    /// <summary>The kernels of a weighted sum, in their order, which hosts add up tile by tile while values are in registers; none for other programs.</summary>
    public ImmutableArray<GramTerm> Terms { get; }

    /// <summary>One representative kernel for each different statistic, in order of first use.</summary>
    public ImmutableArray<GramOp> Statistics { get; }

    /// <summary>By step: the position in <see cref="Statistics"/> of the statistic that its kernel needs; -1 where it is no kernel.</summary>
    public ImmutableArray<int> StatisticOfStep { get; }

    /// <summary>Features that a row must have.</summary>
    public int Features { get; }

    /// <summary>Whether a kernel among the steps needs that statistic.</summary>
    public bool Uses(PairStatistic statistic) => (_statistics & (1u << (int)statistic)) != 0;

    /// <summary>Whether the steps include one of that code.</summary>
    public bool Uses(GramOpCode code) => (_codes & (1u << (int)code)) != 0;

    /// <summary>The program of the value that the step at <paramref name="index"/> (centre or normalise) changes.</summary>
    public GramProgram OperandOf(int index)
    {
        int needed = 1, first = index;
        while (needed > 0)
        {
            first--;
            needed += Ops[first].IsLeaf ? -1 : Ops[first].Code is GramOpCode.Add or GramOpCode.Multiply ? 1 : 0;
        }

        return new GramProgram(Ops[first..index]);
    }
}
