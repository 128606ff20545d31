using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Moving;

/// <summary>Statistics of every window of consecutive samples, on any engine.</summary>
/// <remarks>Every window is computed on its own, its samples in their order, so the bits depend on neither threads nor neighbours.</remarks>
internal static unsafe class MovingWindows
{
    /// <summary>result(i, j) = the rule over samples j to j + window - 1 of series i.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="series">rows x samples.</param>
    /// <param name="window">Samples of a window.</param>
    /// <param name="result">rows x (samples - window + 1).</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Compute<T, TRule>(Engine engine, MatrixRef<T> series, int window, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged
        where TRule : struct, IMovingRule<T>
    {
        MovingPlan plan = MovingPlan.Of(series, window, result, settings.Operation);
        fixed (T* from = series, to = result)
        {
            MovingCall<T, TRule> call = new() { Plan = plan, Series = series.At(from), Result = result.At(to), Settings = settings };
            engine.Execute(ref call);
        }
    }
}
