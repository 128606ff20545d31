using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>
/// How a strip's cell comes of its operands. A type for each way, not flags: the compiler takes only so many calls into one
/// method, and takes those that a flag would rule out as well.
/// </summary>
/// <typeparam name="V">Lanes.</typeparam>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TRule">The recurrence.</typeparam>
internal unsafe interface IStripCell<V, T, TRule>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TRule : unmanaged, IWarpingRule<T>
{
    /// <summary>Channels of a column's sample that are in registers.</summary>
    static abstract int Channels { get; }

    /// <summary>One cell of the tables in one of the two vectors.</summary>
    /// <param name="strip">Where everything stands.</param>
    /// <param name="rule">The recurrence.</param>
    /// <param name="row">The row of the strip.</param>
    /// <param name="vector">Which of the two.</param>
    /// <param name="column">The column.</param>
    /// <param name="x">The first channel of the row's sample.</param>
    /// <param name="y">That of the column's sample.</param>
    /// <param name="xs">The row in the strip's samples.</param>
    /// <param name="second">The column's second channel, where three are in registers.</param>
    /// <param name="third">Its third one.</param>
    /// <param name="diagonal">The cell before in both.</param>
    /// <param name="above">The cell of the row before.</param>
    /// <param name="left">The cell of the column before.</param>
    static abstract V Compute(StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, T* xs, V second, V third, V diagonal, V above, V left);
}
