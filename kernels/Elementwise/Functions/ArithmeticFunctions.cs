using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>factor a + addend.</summary>
/// <param name="factor">The factor.</param>
/// <param name="addend">Added to it.</param>
internal readonly struct Linear1Function<T>(T factor, T addend) : IElementFunction<T>
    where T : unmanaged
{
    private readonly T _factor = factor;
    private readonly T _addend = addend;

    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.MultiplyAdd(V.Broadcast(_factor), a, V.Broadcast(_addend));
}

/// <summary>factor a + other b.</summary>
/// <param name="factor">Factor of a.</param>
/// <param name="other">Factor of b.</param>
internal readonly struct Linear2Function<T>(T factor, T other) : IElementFunction<T>
    where T : unmanaged
{
    private readonly T _factor = factor;
    private readonly T _other = other;

    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.MultiplyAdd(V.Broadcast(_factor), a, V.Broadcast(_other) * b);
}

/// <summary>factor a b.</summary>
/// <param name="factor">The factor.</param>
internal readonly struct ProductFunction<T>(T factor) : IElementFunction<T>
    where T : unmanaged
{
    private readonly T _factor = factor;

    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.Broadcast(_factor) * a * b;
}

/// <summary>a / b.</summary>
internal readonly struct QuotientFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a / b;
}

/// <summary>-a b / c: the gradient of a quotient with respect to its divisor, from the gradient a, the quotient b and the divisor c.</summary>
internal readonly struct QuotientSlopeFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.Constant(0) - (a * b / c);
}

/// <summary>a b + c.</summary>
internal readonly struct AffineFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.MultiplyAdd(a, b, c);
}

/// <summary>a².</summary>
internal readonly struct SquareFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a * a;
}

/// <summary>exp(a).</summary>
internal readonly struct ExpFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => VectorMath.Exp<V, T>(a);
}

/// <summary>ln(a).</summary>
internal readonly struct LogFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => VectorMath.Log<V, T>(a);
}

/// <summary>The square root of a.</summary>
internal readonly struct SquareRootFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.Sqrt(a);
}

/// <summary>a / (2 b): the gradient of a square root from the gradient a and the root b; 0 where the root is 0.</summary>
internal readonly struct RootSlopeFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.SelectLess(V.Constant(0), b, V.Constant(0.5) * a / b, V.Constant(0));
}

/// <summary>|a|.</summary>
internal readonly struct AbsoluteFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.Abs(a);
}

/// <summary>a with the sign of b multiplied: the gradient of |b| from the gradient a.</summary>
internal readonly struct SignedFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.SelectLess(b, V.Constant(0), V.Constant(0) - a, V.SelectLess(V.Constant(0), b, a, V.Constant(0)));
}

/// <summary>a within bounds; NaN stays NaN.</summary>
/// <param name="lower">The lower bound.</param>
/// <param name="upper">The upper bound.</param>
internal readonly struct ClampFunction<T>(T lower, T upper) : IElementFunction<T>
    where T : unmanaged
{
    private readonly T _lower = lower;
    private readonly T _upper = upper;

    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.Min(V.Broadcast(_upper), V.Max(V.Broadcast(_lower), a));
}

/// <summary>a where b lies within the bounds, else 0: the gradient of clamping.</summary>
/// <param name="lower">The lower bound.</param>
/// <param name="upper">The upper bound.</param>
internal readonly struct ClampSlopeFunction<T>(T lower, T upper) : IElementFunction<T>
    where T : unmanaged
{
    private readonly T _lower = lower;
    private readonly T _upper = upper;

    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.SelectLess(b, V.Broadcast(_lower), V.Constant(0), V.SelectLess(V.Broadcast(_upper), b, V.Constant(0), a));
}
