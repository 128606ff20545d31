using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>exp(a) over its sum; a row of -infinity alone becomes 0. The statistic is the log-sum-exp.</summary>
internal readonly struct SoftmaxRule<T> : IRowRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    public static bool FirstIsLargest => true;

    /// <inheritdoc/>
    public static bool HasSecond => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T> => VectorMath.ExpOfNegative<V, T>(a - first);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T> => VectorMath.ExpOfNegative<V, T>(a - first) / V.Max(V.Constant(V.IsDouble ? 2.2250738585072014e-308 : 1.1754943508222875e-38), second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T> => first + VectorMath.Log<V, T>(second);
}

/// <summary>a less the log-sum-exp of its row, which is the statistic.</summary>
internal readonly struct LogSoftmaxRule<T> : IRowRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    public static bool FirstIsLargest => true;

    /// <inheritdoc/>
    public static bool HasSecond => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T> => VectorMath.Exp<V, T>(a - first);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T> => a - first - VectorMath.Log<V, T>(second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T> => first + VectorMath.Log<V, T>(second);
}

/// <summary>a (b - a . b): the gradient of softmax from its value a and the gradient b.</summary>
internal readonly struct SoftmaxSlopeRule<T> : IRowRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    public static bool FirstIsLargest => false;

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T> => first;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T> => a * (b - first);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T> => first;
}

/// <summary>b - exp(a) times the sum of b: the gradient of log-softmax from its value a and the gradient b.</summary>
internal readonly struct LogSoftmaxSlopeRule<T> : IRowRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    public static bool FirstIsLargest => false;

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T> => first;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T> => b - (VectorMath.Exp<V, T>(a) * first);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T> => first;
}

/// <summary>(a - mean) / sqrt(variance + epsilon); the statistic is 1 / sqrt(variance + epsilon).</summary>
/// <param name="perElement">1 over the length of a row.</param>
/// <param name="epsilon">Added to the variance.</param>
internal readonly struct StandardizeRule<T>(T perElement, T epsilon) : IRowRule<T>
    where T : unmanaged
{
    private readonly T _perElement = perElement;
    private readonly T _epsilon = epsilon;

    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    public static bool FirstIsLargest => false;

    /// <inheritdoc/>
    public static bool HasSecond => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T> => Square(a - (V.Broadcast(_perElement) * first));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T> => (a - (V.Broadcast(_perElement) * first)) * Statistic(first, second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T> => V.Constant(1) / V.Sqrt(V.MultiplyAdd(V.Broadcast(_perElement), second, V.Broadcast(_epsilon)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Square<V>(V x)
        where V : unmanaged, IVector<V, T> => x * x;
}

/// <summary>d (b - mean b - a mean(a b)): the gradient of standardized rows from their values a, the gradient b and their scale d.</summary>
/// <param name="perElement">1 over the length of a row.</param>
internal readonly struct StandardizeSlopeRule<T>(T perElement) : IRowRule<T>
    where T : unmanaged
{
    private readonly T _perElement = perElement;

    /// <inheritdoc/>
    public static int Inputs => 4;

    /// <inheritdoc/>
    public static bool FirstIsLargest => false;

    /// <inheritdoc/>
    public static bool HasSecond => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T> => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T> => d * (b - (V.Broadcast(_perElement) * V.MultiplyAdd(a, second, first)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T> => first;
}

/// <summary>a over its Euclidean norm, which is the statistic, or over epsilon where that is more.</summary>
/// <param name="epsilon">The least norm.</param>
internal readonly struct UnitRule<T>(T epsilon) : IRowRule<T>
    where T : unmanaged
{
    private readonly T _epsilon = epsilon;

    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    public static bool FirstIsLargest => false;

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a * a;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T> => first;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T> => a / Statistic(first, second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T> => V.Max(V.Broadcast(_epsilon), V.Sqrt(first));
}

/// <summary>(b - a (a . b)) / d: the gradient of rows of unit length from their values a, the gradient b and their norms d.</summary>
internal readonly struct UnitSlopeRule<T> : IRowRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 4;

    /// <inheritdoc/>
    public static bool FirstIsLargest => false;

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T> => first;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T> => (b - (a * first)) / d;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T> => first;
}
