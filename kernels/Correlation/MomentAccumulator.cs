using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>
/// Adds rows to moments in one pass: chunks of rows are centred by the mean so far, multiplied with themselves in their own
/// precision on any engine, and summed in float64.
/// </summary>
/// <remarks>
/// With z = (x - c) s of chunks of m rows in all and d = mean of z: their scatter is (zᵀz - m d dᵀ) / s sᵀ, merged by Chan's
/// formula. A chunk whose mean lies so far from c that the difference would cancel is taken again around its own mean; scales are
/// powers of two.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class MomentAccumulator<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Rows of a chunk: a sum of so many products in float32 keeps about six digits.</summary>
    private const int MostRows = 4096;

    /// <summary>Rows below which a chunk costs more to sum in float64 than it gains by a thread of its own.</summary>
    private const int FewestRows = 2048;

    /// <summary>Rows that place the first centre, within a sixteenth of a standard deviation.</summary>
    private const int FirstRows = 256;

    /// <summary>Chunks that are taken at a time.</summary>
    private const int MostChunks = 32;

    /// <summary>Columns up to which each thread takes a chunk of its own: half-products of 2 MiB that pass a cache every quarter of a millisecond.</summary>
    private const int MostBesideColumns = 1024;

    /// <summary>Bytes of a chunk's rows, or of the products of all chunks, that narrower chunks and fewer ones keep to.</summary>
    private const long MostBytes = 64 << 20;

    /// <summary>Bytes of each column of a slice that is centred before it is multiplied.</summary>
    private const int SliceBytes = 1536;

    /// <summary>Squared distance of a chunk's mean from the centre, in variances, from which the chunk is taken again: two bits would cancel.</summary>
    private const double FarMean = 4;

    private readonly Engine _engine;
    private readonly HostEngine _host;
    private readonly Moments _moments;
    private readonly IReadOnlyList<string> _names;
    private readonly RunSettings _settings;
    private readonly int _features;
    private readonly int _stride;
    private readonly bool _isBeside;
    private bool _isResident;
    private readonly HalfLayout _layout;
    private readonly int _chunks;
    private readonly int _slice;

    /// <summary>Prepares.</summary>
    /// <param name="engine">Who multiplies.</param>
    /// <param name="host">Who centres and sums.</param>
    /// <param name="moments">What is added to.</param>
    /// <param name="names">The views' names, for messages.</param>
    /// <param name="settings">How to run.</param>
    public MomentAccumulator(Engine engine, HostEngine host, Moments moments, IReadOnlyList<string> names, RunSettings settings)
    {
        (_engine, _host, _moments, _names, _settings) = (engine, host, moments, names, settings);
        _features = moments.Features;
        int line = Scratch.Alignment / sizeof(T);
        // An odd number of cache lines, so that the elements of one column do not share a set.
        _stride = ((((_features + line - 1) / line) | 1) * line);
        _isBeside = engine == host && _features <= MostBesideColumns;
        _layout = _isBeside ? ChunkProducts<T>.LayoutOf(host.Width, _features) : HalfLayout.Rows(_features, _stride);
        _chunks = _isBeside ? (int)Math.Clamp(MostBytes / (_layout.Length * sizeof(T)), 1, MostChunks) : 1;
        int fits = (int)Math.Clamp(MostBytes / ((long)_stride * sizeof(T)), 256, MostRows);
        // Where the rows lie beside who multiplies, a slice at a time goes from the cache into the product.
        _slice = engine == host ? Math.Min(fits, SliceBytes / sizeof(T)) : fits;
    }

    /// <summary>Adds rows.</summary>
    /// <param name="views">The views, rows x columns each: all in host memory, or all on the engine's device, where they stay.</param>
    /// <param name="numbers">The numbers of rows, for messages.</param>
    /// <exception cref="ArgumentException">An element is NaN or infinite; the view and the place are named.</exception>
    /// <exception cref="NumericalException">The squares of a column are beyond the range of float64.</exception>
    public void Add(Operand<T>[] views, RowNumbers numbers)
    {
        int rows = views[0].Rows;
        _isResident = views[0].Buffer is not null;
        for (long first = 0; first < rows;)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            MomentChunk<T>[] chunks = Chunks(views, first, rows - first);
            first = chunks[^1].First + chunks[^1].Count;
            Add(views, chunks, numbers);
            _settings.Progress?.Report((double)first / rows);
        }

        _moments.Precision = Math.Max(_moments.Precision, Epsilon.Of<T>());
        Mirror();
    }

    /// <summary>The next chunks, of about as many rows each, around the mean so far or that of their first rows.</summary>
    private MomentChunk<T>[] Chunks(Operand<T>[] views, long first, long rows)
    {
        long groups = (rows + ((long)_chunks * MostRows) - 1) / ((long)_chunks * MostRows), parts = groups * _chunks;
        int most = (int)Math.Clamp((rows + parts - 1) / parts, FewestRows, MostRows);
        int count = (int)Math.Min(_chunks, (rows + most - 1) / most);
        T* centre = Scratch.Get<T>(ScratchSlot.MomentCentre, (nint)(count + 1) * 2 * _stride), scale = centre + _stride;
        if (_moments.Count == 0) ChooseOwn(views, first, (int)Math.Min(FirstRows, rows), RowNumbers.OfAll, centre);
        else ChooseRunning(centre, scale);
        double* sums = Scratch.Get<double>(ScratchSlot.MomentSums, (nint)count * _features);
        T* products = Scratch.Get<T>(ScratchSlot.MomentProduct, (nint)count * (nint)_layout.Length);
        MomentChunk<T>[] chunks = new MomentChunk<T>[count];
        for (int i = 0; i < count; i++)
        {
            chunks[i] = new()
            {
                First = first + ((long)i * most),
                Count = (int)Math.Min(most, rows - ((long)i * most)),
                Centre = centre,
                Scale = scale,
                Sums = sums + ((nint)i * _features),
                Products = products + ((nint)i * (nint)_layout.Length),
            };
        }

        return chunks;
    }

    /// <summary>Adds chunks: those that the common centre suits together, the others around their own means, each by itself.</summary>
    private void Add(Operand<T>[] views, MomentChunk<T>[] chunks, RowNumbers numbers)
    {
        T* own = chunks[0].Centre + (2 * (nint)_stride);
        Multiply(views, chunks);
        List<MomentChunk<T>> near = [], far = [];
        for (int i = 0; i < chunks.Length; i++)
        {
            if (IsAcceptable(chunks[i], isOwn: false))
            {
                near.Add(chunks[i]);
                continue;
            }

            T* centre = own + ((nint)i * 2 * _stride);
            ChooseOwn(views, chunks[i].First, chunks[i].Count, numbers, centre, isFinal: true);
            far.Add(chunks[i] with { Centre = centre, Scale = centre + _stride });
        }

        if (near.Count > 0) Merge([.. near]);
        if (far.Count == 0) return;
        Multiply(views, [.. far]);
        foreach (MomentChunk<T> chunk in far)
        {
            if (!IsAcceptable(chunk, isOwn: true)) throw OutOfRange();
            Merge([chunk]);
        }
    }

    private void Multiply(Operand<T>[] views, MomentChunk<T>[] chunks)
    {
        RunSettings quiet = _settings with { Progress = null };
        if (_isBeside)
        {
            ChunkProducts<T> all = new() { Host = _host, Views = views, Features = _features, Stride = _stride, Layout = _layout, Chunks = chunks, Settings = quiet };
            VectorDispatch.Run<T, ChunkProducts<T>>(_host.Width, ref all);
            return;
        }

        foreach (MomentChunk<T> chunk in chunks)
        {
            if (_isResident)
            {
                ResidentProduct<T> resident = new() { Views = views, Features = _features, Stride = _stride, Chunk = chunk, Settings = quiet };
                _engine.Execute(ref resident);
                continue;
            }

            CentredProduct<T> one = new() { Engine = _engine, Host = _host, Views = views, Features = _features, Stride = _stride, Slice = _slice, Chunk = chunk, Settings = quiet };
            VectorDispatch.Run<T, CentredProduct<T>>(_host.Width, ref one);
        }
    }

    private bool IsAcceptable(in MomentChunk<T> chunk, bool isOwn)
    {
        for (int i = 0; i < _features; i++)
        {
            double square = Element.ToDouble(chunk.Products[_layout.At(i, i)]), mean = chunk.Sums[i] / chunk.Count, factor = Element.ToDouble(chunk.Scale[i]);
            if (!double.IsFinite(square + mean) || !double.IsFinite(square / (factor * factor))) return false;
            double known = isOwn ? double.PositiveInfinity : _moments.Count == 0 ? 0 : _moments.Scatter[i, i] / _moments.Count * factor * factor;
            if (mean * mean > FarMean * Math.Max(known, (square / chunk.Count) - (mean * mean))) return false;
        }

        return true;
    }

    /// <summary>The means of some rows, and powers of two that bring their largest deviations to about 1; the last word on what is finite where no later one comes.</summary>
    private void ChooseOwn(Operand<T>[] views, long first, int count, RowNumbers numbers, T* centre, bool isFinal = false)
    {
        HostedRows<T> rows = new(_engine, views, first, count);
        if (isFinal) FiniteRows.Require(rows.Views, 0, count, numbers.From(first), _names);
        MomentCentre<T>.Choose(_host, rows.Views, 0, count, centre, centre + _stride, _settings.Threads);
        GC.KeepAlive(rows);
    }

    /// <summary>The running means, and powers of two that bring standard deviations to about 1.</summary>
    private void ChooseRunning(T* centre, T* scale)
    {
        for (int i = 0; i < _features; i++)
        {
            centre[i] = Element.Of<T>(_moments.Mean[i]);
            scale[i] = MomentCentre<T>.PowerOfTwo(Math.Sqrt(_moments.Scatter[i, i] / _moments.Count));
        }
    }

    /// <summary>Adds the scatter and the mean of chunks that were centred alike.</summary>
    private void Merge(MomentChunk<T>[] chunks)
    {
        double[] inverse = new double[_features], own = new double[_features], shift = new double[_features];
        double count = chunks.Sum(chunk => (double)chunk.Count), total = _moments.Count + count, share = count / total;
        for (int i = 0; i < _features; i++)
        {
            double sum = 0;
            foreach (MomentChunk<T> chunk in chunks) sum += chunk.Sums[i];
            inverse[i] = 1 / Element.ToDouble(chunks[0].Scale[i]);
            own[i] = sum / count * inverse[i];
            shift[i] = _moments.Count == 0 ? 0 : Element.ToDouble(chunks[0].Centre[i]) + own[i] - _moments.Mean[i];
        }

        MomentMerge<T> job = new()
        {
            Scatter = _moments.Scatter.Elements,
            Features = _features,
            Layout = _layout,
            Chunks = chunks,
            Inverse = inverse,
            Own = own,
            Shift = shift,
            Count = count,
            Factor = _moments.Count * share,
        };
        job.Run(_host, _settings.Threads);
        for (int i = 0; i < _features; i++)
        {
            _moments.Mean[i] = _moments.Count == 0 ? Element.ToDouble(chunks[0].Centre[i]) + own[i] : _moments.Mean[i] + (shift[i] * share);
        }

        _moments.Count += (long)count;
    }

    private void Mirror()
    {
        for (int i = 0; i < _features; i++)
        {
            for (int j = 0; j < i; j++) _moments.Scatter[i, j] = _moments.Scatter[j, i];
        }
    }

    private NumericalException OutOfRange()
    {
        return new(_settings.Operation, "the moments", "squares of deviations are beyond the range of the type; scale the columns down");
    }
}
