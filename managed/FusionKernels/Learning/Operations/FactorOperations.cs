using System.Numerics;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Lower triangles of square matrices on a tape.</summary>
internal static class Triangle
{
    /// <summary>Where each element stands below the diagonal: row - column.</summary>
    public static DeviceBuffer<T> Offsets<T>(Tape<T> tape, int size, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] offsets = new T[size * size];
        for (int i = 0; i < offsets.Length; i++) offsets[i] = T.CreateChecked((i / size) - (i % size));
        DeviceBuffer<T> buffer = tape.Take(offsets.Length, operation);
        tape.Engine.Upload<T>(offsets, buffer, 0);
        return buffer;
    }

    /// <summary>The elements from so far below the diagonal on; zeros elsewhere, whatever stands there.</summary>
    public static void Keep<T>(Tape<T> tape, in Operand<T> from, DeviceBuffer<T> offsets, int first, in Operand<T> to, bool adds, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        tape.Map(new ClampSlopeFunction<T>(T.CreateChecked(first), T.CreateChecked(from.Rows)), to, from, Square(offsets, from.Rows), default, adds, operation);

    /// <summary>A dense square matrix.</summary>
    public static Operand<T> Square<T>(DeviceBuffer<T> buffer, int size)
        where T : unmanaged => new MatrixRef<T>(buffer, 0, size, size, size).InBuffer;

    /// <summary>factor a + other b, where the operands lie.</summary>
    public static void Combine<T>(Tape<T> tape, double factor, in Operand<T> a, double other, in Operand<T> b, in Operand<T> to, bool adds, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        tape.Map(new Linear2Function<T>(T.CreateChecked(factor), T.CreateChecked(other)), to, a, b, default, adds, operation);
}

/// <summary>The lower factor of a matrix's symmetric part (its gradient: Murray 2016, section 3).</summary>
internal sealed class CholeskyOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static CholeskyOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Cholesky";

    /// <summary>Computes the value.</summary>
    public static void Forward(Tape<T> tape, Node<T> node)
    {
        int size = node.Columns;
        if (size == 0) return;
        string name = Instance.Name;
        Operand<T> matrix = node.A!.Value;
        DeviceBuffer<T> symmetric = tape.Take(node.Elements, name), offsets = Triangle.Offsets(tape, size, name);
        Operand<T> factor = Triangle.Square(symmetric, size);
        Triangle.Combine(tape, 0.5, matrix, 0.5, matrix.Transposed, factor, adds: false, name);
        Span<int> failed = [-1];
        Span<T> pivots = [default];
        CholeskyRun.Factor(tape.Engine, factor.Ref, 1, size, failed, pivots, tape.Settings(name));
        if (failed[0] >= 0) throw CholeskyHost.NotPositiveDefinite(name, $"pivot {failed[0]} of {size}", Element.ToDouble(pivots[0]));
        Triangle.Keep(tape, factor, offsets, 0, node.Value, adds: false, name);
        tape.Return(symmetric);
        node.Saved = offsets;
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        int size = node.Columns;
        if (node.A is not { NeedsGradient: true } matrix || size == 0) return;
        DeviceBuffer<T> lower = tape.Take(node.Elements, Name), middle = tape.Take(node.Elements, Name);
        Operand<T> gradient = Triangle.Square(lower, size), inner = Triangle.Square(middle, size);

        // Half of L⁻ᵀ (P + its strict lower triangle) L⁻¹ of the lower triangle P of Lᵀ G, then its symmetric part.
        Triangle.Keep(tape, node.GradientValue, node.Saved!, 0, gradient, adds: false, Name);
        Products.Multiply(tape.Engine, node.Value.Ref.Transposed, gradient.Ref, inner.Ref, T.One, T.Zero, tape.Settings(Name));
        Triangle.Keep(tape, inner, node.Saved!, 0, gradient, adds: false, Name);
        Triangle.Keep(tape, inner, node.Saved!, 1, gradient, adds: true, Name);
        TriangularRun.Solve(tape.Engine, node.Value.Ref, gradient.Ref, forward: false, backward: true, tape.Settings(Name));
        TriangularRun.Solve(tape.Engine, node.Value.Ref, gradient.Ref.Transposed, forward: false, backward: true, tape.Settings(Name));
        Operand<T> target = tape.GradientOf(matrix, out bool adds);
        Triangle.Combine(tape, 0.25, gradient, 0.25, gradient.Transposed, target, adds, Name);
        tape.Return(lower);
        tape.Return(middle);
    }
}

/// <summary>The solution of L X = B, or of Lᵀ X = B, for a lower triangle.</summary>
internal sealed class TriangularSolveOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static TriangularSolveOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "SolveLower";

    /// <summary>Computes the value.</summary>
    public static void Forward(Tape<T> tape, Node<T> node)
    {
        tape.Copy(node.B!.Flat, node.Flat, adds: false, Instance.Name);
        Solve(tape, node, node.Value, isTransposed: node.Count != 0);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.Elements == 0) return;
        Node<T> triangle = node.A!, right = node.B!;
        bool isTransposed = node.Count != 0;
        DeviceBuffer<T> solved = tape.Take(node.Elements, Name);
        Operand<T> gradient = new MatrixRef<T>(solved, 0, node.Rows, node.Columns, node.Columns).InBuffer;
        tape.Copy(node.GradientValue, gradient, adds: false, Name);
        Solve(tape, node, gradient, !isTransposed);
        if (right.NeedsGradient) tape.Copy(gradient, tape.GradientOf(right, out bool adds), adds, Name);
        if (triangle.NeedsGradient)
        {
            int size = triangle.Columns;
            DeviceBuffer<T> outer = tape.Take(triangle.Elements, Name), offsets = Triangle.Offsets(tape, size, Name);
            Operand<T> product = Triangle.Square(outer, size), value = node.Value;
            (Operand<T> left, Operand<T> other) = isTransposed ? (value, gradient.Transposed) : (gradient, value.Transposed);
            Products.Multiply(tape.Engine, left.Ref, other.Ref, product.Ref, -T.One, T.Zero, tape.Settings(Name));
            Operand<T> target = tape.GradientOf(triangle, out bool adds);
            Triangle.Keep(tape, product, offsets, 0, target, adds, Name);
            tape.Return(outer);
            tape.Return(offsets);
        }

        tape.Return(solved);
    }

    private static void Solve(Tape<T> tape, Node<T> node, in Operand<T> right, bool isTransposed)
    {
        if (node.Elements > 0) TriangularRun.Solve(tape.Engine, node.A!.Value.Ref, right.Ref, !isTransposed, isTransposed, tape.Settings(Instance.Name));
    }
}
