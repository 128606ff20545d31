using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A presence mask as the kernels take it: by view, which rows are there.</summary>
internal static class ViewPresence
{
    /// <summary>Splits a mask by view; empty lists where there is none.</summary>
    /// <param name="presence">rows x views; null for all.</param>
    /// <param name="rows">Rows of the views.</param>
    /// <param name="given">By view: whether it is there at all.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or a row has no view.</exception>
    public static bool[][] Split(Tensor<bool>? presence, int rows, ReadOnlySpan<bool> given)
    {
        bool[][] present = new bool[given.Length][];
        if (presence is not null && (presence.Rank != 2 || presence.Lengths[0] != rows || presence.Lengths[1] != given.Length))
        {
            throw new ArgumentException($"the presence mask is {Shape.Of(presence.Lengths)}; for {rows} rows of {given.Length} views it must be {rows} x {given.Length}", nameof(presence));
        }

        for (int v = 0; v < present.Length; v++)
        {
            present[v] = presence is null && given[v] ? [] : new bool[rows];
            for (int i = 0; i < rows && presence is not null && given[v]; i++) present[v][i] = presence[i, v];
        }

        for (int i = 0; i < rows; i++)
        {
            if (!Array.Exists(present, view => view.Length == 0 || view[i])) throw new ArgumentException($"row {i} has no view: remove it", nameof(presence));
        }

        return present;
    }
}
