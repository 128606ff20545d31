using System.Numerics;
using FusionKernels.Kernels.Elementwise;

namespace FusionKernels;

/// <content>Arithmetic, element by element.</content>
public readonly partial struct Var<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>left + right; the smaller one repeats.</summary>
    public static Var<T> operator +(Var<T> left, Var<T> right) => Combined.Sum(left, right, 1);

    /// <summary>left - right; the smaller one repeats.</summary>
    public static Var<T> operator -(Var<T> left, Var<T> right) => Combined.Sum(left, right, -1);

    /// <summary>left right, element by element; the smaller one repeats.</summary>
    public static Var<T> operator *(Var<T> left, Var<T> right) => Combined.Product(left, right);

    /// <summary>left / right, element by element; the smaller one repeats.</summary>
    public static Var<T> operator /(Var<T> left, Var<T> right) => Combined.Quotient(left, right);

    /// <summary>left + right.</summary>
    public static Var<T> operator +(Var<T> left, double right) => left.Linear1(1, right);

    /// <summary>left - right.</summary>
    public static Var<T> operator -(Var<T> left, double right) => left.Linear1(1, -right);

    /// <summary>left - right.</summary>
    public static Var<T> operator -(double left, Var<T> right) => right.Linear1(-1, left);

    /// <summary>left right.</summary>
    public static Var<T> operator *(Var<T> left, double right) => left.Linear1(right, 0);

    /// <summary>left right.</summary>
    public static Var<T> operator *(double left, Var<T> right) => right.Linear1(left, 0);

    /// <summary>left / right.</summary>
    public static Var<T> operator /(Var<T> left, double right) => left.Linear1(1 / right, 0);

    /// <summary>-value.</summary>
    public static Var<T> operator -(Var<T> value) => value.Linear1(-1, 0);

    /// <summary>The square of each element.</summary>
    public Var<T> Square() => UnaryOperation<T>.Record<SquareFunction<T>>(this, default, SquareOperation<T>.Instance);

    /// <summary>e to the power of each element.</summary>
    public Var<T> Exp() => UnaryOperation<T>.Record<ExpFunction<T>>(this, default, ExpOperation<T>.Instance);

    /// <summary>The natural logarithm of each element: NaN below 0.</summary>
    public Var<T> Log() => UnaryOperation<T>.Record<LogFunction<T>>(this, default, LogOperation<T>.Instance);

    /// <summary>The square root of each element; its gradient at 0 is taken as 0.</summary>
    public Var<T> Sqrt() => UnaryOperation<T>.Record<SquareRootFunction<T>>(this, default, SqrtOperation<T>.Instance);

    /// <summary>The magnitude of each element; its gradient at 0 is 0.</summary>
    public Var<T> Abs() => UnaryOperation<T>.Record<AbsoluteFunction<T>>(this, default, AbsOperation<T>.Instance);

    /// <summary>Each element within bounds; where it lies outside, the gradient is 0.</summary>
    /// <param name="lower">The lower bound.</param>
    /// <param name="upper">The upper bound, no less than the lower.</param>
    /// <exception cref="ArgumentException">The bounds are in the wrong order.</exception>
    public Var<T> Clamp(double lower, double upper)
    {
        if (!(lower <= upper)) throw new ArgumentException($"the bounds {lower} and {upper} are in the wrong order");
        Var<T> result = UnaryOperation<T>.Record<ClampFunction<T>>(this, new(T.CreateChecked(lower), T.CreateChecked(upper)), ClampOperation<T>.Instance);
        (result.Node.Factor, result.Node.Other) = (lower, upper);
        return result;
    }

    /// <summary>The activation of each element.</summary>
    public Var<T> Activate(Activation activation) => Activations<T>.Record(this, activation);

    private Var<T> Linear1(double factor, double addend)
    {
        Var<T> result = UnaryOperation<T>.Record<Linear1Function<T>>(this, new(T.CreateChecked(factor), T.CreateChecked(addend)), LinearOperation<T>.Instance);
        result.Node.Factor = factor;
        return result;
    }
}
