using System.Numerics;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels;

/// <summary>Minus the canonical correlation of two centred views.</summary>
internal sealed class CorrelationOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static CorrelationOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "CanonicalCorrelation";

    /// <summary>Computes the value, and its gradients with respect to the covariances.</summary>
    public static Var<T> Record(Var<T> a, Var<T> b, CorrelationLossOptions options)
    {
        Tape<T> tape = a.Tape;
        Node<T> left = a.Node, right = b.Node, node = tape.New(Instance, [], left, right);
        DenseMatrix[] covariances = [Covariance(tape, left, left), Covariance(tape, right, right), Covariance(tape, left, right)];
        double share = options.Running?.Mix(covariances, tape.IsTraining) ?? 1;
        for (int view = 0; view < 2; view++)
        {
            for (int i = 0; i < covariances[view].Rows; i++) covariances[view][i, i] += options.Ridge;
        }

        HostEngine host = tape.Engine as HostEngine ?? (HostEngine)HostExecution.Device.Engine;
        CorrelationGradients gradients = CorrelationGradients.Of(new(host, tape.Settings(Instance.Name)), covariances, options, share / (left.Rows - 1));
        node.Extra = gradients;
        tape.Engine.Upload([T.CreateChecked(-gradients.Value)], node.Buffer, node.Offset);
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        CorrelationGradients gradients = (CorrelationGradients)node.Extra!;
        Span<T> gradient = [default];
        tape.Engine.Download(node.Root.Gradient!, node.Root.GradientOffset, gradient);
        Bring(tape, node.A!, node.B!, gradients.First, gradients.Cross, isTransposed: true, -gradient[0]);
        Bring(tape, node.B!, node.A!, gradients.Second, gradients.Cross, isTransposed: false, -gradient[0]);
    }

    /// <summary>Brings own (2 own's gradient) + other (the cross gradient) to a view.</summary>
    private static void Bring(Tape<T> tape, Node<T> own, Node<T> other, DenseMatrix ofOwn, DenseMatrix cross, bool isTransposed, T factor)
    {
        if (!own.NeedsGradient) return;
        Operand<T> target = tape.GradientOf(own, out bool adds);
        DeviceMemory<T> first = Upload(tape, ofOwn), second = Upload(tape, cross);
        MatrixRef<T> across = second.Matrix(cross.Rows, cross.Columns).Ref;
        Products.Multiply(
            tape.Engine, own.Value.Ref, first.Matrix(ofOwn.Rows, ofOwn.Columns).Ref, target.Ref, factor + factor, adds ? T.One : T.Zero, tape.Settings(Instance.Name));
        Products.Multiply(tape.Engine, other.Value.Ref, isTransposed ? across.Transposed : across, target.Ref, factor, T.One, tape.Settings(Instance.Name));
        first.Return(tape);
        second.Return(tape);
    }

    private static DeviceMemory<T> Upload(Tape<T> tape, DenseMatrix matrix)
    {
        T[] narrowed = new T[matrix.Elements.Length];
        for (int i = 0; i < narrowed.Length; i++) narrowed[i] = T.CreateChecked(matrix.Elements[i]);
        DeviceBuffer<T> memory = tape.Take(narrowed.Length, Instance.Name);
        tape.Engine.Upload<T>(narrowed, memory, 0);
        return new(memory);
    }

    private static DenseMatrix Covariance(Tape<T> tape, Node<T> a, Node<T> b)
    {
        DeviceBuffer<T> memory = tape.Take((long)a.Columns * b.Columns, Instance.Name);
        T scale = T.CreateChecked(1.0 / (a.Rows - 1));
        MatrixRef<T> product = new(memory, 0, a.Columns, b.Columns, b.Columns);
        if (ReferenceEquals(a, b)) Products.MultiplySelf(tape.Engine, a.Value.Ref.Transposed, product, scale, T.Zero, tape.Settings(Instance.Name));
        else Products.Multiply(tape.Engine, a.Value.Ref.Transposed, b.Value.Ref, product, scale, T.Zero, tape.Settings(Instance.Name));
        T[] values = new T[a.Columns * b.Columns];
        tape.Engine.Download(memory, 0, values);
        tape.Return(memory);
        return new(a.Columns, b.Columns, [.. values.Select(value => double.CreateChecked(value))]);
    }
}

/// <summary>The objective of correlations and its gradients with respect to the covariances, in float64.</summary>
/// <param name="Value">The objective.</param>
/// <param name="First">By the first view's covariance.</param>
/// <param name="Second">By the second view's covariance.</param>
/// <param name="Cross">By the covariance between them.</param>
internal sealed record CorrelationGradients(double Value, DenseMatrix First, DenseMatrix Second, DenseMatrix Cross)
{
    /// <summary>Solves for covariances (first, second, cross); gradients are multiplied by a factor.</summary>
    public static CorrelationGradients Of(DenseAlgebra algebra, DenseMatrix[] covariances, CorrelationLossOptions options, double factor)
    {
        DenseMatrix lower1 = algebra.Cholesky(covariances[0]), lower2 = algebra.Cholesky(covariances[1]);

        // T = L1⁻¹ S12 L2⁻ᵀ, from the right-hand side by solving with its transpose.
        DenseMatrix whitened = algebra.SolveLower(lower2, algebra.SolveLower(lower1, covariances[2]).Transposed()).Transposed();
        (double value, DenseMatrix slope) = Objective(algebra, whitened, options);
        DenseMatrix cross = Between(algebra, lower1, slope, lower2, factor);
        DenseMatrix first = Between(algebra, lower1, algebra.MultiplyTransposed(slope, whitened), lower1, -0.5 * factor);
        DenseMatrix second = Between(algebra, lower2, algebra.TransposedMultiply(whitened, slope), lower2, -0.5 * factor);
        return new(value, first, second, cross);
    }

    private static (double Value, DenseMatrix Slope) Objective(DenseAlgebra algebra, DenseMatrix whitened, CorrelationLossOptions options)
    {
        double squares = whitened.Elements.Sum(element => element * element);
        if (options.Objective == CorrelationObjective.SquaredFrobenius) return (squares, Scaled(whitened, 2));
        if (options.Objective == CorrelationObjective.Frobenius) return (Math.Sqrt(squares), Scaled(whitened, squares > 0 ? 1 / Math.Sqrt(squares) : 0));
        int? count = options.Objective == CorrelationObjective.TopComponents ? Math.Min(options.Components, Math.Min(whitened.Rows, whitened.Columns)) : null;
        (DenseMatrix u, double[] values, DenseMatrix v) = algebra.Svd(whitened, count);
        return (values.Sum(), algebra.MultiplyTransposed(u, v));
    }

    /// <summary>factor L⁻ᵀ middle R⁻¹.</summary>
    private static DenseMatrix Between(DenseAlgebra algebra, DenseMatrix left, DenseMatrix middle, DenseMatrix right, double factor)
    {
        DenseMatrix half = algebra.SolveLowerTransposed(left, middle);
        return Scaled(algebra.SolveLowerTransposed(right, half.Transposed()).Transposed(), factor);
    }

    private static DenseMatrix Scaled(DenseMatrix matrix, double factor) => new(matrix.Rows, matrix.Columns, [.. matrix.Elements.Select(element => factor * element)]);
}
