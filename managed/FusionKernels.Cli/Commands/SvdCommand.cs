using System.CommandLine;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary><c>svd</c>: singular values and vectors of a matrix.</summary>
internal sealed class SvdCommand : SpectrumVerb
{
    private readonly Option<string?> _left = new("--left") { Description = "Write the left singular vectors, in columns, to this .npy file.", HelpName = "U.npy" };
    private readonly Option<string?> _right = new("--right") { Description = "Write the right singular vectors, in columns, to this .npy file.", HelpName = "V.npy" };

    /// <summary>Declares the verb.</summary>
    public SvdCommand()
        : base("svd", "The largest singular values of a matrix, and their vectors.", "svd a.npy --top 10 --plot spectrum.svg", "svd a.csv --left u.npy --values s.npy --right v.npy --json")
    {
        Add(_left);
        Add(_right);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Option<string?>> VectorFiles => [_left, _right];

    /// <inheritdoc/>
    protected override string ValueName => "singular values";

    /// <inheritdoc/>
    protected override (Tensor<T> U, Tensor<T> Values, Tensor<T> V, string Route) Solve<T>(Tensor<T> a, SvdOptions options)
    {
        SvdResult<T> result = Svd.Compute(a, options);
        return (result.U!, result.Values, result.V!, result.Route);
    }
}
