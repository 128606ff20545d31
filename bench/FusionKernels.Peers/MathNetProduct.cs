using FusionKernels.Bench;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FusionKernels.Peers;

/// <summary>Math.NET Numerics' product with its managed provider.</summary>
internal sealed class MathNetProduct : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "Math.NET managed";

    private readonly Matrix<float> _left;
    private readonly Matrix<float> _right;
    private readonly Matrix<float> _result;

    /// <summary>Copies the operands.</summary>
    public MathNetProduct(ProductCase<float> ours, int threads)
    {
        Control.UseManaged();
        Control.MaxDegreeOfParallelism = threads;
        _left = Matrix<float>.Build.DenseOfRowMajor(ours.Edge, ours.Edge, ours.Left);
        _right = Matrix<float>.Build.DenseOfRowMajor(ours.Edge, ours.Edge, ours.Right);
        _result = Matrix<float>.Build.Dense(ours.Edge, ours.Edge);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <summary>Seconds a run at 2048 rows.</summary>
    public override int MostRuns => 2;

    /// <inheritdoc/>
    public override void Run() => _left.Multiply(_right, _result);

    /// <inheritdoc/>
    public override double At(int row, int column) => _result[row, column];

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }
}
