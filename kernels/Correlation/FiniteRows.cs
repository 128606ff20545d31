using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The check of rows for NaN and infinities.</summary>
internal static unsafe class FiniteRows
{
    /// <summary>Checks rows of views that lie in host memory.</summary>
    /// <param name="views">The views.</param>
    /// <param name="first">The first row that is checked.</param>
    /// <param name="count">Rows that are checked.</param>
    /// <param name="numbers">The numbers of rows, for the message.</param>
    /// <param name="names">The views' names, for the message.</param>
    /// <exception cref="ArgumentException">An element is not finite; the view and the place are named.</exception>
    public static void Require<T>(Operand<T>[] views, long first, int count, RowNumbers numbers, IReadOnlyList<string> names)
        where T : unmanaged, INumberBase<T>
    {
        for (int v = 0; v < views.Length; v++)
        {
            Operand<T> view = views[v];
            for (long r = first; r < first + count; r++)
            {
                T* row = view.Pointer + (r * view.RowStride);
                for (int c = 0; c < view.Columns; c++)
                {
                    if (T.IsFinite(row[c * view.ColumnStride])) continue;
                    throw new ArgumentException(
                        $"view '{names[v]}' has {(T.IsNaN(row[c * view.ColumnStride]) ? "NaN" : "an infinity")} at row {numbers.Of(r)}, column {c}: remove the row from every view, or fill it in");
                }
            }
        }
    }
}
