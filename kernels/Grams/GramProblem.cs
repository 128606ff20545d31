using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Grams;

/// <summary>What one Gram computation reads: pinned operands and how to treat them.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="plan">Shapes and kernel.</param>
/// <param name="x">rows x features.</param>
/// <param name="y">columns x features; x itself when symmetric.</param>
/// <param name="given">Given matrices, by number: rows x columns.</param>
/// <param name="nonFinite">What to do with NaN and infinities.</param>
/// <param name="settings">How to run.</param>
internal readonly struct GramProblem<T>(
    GramPlan plan, Operand<T> x, Operand<T> y, Operand<T>[] given, NonFiniteInput nonFinite, RunSettings settings)
    where T : unmanaged
{
    /// <summary>Shapes and kernel.</summary>
    public GramPlan Plan { get; } = plan;

    /// <summary>rows x features.</summary>
    public Operand<T> X { get; } = x;

    /// <summary>columns x features; x itself when symmetric.</summary>
    public Operand<T> Y { get; } = y;

    /// <summary>Given matrices, by number: rows x columns.</summary>
    public Operand<T>[] Given { get; } = given;

    /// <summary>What to do with NaN and infinities.</summary>
    public NonFiniteInput NonFinite { get; } = nonFinite;

    /// <summary>How to run.</summary>
    public RunSettings Settings { get; } = settings;
}
