using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>The textbook's three loops in plain C#, one thread.</summary>
internal sealed class NaiveProduct(ProductCase<float> ours) : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "three loops in C#";

    private readonly float[] _result = new float[ours.Edge * ours.Edge];

    /// <inheritdoc/>
    public override string Name => Title;

    /// <summary>Half a minute or more a run at 2048 rows.</summary>
    public override int MostRuns => 1;

    /// <inheritdoc/>
    public override void Run()
    {
        int edge = ours.Edge;
        float[] left = ours.Left, right = ours.Right;
        for (int i = 0; i < edge; i++)
        {
            for (int j = 0; j < edge; j++)
            {
                float sum = 0;
                for (int k = 0; k < edge; k++) sum += left[(i * edge) + k] * right[(k * edge) + j];
                _result[(i * edge) + j] = sum;
            }
        }
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _result[(row * ours.Edge) + column];

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }
}
