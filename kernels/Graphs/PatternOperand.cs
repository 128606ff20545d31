using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Graphs;

/// <summary>One order of a sparse pattern, as a call takes it.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Starts">By row its first entry, and the end.</param>
/// <param name="Indices">By entry its column.</param>
/// <param name="Places">By entry where its value lies; absent where values lie in the entries' order.</param>
/// <param name="Owners">By entry its row; absent where nothing asks for it.</param>
internal readonly record struct PatternOperand(
    int Rows, int Columns, Operand<int> Starts, Operand<int> Indices, Operand<int> Places, Operand<int> Owners)
{
    /// <summary>Stored elements.</summary>
    public int Entries => Indices.Columns;
}
