using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Singular value decompositions of matrices of one shape, with their operands anywhere.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct JacobiSvdProblem<T>
    where T : unmanaged
{
    /// <summary>Matrices.</summary>
    public int Items { get; init; } = 1;

    /// <summary>The first matrix, rows x columns.</summary>
    public required Operand<T> Matrix { get; init; }

    /// <summary>Elements from matrix to matrix.</summary>
    public long MatrixStride { get; init; }

    /// <summary>Items x kept: the largest values of each matrix, descending.</summary>
    public required Operand<T> Values { get; init; }

    /// <summary>The first matrix's U, rows x kept; of a single matrix also rows x rows. Absent where no vectors are wanted.</summary>
    public Operand<T> U { get; init; }

    /// <summary>Elements from U to U.</summary>
    public long UStride { get; init; }

    /// <summary>The first matrix's V, columns x kept; of a single matrix also columns x columns. Absent as U.</summary>
    public Operand<T> V { get; init; }

    /// <summary>Elements from V to V.</summary>
    public long VStride { get; init; }

    /// <summary>Columns of a block, for tests; null to leave it to the plan.</summary>
    public int? BlockWidth { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>One problem.</summary>
    public JacobiSvdProblem()
    {
    }

    /// <summary>Some of the items.</summary>
    public JacobiSvdProblem<T> Part(int first, int count) => this with
    {
        Items = count,
        Matrix = Matrix.Moved(first * MatrixStride),
        Values = Values.RowRange(first, count),
        U = U.IsAbsent ? U : U.Moved(first * UStride),
        V = V.IsAbsent ? V : V.Moved(first * VStride),
        Settings = Settings with { Progress = PartialProgress.Of(Settings.Progress, first, Items, count) },
    };
}
