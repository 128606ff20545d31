using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>A Gram matrix as F Fᵀ, F of rows x rank, made by <see cref="Nystrom"/>. Immutable and thread-safe.</summary>
public sealed class NystromFactor
{
    private readonly int[] _landmarks;

    internal NystromFactor(int[] landmarks, DenseMatrix projection, DenseMatrix matrix) => (_landmarks, Projection, Matrix) = (landmarks, projection, matrix);

    /// <summary>The numbers of the rows that new ones are compared with, ascending.</summary>
    public IReadOnlyList<int> Landmarks => _landmarks;

    /// <summary>Columns of F: eigenvalues of the landmarks' matrix that count.</summary>
    public int Rank => Matrix.Columns;

    /// <summary>Rows of F.</summary>
    public int Rows => Matrix.Rows;

    /// <summary>A copy of F: rows x rank.</summary>
    public Tensor<double> Features => Tensor.Create((double[])Matrix.Elements.Clone(), [Matrix.Rows, Matrix.Columns]);

    /// <summary>F.</summary>
    internal DenseMatrix Matrix { get; }

    /// <summary>landmarks x rank: what turns kernels against the landmarks into features.</summary>
    internal DenseMatrix Projection { get; }

    /// <summary>The same of some rows.</summary>
    internal NystromFactor Take(int[] rows)
    {
        DenseMatrix some = new(rows.Length, Rank);
        for (int i = 0; i < rows.Length; i++) Matrix.Row(rows[i]).CopyTo(some.Row(i));
        return new(_landmarks, Projection, some);
    }

    /// <summary>The features of new rows: their inner products with F approximate the kernel.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">rows x landmarks, by the kernel of the factor.</param>
    /// <param name="options">Threads, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x rank.</returns>
    /// <exception cref="ArgumentException">The columns are not the landmarks, or an element is not finite; its place is named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> Map<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Name = "NystromFactor.Map";
        ArgumentNullException.ThrowIfNull(gram);
        HostExecution.RequireElement<T>(Name);
        if (gram.Rank != 2 || gram.Lengths[1] != _landmarks.Length) throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; against {_landmarks.Length} landmarks it must be rows x {_landmarks.Length}", nameof(gram));
        MatrixRef<T> matrix = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        DecompositionInput.RequireFinite(matrix, nameof(gram));
        using Execution execution = HostExecution.Begin<T>(options, Name);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        DenseMatrix features = algebra.Multiply(DenseMatrix.Of(matrix), Projection);
        execution.CompleteWhole<T>($"a product of {features.Rows} rows with {_landmarks.Length} x {features.Columns} in float64", 2.0 * matrix.Rows * Projection.Elements.Length, 8L * features.Elements.Length);
        return Tensor.Create(features.Elements, [features.Rows, features.Columns]);
    }
}
