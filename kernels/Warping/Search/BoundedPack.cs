using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>Series of one channel and one length with their envelopes, back to back.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class BoundedPack<T>
    where T : unmanaged
{
    private readonly T[] _values;
    private readonly T[] _lower;
    private readonly T[] _upper;
    private readonly T[] _lowerOfUpper;
    private readonly T[] _upperOfLower;
    private readonly int _length;

    private BoundedPack(SeriesPack<T> series)
    {
        (_values, _length) = (series.Values, series.LongestLength);
        _lower = Pinned(_values.Length);
        _upper = Pinned(_values.Length);
        _lowerOfUpper = Pinned(_values.Length);
        _upperOfLower = Pinned(_values.Length);
    }

    /// <summary>The addresses of one of them; valid as long as the pack lives.</summary>
    public BoundedSeries<T> this[int series] => new()
    {
        Values = At(_values, series),
        Lower = At(_lower, series),
        Upper = At(_upper, series),
        LowerOfUpper = At(_lowerOfUpper, series),
        UpperOfLower = At(_upperOfLower, series),
    };

    /// <summary>Computes the envelopes.</summary>
    /// <param name="series">The series, which are kept.</param>
    /// <param name="radius">The window's radius.</param>
    public static BoundedPack<T> Prepare<V>(SeriesPack<T> series, int radius)
        where V : unmanaged, IHostVector<V, T>
    {
        BoundedPack<T> pack = new(series);
        T[] work = Pinned(BoundEnvelopes<V, T>.WorkLength(series.LongestLength, radius));
        for (int i = 0; i < series.Count; i++) SearchQuery<T>.Envelope<V>(pack[i], series.LongestLength, radius, SearchQuery<T>.Address(work));
        GC.KeepAlive(work);
        return pack;
    }

    private static T[] Pinned(int length) => GC.AllocateUninitializedArray<T>(length, pinned: true);

    private T* At(T[] values, int series) => SearchQuery<T>.Address(values) + ((nint)series * _length);
}
