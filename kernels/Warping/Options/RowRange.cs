using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Warping;

/// <summary>The columns of one row that a window lets an alignment pass.</summary>
/// <param name="First">The first one.</param>
/// <param name="End">Behind the last one; not above <paramref name="First"/> where there is none.</param>
internal readonly record struct RowRange(int First, int End)
{
    /// <summary>The same where the first column is in it, else that column alone: nothing leads a path from there to the others.</summary>
    public RowRange WithFirst() => First == 0 && End > 0 ? this : new(0, 1);

    /// <summary>The part within 0 to <paramref name="columns"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowRange Within(int columns) => new(Math.Max(First, 0), Math.Min(End, columns));
}
