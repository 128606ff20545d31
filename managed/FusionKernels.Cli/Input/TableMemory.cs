namespace FusionKernels.Cli;

/// <summary>Whether a table of two series finds room, asked before the work for it begins.</summary>
internal static class TableMemory
{
    /// <summary>Requires that memory holds a table.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="option">The option that asks for it.</param>
    /// <param name="rows">Samples of A.</param>
    /// <param name="columns">Samples of B.</param>
    /// <param name="instead">What needs no table.</param>
    /// <exception cref="DataException">It does not; its bytes are named.</exception>
    public static void Require<T>(string option, nint rows, nint columns, string instead)
        where T : unmanaged
    {
        decimal cells = (decimal)rows * columns, bytes = cells * System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        if (cells <= Array.MaxLength && bytes <= GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) return;
        throw new DataException(FormattableString.Invariant($"{option}: the table of {rows} x {columns} samples takes {bytes:N0} bytes, more than memory holds; {instead}"));
    }
}
