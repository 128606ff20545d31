using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>Least and greatest samples within a window around each sample.</summary>
/// <remarks>Windows of twice the span follow from two of half of it, so a radius r takes log2(2 r + 1) passes of vector operations over memory in the cache.</remarks>
internal static unsafe class BoundEnvelopes<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    private interface IExtremum
    {
        /// <summary>The value that any other replaces.</summary>
        static abstract double Neutral { get; }

        /// <summary>One of the two.</summary>
        static abstract V Of(V left, V right);
    }

    /// <summary>Elements of working memory for a series.</summary>
    public static int WorkLength(int count, int radius) => count + (4 * radius) + (2 * V.Count) + 1;

    /// <summary>The least sample of [i - radius, i + radius], at the series' ends of what there is of it, for every i.</summary>
    /// <param name="source">The series; may be <paramref name="result"/>.</param>
    /// <param name="count">Its length.</param>
    /// <param name="radius">At most the length.</param>
    /// <param name="work">Working memory of <see cref="WorkLength"/>.</param>
    /// <param name="result">Receives as many values.</param>
    public static void Lower(T* source, int count, int radius, T* work, T* result) => Slide<Least>(source, count, radius, work, result);

    /// <summary>The greatest sample, as <see cref="Lower"/> the least.</summary>
    public static void Upper(T* source, int count, int radius, T* work, T* result) => Slide<Greatest>(source, count, radius, work, result);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Slide<TExtremum>(T* source, int count, int radius, T* work, T* result)
        where TExtremum : IExtremum
    {
        int length = count + (2 * radius), span = (2 * radius) + 1;
        T neutral = Element.Of<T>(TExtremum.Neutral);
        new Span<T>(work, radius).Fill(neutral);
        new Span<T>(source, count).CopyTo(new(work + radius, count));
        new Span<T>(work + radius + count, WorkLength(count, radius) - radius - count).Fill(neutral);

        // Ascending and in place: what a vector reads ahead has not been written yet.
        int done = 1;
        for (; 2 * done <= span; done *= 2)
        {
            for (int i = 0; i < length; i += V.Count) V.Store(TExtremum.Of(V.Load(work + i), V.Load(work + i + done)), work + i);
        }

        int second = span - done, at = 0;
        for (; at <= count - V.Count; at += V.Count) V.Store(TExtremum.Of(V.Load(work + at), V.Load(work + at + second)), result + at);
        if (at < count) V.StorePartial(TExtremum.Of(V.Load(work + at), V.Load(work + at + second)), result + at, count - at);
    }

    private readonly struct Least : IExtremum
    {
        public static double Neutral => double.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of(V left, V right) => V.Min(left, right);
    }

    private readonly struct Greatest : IExtremum
    {
        public static double Neutral => double.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of(V left, V right) => V.Max(left, right);
    }
}
