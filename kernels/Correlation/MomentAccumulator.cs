using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>
/// Adds rows to moments in one pass: chunks of rows are centred by the mean so far, multiplied with themselves in their own
/// precision on any engine, and summed in float64.
/// </summary>
/// <remarks>
/// With z = (x - c) s of a chunk of m rows and d = mean of z: its scatter is (zᵀz - m d dᵀ) / s sᵀ, merged by Chan's formula. A
/// chunk whose mean lies so far from c that the difference would cancel is taken again around its own mean; scales are powers of two.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class MomentAccumulator<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Rows of a chunk: a sum of so many products in float32 keeps about six digits, and one pass of the tiled product takes them.</summary>
    private const int MostRows = 4096;

    /// <summary>Rows of the first chunk, which is read twice more to choose a centre and look for NaN: enough to place the centre.</summary>
    private const int FirstRows = 1024;

    /// <summary>Bytes of a chunk that narrower chunks keep to.</summary>
    private const long MostBytes = 64 << 20;

    /// <summary>Squared distance of a chunk's mean from the centre, in variances, from which the chunk is taken again: two bits would cancel.</summary>
    private const double FarMean = 4;

    private readonly Engine _engine;
    private readonly HostEngine _host;
    private readonly Moments _moments;
    private readonly IReadOnlyList<string> _names;
    private readonly RunSettings _settings;
    private readonly int _features;
    private readonly int _stride;
    private readonly int _chunk;
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
        _chunk = (int)Math.Clamp(MostBytes / ((long)_stride * sizeof(T)) / CentredRows<T>.PieceRows * CentredRows<T>.PieceRows, 4 * CentredRows<T>.PieceRows, MostRows);
        // Where the rows lie beside who multiplies, one depth block at a time goes from the cache into the product: in 4096 rows, centred
        // and packed whole, the product waits for memory (one core: 54 % of the peak against 82 %).
        _slice = engine == host ? Math.Min(_chunk, HostBlocking.Depth(sizeof(T))) : _chunk;
    }

    /// <summary>Adds rows.</summary>
    /// <param name="views">The views, rows x columns each, in host memory.</param>
    /// <param name="position">The number of the first row, for messages.</param>
    /// <exception cref="ArgumentException">An element is NaN or infinite; the view and the place are named.</exception>
    /// <exception cref="NumericalException">The squares of a column are beyond the range of float64.</exception>
    public void Add(Operand<T>[] views, long position)
    {
        int rows = views[0].Rows;
        RunSettings quiet = _settings with { Progress = null };
        int count;
        for (long first = 0; first < rows; first += count)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            count = (int)Math.Min(_moments.Count == 0 ? Math.Min(FirstRows, _chunk) : _chunk, rows - first);
            if (_moments.Count == 0 || !TryAdd(views, first, count, quiet, isOwn: false))
            {
                FiniteRows.Require(views, first, count, position, _names);
                if (!TryAdd(views, first, count, quiet, isOwn: true)) throw OutOfRange();
            }

            _settings.Progress?.Report((double)(first + count) / rows);
        }

        _moments.Precision = Math.Max(_moments.Precision, Epsilon.Of<T>());
        Mirror();
    }

    private bool TryAdd(Operand<T>[] views, long first, int count, in RunSettings settings, bool isOwn)
    {
        T* centre = Scratch.Get<T>(ScratchSlot.MomentCentre, 2 * _stride), scale = centre + _stride;
        if (isOwn) ChooseOwn(views, first, count, centre, scale);
        else ChooseRunning(centre, scale);
        T* sums = Scratch.Get<T>(ScratchSlot.MomentSums, (nint)CentredRows<T>.Pieces(_chunk) * _stride);
        T* product = Scratch.Get<T>(ScratchSlot.MomentProduct, (nint)_features * _stride);
        for (int at = 0; at < count; at += _slice)
        {
            AddSlice(views, first + at, Math.Min(_slice, count - at), centre, scale, sums + ((nint)CentredRows<T>.Pieces(at) * _stride), product, isFirst: at == 0, settings);
        }

        double[] means = Means(sums, count);
        if (!IsAcceptable(means, product, count, scale, isOwn)) return false;
        Merge(means, product, count, centre, scale);
        return true;
    }

    /// <summary>Centres rows and adds their products of columns.</summary>
    private void AddSlice(Operand<T>[] views, long first, int count, T* centre, T* scale, T* sums, T* product, bool isFirst, in RunSettings settings)
    {
        T* rows = Scratch.Get<T>(ScratchSlot.MomentRows, (nint)_slice * _stride);
        CentredRows<T> centred = new()
        {
            Host = _host,
            Views = views,
            FirstRow = first,
            Rows = count,
            Centre = centre,
            Scale = scale,
            Target = rows,
            Stride = _stride,
            Sums = sums,
            Threads = settings.Threads,
        };
        VectorDispatch.Run<T, CentredRows<T>>(_host.Width, ref centred);
        MatrixRef<T> slice = new(ref *rows, _features, count, 1, _stride), result = new(ref *product, _features, _features, _stride);
        Products.Products.MultiplySelf(_engine, slice, result, T.One, isFirst ? T.Zero : T.One, settings);
    }

    /// <summary>The mean of every column of the centred rows: pieces in order.</summary>
    private double[] Means(T* sums, int count)
    {
        double[] means = new double[_features];
        for (int piece = 0; piece < CentredRows<T>.Pieces(count); piece++)
        {
            T* from = sums + ((long)piece * _stride);
            for (int i = 0; i < means.Length; i++) means[i] += Element.ToDouble(from[i]);
        }

        for (int i = 0; i < means.Length; i++) means[i] /= count;
        return means;
    }

    private bool IsAcceptable(double[] means, T* product, int count, T* scale, bool isOwn)
    {
        for (int i = 0; i < _features; i++)
        {
            double square = Element.ToDouble(product[((long)i * _stride) + i]), mean = means[i], factor = Element.ToDouble(scale[i]);
            if (!double.IsFinite(square + mean) || !double.IsFinite(square / (factor * factor))) return false;
            double known = isOwn ? double.PositiveInfinity : _moments.Scatter[i, i] / _moments.Count * factor * factor;
            if (mean * mean > FarMean * Math.Max(known, (square / count) - (mean * mean))) return false;
        }

        return true;
    }

    /// <summary>The running means, and powers of two that bring standard deviations to about 1.</summary>
    private void ChooseRunning(T* centre, T* scale)
    {
        for (int i = 0; i < _features; i++)
        {
            centre[i] = Element.Of<T>(_moments.Mean[i]);
            scale[i] = PowerOfTwo(Math.Sqrt(_moments.Scatter[i, i] / _moments.Count));
        }
    }

    /// <summary>The chunk's means, and powers of two that bring its largest deviations to about 1.</summary>
    private void ChooseOwn(Operand<T>[] views, long first, int count, T* centre, T* scale)
    {
        int i = 0;
        foreach (Operand<T> view in views)
        {
            OwnCentre job = new() { View = view, First = first, Count = count, Centre = centre + i, Scale = scale + i };
            _host.Run(ref job, (view.Columns + OwnCentre.PieceColumns - 1) / OwnCentre.PieceColumns, _settings.Threads);
            i += view.Columns;
        }
    }

    /// <summary>Adds one chunk's scatter and mean.</summary>
    private void Merge(double[] means, T* product, int count, T* centre, T* scale)
    {
        double[] inverse = new double[_features], own = new double[_features], shift = new double[_features];
        for (int i = 0; i < _features; i++)
        {
            inverse[i] = 1 / Element.ToDouble(scale[i]);
            own[i] = means[i] * inverse[i];
            shift[i] = _moments.Count == 0 ? 0 : Element.ToDouble(centre[i]) + own[i] - _moments.Mean[i];
        }

        double total = (double)_moments.Count + count, share = count / total;
        MergeJob job = new()
        {
            Scatter = _moments.Scatter.Elements,
            Features = _features,
            Product = product,
            Stride = _stride,
            Inverse = inverse,
            Own = own,
            Shift = shift,
            Count = count,
            Factor = _moments.Count * share,
        };
        _host.Run(ref job, (_features + MergeJob.PieceRows - 1) / MergeJob.PieceRows, _settings.Threads);
        for (int i = 0; i < _features; i++)
        {
            _moments.Mean[i] = _moments.Count == 0 ? Element.ToDouble(centre[i]) + own[i] : _moments.Mean[i] + (shift[i] * share);
        }

        _moments.Count += count;
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

    private static T PowerOfTwo(double magnitude)
    {
        if (!(magnitude > 0)) return T.One;
        int most = typeof(T) == typeof(float) ? 120 : 1000;
        return Element.Of<T>(Math.ScaleB(1, -Math.Clamp(Math.ILogB(magnitude), -most, most)));
    }

    private struct OwnCentre : IParallelJob
    {
        /// <summary>Columns of a piece: a cache line of float32.</summary>
        public const int PieceColumns = 16;

        public Operand<T> View;
        public long First;
        public int Count;
        public T* Centre;
        public T* Scale;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int piece)
        {
            int start = piece * PieceColumns, columns = Math.Min(PieceColumns, View.Columns - start);
            T* values = View.Pointer + (First * View.RowStride) + (start * View.ColumnStride);
            double* sum = stackalloc double[PieceColumns], least = stackalloc double[PieceColumns], most = stackalloc double[PieceColumns];
            for (int c = 0; c < columns; c++) sum[c] = least[c] = most[c] = 0;
            for (long r = 0; r < Count; r++)
            {
                T* row = values + (r * View.RowStride);
                for (int c = 0; c < columns; c++)
                {
                    double deviation = Element.ToDouble(row[c * View.ColumnStride]) - Element.ToDouble(values[c * View.ColumnStride]);
                    sum[c] += deviation;
                    least[c] = Math.Min(least[c], deviation);
                    most[c] = Math.Max(most[c], deviation);
                }
            }

            for (int c = 0; c < columns; c++)
            {
                Centre[start + c] = Element.Of<T>(Element.ToDouble(values[c * View.ColumnStride]) + (sum[c] / Count));
                Scale[start + c] = PowerOfTwo(most[c] - least[c]);
            }
        }
    }

    private struct MergeJob : IParallelJob
    {
        public const int PieceRows = 16;

        public double[] Scatter;
        public int Features;
        public T* Product;
        public int Stride;
        public double[] Inverse;
        public double[] Own;
        public double[] Shift;
        public double Count;
        public double Factor;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int piece)
        {
            fixed (double* scatter = Scatter, inverse = Inverse, own = Own, shift = Shift)
            {
                for (int i = piece * PieceRows; i < Math.Min((piece + 1) * PieceRows, Features); i++)
                {
                    T* from = Product + ((long)i * Stride);
                    double* to = scatter + ((long)i * Features);
                    double factor = inverse[i], mean = Count * own[i], moved = Factor * shift[i];
                    int j = i;
                    for (; typeof(T) == typeof(float) && j + Vector<float>.Count <= Features; j += Vector<float>.Count)
                    {
                        Vector.Widen(Vector.Load((float*)from + j), out Vector<double> low, out Vector<double> high);
                        Add(low, to + j, inverse + j, own + j, shift + j, factor, mean, moved);
                        int next = j + Vector<double>.Count;
                        Add(high, to + next, inverse + next, own + next, shift + next, factor, mean, moved);
                    }

                    for (; j < Features; j++) to[j] += (Element.ToDouble(from[j]) * (factor * inverse[j])) - (mean * own[j]) + (moved * shift[j]);
                }
            }
        }

        /// <summary>As the loop over single elements, with the same roundings.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add(Vector<double> products, double* to, double* inverse, double* own, double* shift, double factor, double mean, double moved)
        {
            Vector<double> sum = products * (factor * Vector.Load(inverse));
            sum = sum - (mean * Vector.Load(own)) + (moved * Vector.Load(shift));
            Vector.Store(Vector.Load(to) + sum, to);
        }
    }
}
