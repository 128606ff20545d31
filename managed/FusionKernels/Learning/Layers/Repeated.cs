using System.Numerics;

namespace FusionKernels;

/// <summary>One learned table for every item of a batch.</summary>
internal static class Repeated
{
    /// <summary>The rows of a table for each item: items x rows x features.</summary>
    public static Var<T> Rows<T>(Var<T> table, int items, int rows, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] each = new int[items * rows];
        for (int i = 0; i < each.Length; i++) each[i] = i % rows;
        return table.Gather(each).Reshape(items, rows, features);
    }
}
