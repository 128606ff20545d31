using System.Runtime.InteropServices;
using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>
/// Canonical correlation by scikit-learn's <c>CCA(n_components=10).fit(x, y)</c>: NIPALS, with a pseudo-inverse of both views in float64 for each
/// component and its defaults (scale=True, which correlations do not notice, max_iter=500, tol=1e-6).
/// </summary>
/// <remarks>A run is <c>fit</c> alone; the correlations of the variates are asked for afterwards.</remarks>
internal sealed class SklearnCorrelation : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "scikit-learn CCA";

    private readonly PythonProcess _python;
    private readonly Lazy<double[]> _correlations;

    /// <summary>Starts the process.</summary>
    /// <exception cref="DllNotFoundException">There is no python3 with scikit-learn.</exception>
    public SklearnCorrelation(CorrelationCase ours, int threads)
    {
        float[][] views = [ours.Left, ours.Right];
        _python = new(
            "cca.py", "scikit-learn", threads, views.Select(view => (Action<Stream>)(file => file.Write(MemoryMarshal.AsBytes<float>(view)))), ours.Rows, ours.Width, CorrelationCase.Components);
        _correlations = new(() => _python.Ask("correlations"));
    }

    /// <inheritdoc/>
    public override string Name => $"{Title} {_python.Version}, NIPALS, tol 1e-6";

    /// <summary>Minutes a run.</summary>
    public override int MostRuns => 1;

    /// <inheritdoc/>
    public override void Run() => _python.Ask("fit");

    /// <inheritdoc/>
    public override double At(int row, int column) => row == column ? _correlations.Value[row] : 0;

    /// <summary>Ends the process.</summary>
    public override void Dispose() => _python.Dispose();
}
