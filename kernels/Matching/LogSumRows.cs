using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>Adds exp(potential + factor score) up along rows of tiles, relative to the largest exponent met so far.</summary>
/// <param name="potentials">One per column and a vector of -infinity behind them.</param>
/// <param name="factor">Factor of the scores.</param>
/// <param name="maxima">By row: the largest exponent so far; <see cref="LogSum.None{T}"/> at first.</param>
/// <param name="sums">By row: the sum so far, relative to it; 0 at first.</param>
internal readonly unsafe struct LogSumRows<V, T>(T* potentials, T factor, double* maxima, double* sums) : ITileConsumer<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public void Accept(int row, int rows, int column, int columns, T* tile, int stride)
    {
        for (int r = 0; r < rows; r++) Add(row + r, tile + ((long)r * stride), potentials + column, columns);
    }

    /// <summary>Adds one row's next scores.</summary>
    public void Add(int row, T* scores, T* ofColumns, int columns)
    {
        V scale = V.Broadcast(factor), most = V.Broadcast(LogSum.None<T>());
        for (int c = 0; c < columns; c += V.Count) most = V.Max(most, Exponents(scores, ofColumns, columns, c, scale));
        double largest = LargestLane.Of<V, T>(most);
        V origin = V.Broadcast(Element.Of<T>(largest)), sum = V.Constant(0);
        for (int c = 0; c < columns; c += V.Count) sum += VectorMath.ExpOfNegative<V, T>(Exponents(scores, ofColumns, columns, c, scale) - origin);
        LogSum.Merge(ref maxima[row], ref sums[row], largest, Element.ToDouble(V.Sum(sum)));
    }

    private static V Exponents(T* scores, T* ofColumns, int columns, int column, V scale)
    {
        // The last vector's surplus meets the -infinity behind the potentials.
        V values = columns - column >= V.Count ? V.Load(scores + column) : V.LoadPartial(scores + column, columns - column);
        return V.MultiplyAdd(values, scale, V.Load(ofColumns + column));
    }
}
