using System.Numerics;

namespace FusionKernels;

/// <content>Factorisations.</content>
public readonly partial struct Var<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The lower triangle L with L Lᵀ = (A + Aᵀ) / 2, zeros above it: the factor of the matrix's symmetric part, so that both halves share the gradient.</summary>
    /// <returns>n x n, from this value's n x n; n³ / 3 operations, and four times as many on the way back.</returns>
    /// <exception cref="ArgumentException">The value is no square matrix.</exception>
    /// <exception cref="NumericalException">The matrix is not positive definite; the pivot is named.</exception>
    public Var<T> Cholesky()
    {
        Node<T> a = Node;
        if (a.Rank != 2 || a.Lengths[0] != a.Lengths[1]) throw new ArgumentException($"Cholesky: {Tape<T>.ShapeOf(a)}: a square matrix is needed");
        Node<T> node = Tape.New(CholeskyOperation<T>.Instance, a.Lengths, a);
        CholeskyOperation<T>.Forward(Tape, node);
        return new(Tape, node);
    }

    /// <summary>X with L X = B, or Lᵀ X = B, for this value's lower triangle L; what stands above its diagonal is not read.</summary>
    /// <param name="right">n x m, as many rows as this value.</param>
    /// <param name="transpose">Whether Lᵀ X = B is solved.</param>
    /// <returns>n x m; n² m operations, and twice as many on the way back.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> SolveLower(Var<T> right, bool transpose = false)
    {
        Node<T> l = Node, b = right.NodeOn(Tape);
        if (l.Rank != 2 || b.Rank != 2 || l.Lengths[0] != l.Lengths[1] || l.Lengths[0] != b.Lengths[0])
        {
            throw new ArgumentException($"SolveLower: {Tape<T>.ShapeOf(l)} and {Tape<T>.ShapeOf(b)}: a square matrix and as many rows are needed");
        }

        Node<T> node = Tape.New(TriangularSolveOperation<T>.Instance, b.Lengths, l, b);
        node.Count = transpose ? 1 : 0;
        TriangularSolveOperation<T>.Forward(Tape, node);
        return new(Tape, node);
    }
}
