using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>A query with all that a search reads of it; arrays of the pinned heap, so that a kernel may keep their addresses.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class SearchQuery<T>
    where T : unmanaged
{
    private SearchQuery(int length)
    {
        Length = length;
        Values = Pinned<T>(length);
        Lower = Pinned<T>(length);
        Upper = Pinned<T>(length);
        LowerOfUpper = Pinned<T>(length);
        UpperOfLower = Pinned<T>(length);
        Order = Pinned<int>(length);
        First = Pinned<int>(length);
        End = Pinned<int>(length);
    }

    /// <summary>Samples.</summary>
    public int Length { get; }

    /// <summary>The samples, normalised where the search normalises.</summary>
    public T[] Values { get; }

    /// <summary>Their lower envelope.</summary>
    public T[] Lower { get; }

    /// <summary>Their upper envelope.</summary>
    public T[] Upper { get; }

    /// <summary>The lower envelope of <see cref="Upper"/>.</summary>
    public T[] LowerOfUpper { get; }

    /// <summary>The upper envelope of <see cref="Lower"/>.</summary>
    public T[] UpperOfLower { get; }

    /// <summary>The samples by their distance from the mean, the furthest first: those a window is the least likely to be near to.</summary>
    public int[] Order { get; }

    /// <summary>The first sample that each sample of the window may be matched with.</summary>
    public int[] First { get; }

    /// <summary>Behind the last one.</summary>
    public int[] End { get; }

    /// <summary>The greatest |row - column| within the window.</summary>
    public int Radius { get; private set; }

    /// <summary>The addresses that bounds read.</summary>
    public BoundedSeries<T> Bounded => new()
    {
        Values = Address(Values),
        Lower = Address(Lower),
        Upper = Address(Upper),
        LowerOfUpper = Address(LowerOfUpper),
        UpperOfLower = Address(UpperOfLower),
    };

    /// <summary>The address of a pinned array's first element.</summary>
    public static TAny* Address<TAny>(TAny[] pinned)
        where TAny : unmanaged => (TAny*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    /// <summary>Prepares a query.</summary>
    /// <param name="samples">The samples, at least one.</param>
    /// <param name="window">Which samples may be matched.</param>
    /// <param name="normalizes">Whether it gets mean 0 and deviation 1 first.</param>
    public static SearchQuery<T> Prepare<V>(ReadOnlySpan<T> samples, WarpingWindow window, bool normalizes)
        where V : unmanaged, IHostVector<V, T>
    {
        SearchQuery<T> query = new(samples.Length);
        samples.CopyTo(query.Values);
        BoundedSeries<T> at = query.Bounded;
        if (normalizes) SearchNormalization<T>.Normalize(at.Values, query.Length, at.Values);
        for (int i = 0; i < query.Length; i++)
        {
            RowRange range = window.Row(i, query.Length, query.Length).Within(query.Length);
            (query.First[i], query.End[i]) = (range.First, range.End);
            if (range.First < range.End) query.Radius = Math.Max(query.Radius, Math.Max(i - range.First, range.End - 1 - i));
        }

        T[] work = Pinned<T>(BoundEnvelopes<V, T>.WorkLength(query.Length, query.Radius));
        Envelope<V>(at, query.Length, query.Radius, Address(work));
        GC.KeepAlive(work);
        query.Sort();
        return query;
    }

    /// <summary>Fills in the four envelopes of a series.</summary>
    public static void Envelope<V>(in BoundedSeries<T> series, int length, int radius, T* work)
        where V : unmanaged, IHostVector<V, T>
    {
        BoundEnvelopes<V, T>.Lower(series.Values, length, radius, work, series.Lower);
        BoundEnvelopes<V, T>.Upper(series.Values, length, radius, work, series.Upper);
        BoundEnvelopes<V, T>.Lower(series.Upper, length, radius, work, series.LowerOfUpper);
        BoundEnvelopes<V, T>.Upper(series.Lower, length, radius, work, series.UpperOfLower);
    }

    private void Sort()
    {
        double mean = 0;
        foreach (T value in Values) mean += Element.ToDouble(value) / Length;
        double[] keys = new double[Length];
        for (int i = 0; i < Length; i++) (Order[i], keys[i]) = (i, -Math.Abs(Element.ToDouble(Values[i]) - mean));
        Array.Sort(keys, Order);
    }

    private static TAny[] Pinned<TAny>(int length)
        where TAny : unmanaged => GC.AllocateUninitializedArray<TAny>(length, pinned: true);
}
