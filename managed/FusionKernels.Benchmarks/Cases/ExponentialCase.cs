using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Peaks;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Bench;

/// <summary>Exponentials of elements that stay in the host's first cache.</summary>
internal sealed class ExponentialCase<T>(DeviceSession session, int threads) : BenchCase
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A million exponentials a thread: long enough for the start of the threads to vanish beside it.</summary>
    private const int Rounds = 512;

    private readonly HostEngine _engine = (HostEngine)session.Device.Engine;

    /// <inheritdoc/>
    public override string Shape => $"{ExponentialJob<T>.Elements} x {Rounds} a thread";

    /// <inheritdoc/>
    public override Work Work => new(0, Job.Exponentials, 0, 0);

    private ExponentialJob<T> Job => new(_engine, threads, Rounds);

    /// <inheritdoc/>
    public override void Run()
    {
        ExponentialJob<T> job = Job;
        VectorDispatch.Run<T, ExponentialJob<T>>(_engine.Width, ref job);
    }

    /// <inheritdoc/>
    public override double MaxError()
    {
        T[] results = ExponentialJob<T>.Results(_engine);
        double largest = 0;
        for (int i = 0; i < results.Length; i++)
        {
            double expected = Math.Exp(double.CreateChecked(ExponentialJob<T>.Argument(i)));
            largest = Math.Max(largest, Math.Abs(double.CreateChecked(results[i]) - expected) / expected);
        }

        return largest;
    }

    /// <summary>Does nothing: the elements live in the threads' working memory.</summary>
    public override void Dispose()
    {
    }
}
