using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Symmetric eigenproblems of one order, with their operands anywhere.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly struct JacobiEigenProblem<T>
    where T : unmanaged
{
    /// <summary>Matrices.</summary>
    public int Items { get; init; } = 1;

    /// <summary>The first matrix, order x order; its lower half is read.</summary>
    public required Operand<T> Matrix { get; init; }

    /// <summary>Elements from matrix to matrix.</summary>
    public long MatrixStride { get; init; }

    /// <summary>Items x kept: the largest values of each matrix, descending.</summary>
    public required Operand<T> Values { get; init; }

    /// <summary>The first matrix's vectors, order x kept; absent where none are wanted.</summary>
    public Operand<T> Vectors { get; init; }

    /// <summary>Elements from vectors to vectors.</summary>
    public long VectorStride { get; init; }

    /// <summary>Columns of a block, for tests; null to leave it to the plan.</summary>
    public int? BlockWidth { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>One problem.</summary>
    public JacobiEigenProblem()
    {
    }

    /// <summary>Some of the items.</summary>
    public JacobiEigenProblem<T> Part(int first, int count) => this with
    {
        Items = count,
        Matrix = Matrix.Moved(first * MatrixStride),
        Values = Values.RowRange(first, count),
        Vectors = Vectors.IsAbsent ? Vectors : Vectors.Moved(first * VectorStride),
        Settings = Settings with { Progress = PartialProgress.Of(Settings.Progress, first, Items, count) },
    };
}
