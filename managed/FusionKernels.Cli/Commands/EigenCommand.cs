using System.CommandLine;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary><c>eigen</c>: eigenvalues and eigenvectors of a symmetric matrix.</summary>
internal sealed class EigenCommand : SpectrumVerb
{
    private readonly Option<string?> _vectors = new("--vectors") { Description = "Write the unit eigenvectors, in columns, to this .npy file.", HelpName = "U.npy" };

    /// <summary>Declares the verb.</summary>
    public EigenCommand()
        : base("eigen", "The largest eigenvalues of a symmetric matrix, and their vectors.", "eigen s.npy --top 10", "eigen s.csv --top 3 --values v.npy --vectors u.npy --json") => Add(_vectors);

    /// <inheritdoc/>
    protected override IReadOnlyList<Option<string?>> VectorFiles => [_vectors];

    /// <inheritdoc/>
    protected override void Require(string path, int rows, int columns)
    {
        if (rows != columns) throw new DataException($"{path} is {rows} x {columns}; a symmetric matrix is square");
    }

    /// <inheritdoc/>
    protected override string ValueName => "eigenvalues";

    /// <inheritdoc/>
    protected override (Tensor<T> U, Tensor<T> Values, Tensor<T> V, string Route) Solve<T>(Tensor<T> a, SvdOptions options)
    {
        SymmetricEigenResult<T> result = SymmetricEigen.Compute(a, options);
        return (result.Vectors!, result.Values, result.Vectors!, result.Route);
    }
}
