namespace FusionKernels.Kernels.Graphs;

/// <summary>A sparse pattern in every order that kernels read it in, in host memory or on a device.</summary>
internal interface ISparsePattern
{
    /// <summary>Rows.</summary>
    int Rows { get; }

    /// <summary>Columns.</summary>
    int Columns { get; }

    /// <summary>Stored elements.</summary>
    int Entries { get; }

    /// <summary>Entries of the row that has the most.</summary>
    int LongestRow { get; }

    /// <summary>Row by row.</summary>
    PatternOperand ByRows { get; }

    /// <summary>Column by column: the transposed matrix, whose values lie where <see cref="PatternOperand.Places"/> says.</summary>
    PatternOperand ByColumns { get; }

    /// <summary>rows x entries: which entries a row has.</summary>
    PatternOperand EntriesOfRows { get; }

    /// <summary>columns x entries: which entries a column has.</summary>
    PatternOperand EntriesOfColumns { get; }
}
