using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>ALIGNF by NumPy.</summary>
internal sealed class NumpyAlignment : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "NumPy";

    private readonly PythonProcess _python;
    private double[] _weights = [];

    /// <summary>Starts the process.</summary>
    /// <exception cref="DllNotFoundException">There is no python3 with NumPy.</exception>
    public NumpyAlignment(AlignmentCase ours, int threads) => _python = new(
        "alignf.py",
        Title,
        threads,
        ours.Grams.Select(gram => (Action<Stream>)(file => file.Write(MemoryMarshal.AsBytes(gram.AsReadOnlyTensorSpan().GetSpan([0, 0], ours.Rows * ours.Rows))))),
        ours.Kernels,
        ours.Rows,
        AlignmentCase.Classes);

    /// <inheritdoc/>
    public override string Name => $"{Title} {_python.Version}";

    /// <inheritdoc/>
    public override void Run() => _weights = _python.Ask("weights");

    /// <inheritdoc/>
    public override double At(int row, int column) => _weights[column];

    /// <summary>Ends the process.</summary>
    public override void Dispose() => _python.Dispose();
}
