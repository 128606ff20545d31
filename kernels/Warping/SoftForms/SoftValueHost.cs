using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Values of all pairs on the host: tiles of one row and a few columns, shared over the threads.</summary>
internal static unsafe class SoftValueHost<V, T, TFactor>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TFactor : unmanaged, ISoftFactor<T>
{
    private const int TileColumns = 16;

    /// <summary>Computes the call's result.</summary>
    public static void Run(HostEngine engine, SoftProblem problem, SoftSeries<T> x, SoftSeries<T> y, in SoftCall<T> call)
    {
        bool isSymmetric = call.Y is null && problem.Window.IsSymmetric;
        bool isCentred = call.Finish.IsCentred;
        double[] ownX = isCentred ? Own(engine, problem, x, call.Settings) : [];
        double[] ownY = !isCentred || ReferenceEquals(x, y) ? ownX : Own(engine, problem, y, call.Settings);
        int tiles = (y.Series.Count + TileColumns - 1) / TileColumns;
        int pieces = checked(x.Series.Count * tiles);
        BlockProgress progress = new(call.Settings, pieces);
        PairsJob job = new()
        {
            Problem = problem,
            Finish = call.Finish,
            X = x,
            Y = y,
            OwnX = ownX,
            OwnY = ownY,
            IsSymmetric = isSymmetric,
            Tiles = tiles,
            Result = engine.Resolve(call.Result, call.Settings.Operation),
            RowStride = call.Result.RowStride,
            ColumnStride = call.Result.ColumnStride,
            Progress = progress,
        };
        engine.Run(ref job, pieces, call.Settings.Threads);
        call.Settings.Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Every series against itself.</summary>
    private static double[] Own(HostEngine engine, SoftProblem problem, SoftSeries<T> series, RunSettings settings)
    {
        OwnJob job = new() { Problem = problem, Series = series, Values = new double[series.Series.Count], Progress = new(settings with { Progress = null }, 1) };
        engine.Run(ref job, series.Series.Count, settings.Threads);
        int wrong = Array.IndexOf(job.Values, double.PositiveInfinity);
        if (wrong >= 0) throw new ArgumentException($"{settings.Operation}: the window leaves no path between a series of {series.Series.Lengths[wrong]} samples and itself: widen it");
        return job.Values;
    }

    private static double Value(SoftSeries<T> x, int i, SoftSeries<T> y, int j, ref SoftTables<T> tables)
    {
        int rows = x.Series.Lengths[i], columns = y.Series.Lengths[j];
        if (!tables.TryBand(rows, columns, out SoftBand band)) return double.PositiveInfinity;
        SoftPair<T> pair = new() { Band = band, Channels = x.Series.Channels, X = x.Forward(i), Y = y.Backward(j) };
        return SoftForward<V, T, TFactor>.Value(pair, new SoftRing<T>(tables.Memory(SoftRing<T>.Size(rows)), rows));
    }

    private struct OwnJob : IParallelJob
    {
        public SoftProblem Problem;
        public SoftSeries<T> Series;
        public double[] Values;
        public BlockProgress Progress;

        public readonly void Run(int i)
        {
            if (Progress.IsCancelled) return;
            SoftTables<T> tables = new(Problem);
            Values[i] = Value(Series, i, Series, i, ref tables);
        }
    }

    private struct PairsJob : IParallelJob
    {
        public SoftProblem Problem;
        public SoftFinish Finish;
        public SoftSeries<T> X;
        public SoftSeries<T> Y;
        public double[] OwnX;
        public double[] OwnY;
        public bool IsSymmetric;
        public int Tiles;
        public T* Result;
        public long RowStride;
        public long ColumnStride;
        public BlockProgress Progress;

        public readonly void Run(int piece)
        {
            int i = piece / Tiles, first = piece % Tiles * TileColumns;
            int end = Math.Min(Y.Series.Count, first + TileColumns);
            SoftTables<T> tables = new(Problem);
            for (int j = IsSymmetric ? Math.Max(i, first) : first; j < end && !Progress.IsCancelled; j++)
            {
                double own = Finish.IsCentred ? OwnX[i] : 0;
                double value = IsSymmetric && Finish.IsCentred && i == j ? own : Value(X, i, Y, j, ref tables);
                T finished = Element.Of<T>(Finish.Apply(value, own, Finish.IsCentred ? OwnY[j] : 0));
                Result[(i * RowStride) + (j * ColumnStride)] = finished;
                if (IsSymmetric) Result[(j * RowStride) + (i * ColumnStride)] = finished;
            }

            Progress.Advance();
        }
    }
}
