using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Values and derivatives of some pairs on the host: a pair is a piece of work.</summary>
internal static unsafe class SoftGradientHost<V, T, TFactor>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TFactor : unmanaged, ISoftFactor<T>
{
    /// <summary>Computes the call's derivatives.</summary>
    public static void Run(HostEngine engine, SoftProblem problem, SoftSeries<T> x, SoftSeries<T> y, in SoftCall<T> call)
    {
        GradientJob job = new()
        {
            Problem = problem,
            X = x,
            Y = y,
            Pairs = call.Pairs!,
            Gradients = call.Gradients!,
            Expected = call.Expected,
            WorkingBytes = new long[call.Pairs!.Length],
            Progress = new(call.Settings, call.Pairs.Length),
        };
        engine.Run(ref job, call.Pairs.Length, call.Settings.Threads);
        call.Settings.Cancellation.ThrowIfCancellationRequested();
        if (call.Settings.Trace is not { } trace) return;
        int threads = Math.Min(call.Pairs.Length, call.Settings.Threads == 0 ? engine.Threads : call.Settings.Threads);
        trace.PeakBytes = Math.Max(trace.PeakBytes, x.Bytes + (ReferenceEquals(x, y) ? 0 : y.Bytes) + (threads * job.WorkingBytes.Max()));
    }

    private struct GradientJob : IParallelJob
    {
        public SoftProblem Problem;
        public SoftSeries<T> X;
        public SoftSeries<T> Y;
        public (int X, int Y)[] Pairs;
        public SoftGradient<T>[] Gradients;
        public T* Expected;
        public long[] WorkingBytes;
        public BlockProgress Progress;

        public readonly void Run(int piece)
        {
            if (Progress.IsCancelled) return;
            (int i, int j) = Pairs[piece];
            int rows = X.Series.Lengths[i], columns = Y.Series.Lengths[j], channels = X.Series.Channels;
            SoftTables<T> tables = new(Problem);
            if (!tables.TryBand(rows, columns, out SoftBand band))
            {
                throw SoftProblem.NothingToDifferentiate(rows, columns);
            }

            nint size = SoftBackwardMemory<T>.Size(band, channels);
            WorkingBytes[piece] = (long)size * sizeof(T);
            SoftBackwardMemory<T> memory = SoftBackwardMemory<T>.Divide(band, channels, tables.Memory(size), Expected);
            SoftPair<T> pair = new() { Band = band, Channels = channels, X = X.Forward(i), Y = Y.Backward(j) };
            double value = SoftBackward<V, T, TFactor>.Run(pair, memory);

            // The kernel's derivatives are those of half the cost in scaled samples.
            double scale = 2 * Math.Sqrt(Problem.Unit);
            T[] gradientX = new T[rows * channels], gradientY = new T[columns * channels];
            for (int c = 0; c < channels; c++)
            {
                T* ofX = memory.GradientX + (c * pair.StrideX), ofY = memory.GradientY + (c * pair.StrideY);
                for (int step = 0; step < rows; step++) gradientX[(step * channels) + c] = Element.Of<T>(scale * Element.ToDouble(ofX[step]));
                for (int step = 0; step < columns; step++) gradientY[(step * channels) + c] = Element.Of<T>(scale * Element.ToDouble(ofY[columns - 1 - step]));
            }

            Gradients[piece] = new(value, gradientX, gradientY);
            Progress.Advance();
        }
    }
}
