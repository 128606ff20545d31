using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// The gradient of all keys or values of one head while blocks of queries add to it, in order: keys x features, cut into blocks of
/// features as <see cref="LaneBlocks"/> cuts rows.
/// </summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal readonly unsafe struct KeySums<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    private readonly int _keys;
    private readonly int _width;
    private readonly T* _sums;
    private readonly T* _queries;
    private readonly T* _rest;

    /// <summary>Sums of 0.</summary>
    /// <param name="keys">Keys.</param>
    /// <param name="width">Features.</param>
    /// <param name="memory">Room for <see cref="Elements"/>.</param>
    public KeySums(int keys, int width, T* memory)
    {
        _keys = keys;
        _width = width;
        _sums = memory;
        _queries = _sums + ((nint)keys * Extent(width));
        _rest = _queries + (MostQueries * Extent(width));
        new Span<T>(_sums, checked(keys * Extent(width))).Clear();
    }

    private static int MostQueries => 3 * V.Count;

    private LaneBlocks Features => new(_width, V.Count);

    /// <summary>Elements of working memory.</summary>
    public static nint Elements(int keys, int width) => ((nint)(keys + MostQueries) * Extent(width)) + (8 * 3 * V.Count);

    /// <summary>Takes what a block of queries brings, feature by feature; queries that attend to nothing bring zeros, whatever is stored there.</summary>
    /// <param name="first">The first query.</param>
    /// <param name="rowStep">Elements from query to query.</param>
    /// <param name="columnStep">Elements from feature to feature.</param>
    /// <param name="count">Queries.</param>
    /// <param name="weights">The sum of each one's weights.</param>
    public void TakeQueries(T* first, long rowStep, long columnStep, int count, T* weights)
    {
        for (int block = 0; block < Features.Count; block++)
        {
            int start = Features.Start(block), lanes = Features.Width(block), features = Features.Length(block);
            T* from = first + (start * columnStep), to = _queries + (start * MostQueries);
            for (int query = 0; query < count; query++, from += rowStep, to += lanes)
            {
                int taken = Element.ToDouble(weights[query]) == 0 ? 0 : features;
                if (columnStep == 1) new ReadOnlySpan<T>(from, taken).CopyTo(new(to, taken));
                else for (int d = 0; d < taken; d++) to[d] = from[d * columnStep];
                new Span<T>(to + taken, lanes - taken).Clear();
            }
        }
    }

    /// <summary>Adds what a block of queries, as last taken, gives to keys.</summary>
    /// <param name="key">The first key.</param>
    /// <param name="keys">Keys.</param>
    /// <param name="tile">Factors, keys x queries.</param>
    /// <param name="step">Elements from key to key of it.</param>
    /// <param name="queries">Queries.</param>
    public void Add(int key, int keys, T* tile, int step, int queries)
    {
        AddJob job = new() { Sums = this, Key = key, Keys = keys, Tile = tile, Step = step, Queries = queries };
        for (int block = 0; block < Features.Count; block++) Features.Run(ref job, block);
    }

    /// <summary>Scales and stores the gradient, and tells the run of anything in it that is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Store(AttentionRun run, double scale, in Strided<T> target, int item, int keyHead)
    {
        V factor = V.Constant(scale), residue = default;
        for (int block = 0; block < Features.Count; block++)
        {
            int start = Features.Start(block), lanes = Features.Width(block), features = Features.Length(block);
            T* from = _sums + ((nint)start * _keys);
            for (int key = 0; key < _keys; key++, from += lanes)
            {
                T* to = target.At(item, keyHead, key) + (start * target.Column);
                for (int d = 0; d < features; d += V.Count)
                {
                    V value = V.Load(from + d) * factor;
                    residue += value - value;
                    if (target.Column != 1) V.Store(value, from + d);
                    else if (d + V.Count <= features) V.Store(value, to + d);
                    else V.StorePartial(value, to + d, features - d);
                }

                for (int d = 0; target.Column != 1 && d < features; d++) to[d * target.Column] = from[d];
            }
        }

        if (Element.ToDouble(V.Sum(residue)) != 0) run.TellNonFinite();
    }

    private static int Extent(int width) => new LaneBlocks(width, V.Count).Extent;

    private struct AddJob : ILaneBlockJob
    {
        public KeySums<V, T> Sums;
        public int Key;
        public int Keys;
        public T* Tile;
        public int Step;
        public int Queries;

        readonly void ILaneBlockJob.Run<TBlock>(int start, int count)
        {
            int lanes = TBlock.Vectors * V.Count, whole = Keys - (Keys % LaneKernel.Rows<V, T, TBlock>());
            T* queries = Sums._queries + (start * MostQueries), sums = Sums._sums + ((nint)start * Sums._keys) + ((nint)Key * lanes);
            if (whole > 0) LaneKernel.Sum<V, T, TBlock>(Queries, Tile, Step, 1, whole, queries, sums, resume: true);
            if (whole == Keys) return;

            // A register tile that is not filled writes beyond its rows, where other keys' sums stand.
            LaneKernel.Sum<V, T, TBlock>(Queries, Tile + (whole * Step), Step, 1, Keys - whole, queries, Sums._rest, resume: false);
            sums += whole * lanes;
            for (int i = 0; i < (Keys - whole) * lanes; i += V.Count) V.Store(V.Load(sums + i) + V.Load(Sums._rest + i), sums + i);
        }
    }
}
