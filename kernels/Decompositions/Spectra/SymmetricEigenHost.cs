using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Symmetric eigenproblems on the host, in float64.</summary>
internal static unsafe class SymmetricEigenHost
{
    /// <summary>Size from which all threads work at one matrix of a batch rather than at one each.</summary>
    private const int SharedSize = 512;

    /// <summary>Runs the whole call.</summary>
    public static void Run<T>(HostEngine engine, in SymmetricEigenCall<T> call)
        where T : unmanaged
    {
        if (call.Plan.Items == 0) return;
        WidthJob<T> job = new() { Engine = engine, Call = call };
        VectorDispatch.Run<double, WidthJob<T>>(engine.Width, ref job);
    }

    private struct WidthJob<T> : IVectorJob<double>
        where T : unmanaged
    {
        public HostEngine Engine;
        public SymmetricEigenCall<T> Call;

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, double>
        {
            if (Call.Plan.Route == SymmetricEigenRoute.Lanes)
            {
                int groups = (Call.Plan.Items + V.Count - 1) / V.Count;
                LanesJob<V, T> lanes = new() { Engine = Engine, Call = Call, Progress = new(Call.Settings, groups) };
                Engine.Run(ref lanes, groups, Call.Settings.Threads);
                Call.Settings.Cancellation.ThrowIfCancellationRequested();
                return;
            }

            BlockProgress progress = new(Call.Settings, Call.Plan.Items);
            ItemJob<V, T> job = new() { Engine = Engine, Call = Call, Progress = Call.Plan.Items > 1 ? progress : null };
            Engine.Run(ref job, Call.Plan.Items, Call.Plan.Size < SharedSize ? Call.Settings.Threads : 1);
            Call.Settings.Cancellation.ThrowIfCancellationRequested();
        }
    }

    private struct LanesJob<V, T> : IParallelJob
        where V : unmanaged, IHostVector<V, double>
        where T : unmanaged
    {
        public HostEngine Engine;
        public SymmetricEigenCall<T> Call;
        public BlockProgress Progress;

        public readonly void Run(int group)
        {
            if (Progress.IsCancelled) return;
            new SymmetricEigenLanes<V, T>(Engine, Call, group * V.Count).Solve();
            Progress.Advance();
        }
    }

    private struct ItemJob<V, T> : IParallelJob
        where V : unmanaged, IHostVector<V, double>
        where T : unmanaged
    {
        public HostEngine Engine;
        public SymmetricEigenCall<T> Call;
        public BlockProgress? Progress;

        public readonly void Run(int item)
        {
            if (Progress is { IsCancelled: true }) return;
            RunSettings settings = Progress is null ? Call.Settings : Call.Settings with { Progress = null };
            new SymmetricEigenItem<V, T>(Engine, Call, item, settings).Solve();
            Progress?.Advance();
        }
    }
}

/// <summary>One matrix of a call at one width.</summary>
internal readonly unsafe struct SymmetricEigenItem<V, T>(HostEngine engine, SymmetricEigenCall<T> call, int item, RunSettings settings)
    where V : unmanaged, IHostVector<V, double>
    where T : unmanaged
{
    private readonly int _size = call.Plan.Size;
    private readonly int _kept = call.Plan.Kept;
    private readonly long _stride = HostBlock.Stride(call.Plan.Size);

    /// <summary>Solves it and writes values and vectors where they belong.</summary>
    public void Solve()
    {
        if (_size == 0) return;
        bool wantsVectors = call.Plan.WantsVectors && _kept > 0;
        using HostBlock matrix = new((_size + 3) * _stride);
        double* a = matrix.Pointer, d = a + (_size * _stride), e = d + _stride, tau = e + _stride;
        double scale = SpectrumInput.FillSymmetric(engine, call.Matrix.Moved(item * call.MatrixStride), call.Plan.LowerOnly, a, _stride, settings);
        TridiagonalReduction<V>.Run(engine, a, _size, _stride, d, e, tau, settings);
        if (!wantsVectors) ValuesOnly(d, e, scale);
        else WithVectors(a, d, e, tau, scale);
        settings.Progress?.Report(1);
    }

    private void ValuesOnly(double* d, double* e, double scale)
    {
        if (!TridiagonalQl<V>.Run(d, e, _size, null, 0, 0)) throw new NumericalException(settings.Operation, "tridiagonal form", "the QL iteration did not converge");
        new Span<double>(d, _size).Sort();
        T* values = Values();
        for (int i = 0; i < _kept; i++) values[i * call.Values.ColumnStride] = Element.Of<T>(d[_size - 1 - i] * scale);
    }

    private void WithVectors(double* a, double* d, double* e, double* tau, double scale)
    {
        using HostBlock memory = new(((3L * _size) + TridiagonalDivide<V>.Lists) * _stride);
        double* vectors = memory.Pointer, grouped = vectors + (_size * _stride), table = grouped + (_size * _stride), lists = table + (_size * _stride);
        int[] order = TridiagonalDivide<V>.Run(engine, d, e, _size, _kept, vectors, grouped, table, lists, _stride, settings);
        T* values = Values();
        for (int i = 0; i < _kept; i++)
        {
            int row = order[_size - 1 - i];
            values[i * call.Values.ColumnStride] = Element.Of<T>(d[row] * scale);
            new ReadOnlySpan<double>(vectors + (row * _stride), _size).CopyTo(new(grouped + (i * _stride), _size));
        }

        new ReflectorBlocks(engine, a, _stride, tau, 1, _size, settings).Apply(grouped, _kept, _stride, _size - 1);
        VectorRows.Store(engine, grouped, _stride, call.Vectors.Moved(item * call.VectorStride), VectorRows.Signs(grouped, _stride, _kept, _size), settings);
    }

    private T* Values() => engine.Resolve(call.Values, settings.Operation) + (item * call.Values.RowStride);
}
