using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>A fitted pair that maps both sides, and is kept in no file.</summary>
/// <param name="method">The method's name.</param>
/// <param name="training">How training went.</param>
/// <param name="transformA">Rows of the first side in the common space.</param>
/// <param name="transformB">Rows of the second side.</param>
internal sealed class UnfiledPair<T>(string method, TrainingResult training, Func<Tensor<T>, Tensor<T>> transformA, Func<Tensor<T>, Tensor<T>> transformB) : IAlignedPair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public TrainingResult Training => training;

    /// <inheritdoc/>
    public Tensor<T> TransformA(Tensor<T> rows) => transformA(rows);

    /// <inheritdoc/>
    public Tensor<T> TransformB(Tensor<T> rows) => transformB(rows);

    /// <inheritdoc/>
    public IReadOnlyList<AlignFigure> Evaluate(Tensor<T> a, Tensor<T> b) => [];

    /// <inheritdoc/>
    public Tensor<T>? RebuildB(Tensor<T> a) => null;

    /// <inheritdoc/>
    public void Save(string path) => throw new NotSupportedException($"models of {method} are not kept in files");
}
