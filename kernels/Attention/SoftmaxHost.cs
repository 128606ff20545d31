using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>Softmax or log-softmax of dense rows in place: maximum, exponentials, one division for a row.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct SoftmaxHost<T> : IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Elements of a piece of work: about ten microseconds.</summary>
    private const int PieceElements = 1 << 14;

    /// <summary>Who runs it.</summary>
    public required HostEngine Engine { get; init; }

    /// <summary>The elements, replaced.</summary>
    public required T* Elements { get; init; }

    /// <summary>Rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Elements of a row, 1 or more.</summary>
    public required int Length { get; init; }

    /// <summary>Whether logarithms are wanted.</summary>
    public required bool IsLog { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Replaces dense rows by their softmax or its logarithm; -infinity is masked, a row of nothing else becomes 0, or -infinity.</summary>
    public static void Run(HostEngine engine, Span<T> elements, int length, bool isLog, in RunSettings settings)
    {
        if (elements.IsEmpty) return;
        fixed (T* first = elements)
        {
            SoftmaxHost<T> job = new() { Engine = engine, Elements = first, Rows = elements.Length / length, Length = length, IsLog = isLog, Settings = settings };
            VectorDispatch.Run<T, SoftmaxHost<T>>(engine.Width, ref job);
        }
    }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        int rowsAtOnce = Math.Max(1, PieceElements / Length);
        Job<V> job = new() { Softmax = this, RowsAtOnce = rowsAtOnce };
        Engine.Run(ref job, checked((int)((Rows + rowsAtOnce - 1) / rowsAtOnce)), Settings.Threads);
    }

    private struct Job<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public SoftmaxHost<T> Softmax;
        public int RowsAtOnce;

        public readonly void Run(int piece)
        {
            Softmax.Settings.Cancellation.ThrowIfCancellationRequested();
            long end = Math.Min(Softmax.Rows, (piece + 1L) * RowsAtOnce);
            for (long row = (long)piece * RowsAtOnce; row < end; row++) Normalize<V>(Softmax.Elements + (row * Softmax.Length), Softmax.Length, Softmax.IsLog);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize<V>(T* row, int length, bool isLog)
        where V : unmanaged, IHostVector<V, T>
    {
        T maximum = MaximumOf<V>(row, length);
        V shift = V.Broadcast(maximum), sums = default;
        int i = 0;
        for (; i + V.Count <= length; i += V.Count)
        {
            V x = V.Load(row + i) - shift, e = VectorMath.ExpOfNegative<V, T>(x);
            sums += e;
            V.Store(isLog ? x : e, row + i);
        }

        if (i < length)
        {
            int rest = length - i;
            V x = V.LoadPartial(row + i, rest) - shift, e = VectorMath.ExpOfNegative<V, T>(x);
            T* lanes = stackalloc T[V.Count];
            V.Store(e, lanes);
            sums += V.LoadPartial(lanes, rest);
            V.StorePartial(isLog ? x : e, row + i, rest);
        }

        double sum = Element.ToDouble(V.Sum(sums));
        if (isLog) Shift<V>(row, length, V.Constant(sum == 0 ? 0 : -Math.Log(sum)));
        else if (sum != 0) Scale<V>(row, length, V.Constant(1 / sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MaximumOf<V>(T* row, int length)
        where V : unmanaged, IHostVector<V, T>
    {
        V largest = V.Constant(OnlineSoftmax.NoMaximum<T>());
        int i = 0;
        for (; i + V.Count <= length; i += V.Count) largest = V.Max(largest, V.Load(row + i));
        double maximum = LargestLane.Of<V, T>(largest);
        for (; i < length; i++) maximum = Math.Max(maximum, Element.ToDouble(row[i]));
        return Element.Of<T>(maximum);
    }

    private static void Scale<V>(T* row, int length, V factor)
        where V : unmanaged, IHostVector<V, T>
    {
        int i = 0;
        for (; i + V.Count <= length; i += V.Count) V.Store(V.Load(row + i) * factor, row + i);
        if (i < length) V.StorePartial(V.LoadPartial(row + i, length - i) * factor, row + i, length - i);
    }

    private static void Shift<V>(T* row, int length, V shift)
        where V : unmanaged, IHostVector<V, T>
    {
        int i = 0;
        for (; i + V.Count <= length; i += V.Count) V.Store(V.Load(row + i) + shift, row + i);
        if (i < length) V.StorePartial(V.LoadPartial(row + i, length - i) + shift, row + i, length - i);
    }
}
