using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping;

/// <summary>All pairs of the rows of two matrices, as an engine runs them.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct WarpingMatrixCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>What is computed for a pair.</summary>
    public required WarpingProblem Problem { get; init; }

    /// <summary>Series x samples.</summary>
    public required Operand<T> X { get; init; }

    /// <summary>Series x samples; absent where x stands against itself.</summary>
    public required Operand<T> Y { get; init; }

    /// <summary>The series of x x the series of y.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        SeriesPack<T> x = Pack(X, engine.Resolve(X, Settings.Operation));
        Packed(x, Y.IsAbsent ? null : Pack(Y, engine.Resolve(Y, Settings.Operation))).OnHost(engine);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (SeriesPreparation.IsIdentity(Problem))
        {
            WarpingAccelerator.Distances(engine, Plan(), X, Y, Result, Settings);
            return;
        }

        // What a rule reads beside the samples is made on the host.
        SeriesPack<T> x = Download(engine, X);
        Packed(x, Y.IsAbsent ? null : Download(engine, Y)).OnAccelerator(engine);
    }

    private readonly WarpingPlan Plan()
    {
        Operand<T> columns = Y.IsAbsent ? X : Y;
        return new(Problem, Lengths(X), Lengths(columns), Y.IsAbsent && Problem.IsSymmetric, 1, sizeof(T));
    }

    private readonly WarpingCall<T> Packed(SeriesPack<T> x, SeriesPack<T>? y)
    {
        SeriesPack<T>[] rows = SeriesPreparation.Parts(x, Problem);
        return new()
        {
            Plan = Plan(),
            X = rows,
            Y = y is null ? rows : SeriesPreparation.Parts(y, Problem),
            Result = Result,
            Settings = Settings,
        };
    }

    private static SeriesPack<T> Download(AcceleratorEngine engine, in Operand<T> series)
    {
        if (series.Buffer is null) return Pack(series, series.Pointer);
        SeriesPack<T> pack = new(Lengths(series), 1);
        T[] row = new T[((series.Columns - 1) * series.ColumnStride) + 1];
        for (int i = 0; i < series.Rows; i++)
        {
            engine.Download(series.Buffer, series.Offset + (i * series.RowStride), row.AsSpan());
            for (int step = 0; step < series.Columns; step++) pack[i][step] = row[step * series.ColumnStride];
        }

        return pack;
    }

    private static SeriesPack<T> Pack(in Operand<T> series, T* values)
    {
        SeriesPack<T> pack = new(Lengths(series), 1);
        for (int i = 0; i < series.Rows; i++)
        {
            T* row = values + (i * series.RowStride);
            Span<T> target = pack[i];
            for (int step = 0; step < target.Length; step++) target[step] = row[step * series.ColumnStride];
        }

        return pack;
    }

    private static int[] Lengths(in Operand<T> series)
    {
        int[] lengths = new int[series.Rows];
        Array.Fill(lengths, series.Columns);
        return lengths;
    }
}
