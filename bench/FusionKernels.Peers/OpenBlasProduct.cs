using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>OpenBLAS's product.</summary>
internal sealed class OpenBlasProduct : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "OpenBLAS sgemm";

    private readonly ProductCase<float> _ours;
    private readonly float[] _result;

    /// <summary>Loads the library.</summary>
    /// <exception cref="DllNotFoundException">It is absent.</exception>
    public OpenBlasProduct(ProductCase<float> ours, int threads)
    {
        OpenBlas.SetThreads(threads);
        _ours = ours;
        _result = new float[ours.Edge * ours.Edge];
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run() => OpenBlas.Multiply(_ours.Edge, _ours.Left, _ours.Right, _result);

    /// <inheritdoc/>
    public override double At(int row, int column) => _result[(row * _ours.Edge) + column];

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }
}
