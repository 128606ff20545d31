namespace FusionKernels.Kernels.Decompositions;

/// <summary>What the right-hand sides of one matrix have become.</summary>
/// <param name="columns">Columns of the matrix.</param>
/// <param name="width">Right-hand sides.</param>
internal sealed class NonNegativeSides(int columns, int width)
{
    /// <summary>columns x width.</summary>
    public DenseMatrix Solution { get; } = new(columns, width);

    /// <summary>By right-hand side: what is left of it.</summary>
    public double[] Norms { get; } = new double[width];

    /// <summary>The largest of all.</summary>
    public double KktResidual { get; private set; }

    /// <summary>Of all together.</summary>
    public int Steps { get; private set; }

    /// <summary>Takes the solution for one of them.</summary>
    public void Take(int side, in NonNegativeSolution one)
    {
        for (int j = 0; j < columns; j++) Solution[j, side] = one.X[j];
        Norms[side] = one.Norm;
        KktResidual = Math.Max(KktResidual, one.KktResidual);
        Steps += one.Steps;
    }
}
