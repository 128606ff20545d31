namespace FusionKernels.Kernels.Decompositions;

/// <summary>Right-hand sides of one matrix, and what each has become.</summary>
/// <param name="sides">rows x width.</param>
/// <param name="columns">Columns of the matrix.</param>
internal sealed class NonNegativeSides(DenseMatrix sides, int columns)
{
    /// <summary>columns x width.</summary>
    public DenseMatrix Solution { get; } = new(columns, sides.Columns);

    /// <summary>By right-hand side: what is left of it.</summary>
    public double[] Norms { get; } = new double[sides.Columns];

    /// <summary>The largest of all.</summary>
    public double KktResidual { get; private set; }

    /// <summary>Of all together.</summary>
    public int Steps { get; private set; }

    /// <summary>Solves for one of them.</summary>
    public void Solve(NonNegativeHost solver, int side)
    {
        NonNegativeSolution one = solver.Solve(sides.Column(side));
        for (int j = 0; j < columns; j++) Solution[j, side] = one.X[j];
        Norms[side] = one.Norm;
        KktResidual = Math.Max(KktResidual, one.KktResidual);
        Steps += one.Steps;
    }
}
