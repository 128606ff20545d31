using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>Scores that stand in memory, by rows and once more by columns, so that both passes read along lines.</summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="byRows">rows x columns.</param>
/// <param name="byColumns">columns x rows.</param>
internal sealed class StoredScores<T>(int rows, int columns, T[] byRows, T[] byColumns)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Rows.</summary>
    public int Rows => rows;

    /// <summary>Columns.</summary>
    public int Columns => columns;

    /// <summary>One of both forms.</summary>
    public T[] Elements(bool ofColumns) => ofColumns ? byColumns : byRows;

    /// <summary>Solves a transport problem over these scores on an engine.</summary>
    public void Solve(Engine engine, SinkhornSolver solver, in RunSettings settings)
    {
        SolveCall call = new() { Scores = this, Solver = solver, Settings = settings };
        engine.Execute(ref call);
    }

    private struct SolveCall : IEngineCall
    {
        public StoredScores<T> Scores;
        public SinkhornSolver Solver;
        public RunSettings Settings;

        public readonly string Operation => Settings.Operation;

        public readonly void OnHost(HostEngine engine) => Solver.Run(new StoredScoresOnHost<T>(engine, Scores, Settings));

        public readonly void OnAccelerator(AcceleratorEngine engine)
        {
            using StoredScoresOnDevice<T> passes = new(engine, Scores, Settings);
            Solver.Run(passes);
        }
    }
}

/// <summary>Passes over stored scores with the host's vectors and threads.</summary>
internal sealed unsafe class StoredScoresOnHost<T>(HostEngine engine, StoredScores<T> scores, RunSettings settings) : ITransportPasses
    where T : unmanaged, INumberBase<T>
{
    /// <inheritdoc/>
    public void LogSums(bool ofColumns, ReadOnlySpan<double> potentials, double factor, Span<double> logSums)
    {
        double[] maxima = new double[logSums.Length], sums = new double[logSums.Length];
        Array.Fill(maxima, Element.ToDouble(LogSum.None<T>()));
        fixed (T* values = scores.Elements(ofColumns), padded = LogSum.Padded<T>(potentials))
        fixed (double* m = maxima, s = sums)
        {
            PassJob job = new()
            {
                Engine = engine,
                Scores = values,
                Potentials = padded,
                Factor = Element.Of<T>(factor),
                Maxima = m,
                Sums = s,
                Rows = logSums.Length,
                Columns = potentials.Length,
                Threads = settings.Threads,
            };
            VectorDispatch.Run<T, PassJob>(engine.Width, ref job);
        }

        for (int i = 0; i < sums.Length; i++) logSums[i] = LogSum.Log(maxima[i], sums[i]);
    }

    private struct PassJob : IVectorJob<T>
    {
        public HostEngine Engine;
        public T* Scores;
        public T* Potentials;
        public T Factor;
        public double* Maxima;
        public double* Sums;
        public int Rows;
        public int Columns;
        public int Threads;

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            RowJob<V> job = new() { Rows = new(Potentials, Factor, Maxima, Sums), Scores = Scores, Potentials = Potentials, Columns = Columns };
            Engine.Run(ref job, Rows, Threads);
        }
    }

    private struct RowJob<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public LogSumRows<V, T> Rows;
        public T* Scores;
        public T* Potentials;
        public int Columns;

        public readonly void Run(int row) => Rows.Add(row, Scores + ((long)row * Columns), Potentials, Columns);
    }
}

/// <summary>Passes over stored scores that stay on a device between them.</summary>
internal sealed unsafe class StoredScoresOnDevice<T> : ITransportPasses, IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly AcceleratorEngine _engine;
    private readonly RunSettings _settings;
    private readonly DeviceMatrix<T> _byRows;
    private readonly DeviceMatrix<T> _byColumns;

    /// <summary>Brings both forms to the device.</summary>
    public StoredScoresOnDevice(AcceleratorEngine engine, StoredScores<T> scores, in RunSettings settings)
    {
        (_engine, _settings) = (engine, settings);
        _byRows = Read(engine, scores.Elements(false), scores.Rows, scores.Columns, settings);
        try
        {
            _byColumns = Read(engine, scores.Elements(true), scores.Columns, scores.Rows, settings);
        }
        catch
        {
            _byRows.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void LogSums(bool ofColumns, ReadOnlySpan<double> potentials, double factor, Span<double> logSums)
    {
        using LogSumState<T> state = new(_engine, potentials, logSums.Length, _settings.Operation);
        LogSumKernels<T>.Instance.Add(_engine, ofColumns ? _byColumns : _byRows, 0, 0, state, factor, _settings with { Progress = null });
        _engine.Synchronize(_settings.Trace);
        state.Finish(logSums);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _byRows.Dispose();
        _byColumns.Dispose();
    }

    private static DeviceMatrix<T> Read(AcceleratorEngine engine, T[] elements, int rows, int columns, in RunSettings settings)
    {
        fixed (T* pointer = elements) return engine.Read(new Operand<T>(pointer, null, 0, rows, columns, columns, 1), settings);
    }
}
