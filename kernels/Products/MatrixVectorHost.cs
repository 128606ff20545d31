using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>result = alpha a v + beta result on the host: bound by reading the matrix once, so that is all it does.</summary>
internal static unsafe class MatrixVectorHost
{
    /// <summary>Runs it.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="a">Rows x depth, any strides.</param>
    /// <param name="vector">1 x depth, any stride.</param>
    /// <param name="result">Rows x 1, any stride.</param>
    /// <param name="alpha">Factor of the product; a is not read when it is 0.</param>
    /// <param name="beta">Factor of what stands in the result, which is not read when it is 0.</param>
    /// <param name="settings">How to run.</param>
    public static void Run<T>(
        HostEngine engine, in Operand<T> a, in Operand<T> vector, in Operand<T> result, T alpha, T beta, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        if (a.Rows == 0) return;
        WidthJob<T> job = new() { Engine = engine, A = a, Vector = vector, Result = result, Alpha = alpha, Beta = beta, Settings = settings };
        VectorDispatch.Run<T, WidthJob<T>>(engine.Width, ref job);
    }

    private struct WidthJob<T> : IVectorJob<T>
        where T : unmanaged, INumberBase<T>
    {
        public HostEngine Engine;
        public Operand<T> A;
        public Operand<T> Vector;
        public Operand<T> Result;
        public T Alpha;
        public T Beta;
        public RunSettings Settings;

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T> =>
            new MatrixVectorHost<V, T>(Engine, A, Vector, Result, Alpha, Beta, Settings).Run(Engine, Settings);
    }
}

/// <summary>One matrix-vector product at one width.</summary>
/// <remarks>
/// The matrix is cut into blocks of rows and chunks of depth by its shape alone; a piece sums one chunk of one block, and
/// chunks are added in order. Within a chunk each row has one order of summation, so the bits do not depend on threads.
/// </remarks>
internal unsafe struct MatrixVectorHost<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements of one piece: about 10 microseconds from cache, 30 from memory.</summary>
    private const int PieceElements = 1 << 17;

    private readonly T* _a;
    private readonly long _rowStride;
    private readonly long _featureStride;
    private readonly int _rows;
    private readonly int _depth;
    private readonly T* _result;
    private readonly long _resultStride;
    private readonly T _alpha;
    private readonly T _beta;
    private readonly int _blockRows;
    private readonly int _chunks;
    private T* _vector;
    private long _vectorStride;
    private T* _sums;

    /// <summary>Prepares the product; runs nothing.</summary>
    public MatrixVectorHost(
        HostEngine engine, in Operand<T> a, in Operand<T> vector, in Operand<T> result, T alpha, T beta, in RunSettings settings)
    {
        _a = engine.Resolve(a, settings.Operation);
        (_rowStride, _featureStride) = (a.RowStride, a.ColumnStride);
        _rows = a.Rows;
        _depth = T.IsZero(alpha) ? 0 : a.Columns;
        _vector = engine.Resolve(vector, settings.Operation);
        _vectorStride = vector.ColumnStride;
        _result = engine.Resolve(result, settings.Operation);
        _resultStride = result.RowStride;
        (_alpha, _beta) = (alpha, beta);
        _chunks = Math.Max(1, (int)(((long)_depth + HostBlocking.VectorDepth - 1) / HostBlocking.VectorDepth));
        int chunkDepth = Math.Clamp(_depth, 1, HostBlocking.VectorDepth);
        _blockRows = Math.Clamp(PieceElements / chunkDepth, IsColumnMajor ? 256 : 8, 4096);
    }

    private readonly bool IsColumnMajor => _rowStride == 1 && _featureStride != 1;

    private readonly int Blocks => (int)(((long)_rows + _blockRows - 1) / _blockRows);

    /// <summary>Computes the whole result.</summary>
    public void Run(HostEngine engine, in RunSettings settings)
    {
        int threads = (double)_rows * _depth < HostBlocking.SerialBelow ? 1 : settings.Threads;
        if (!IsColumnMajor && _vectorStride != 1) PackVector();
        _sums = Scratch.Get<T>(ScratchSlot.PackedRows, (nint)_rows * _chunks);
        PieceJob job = new()
        {
            Product = (MatrixVectorHost<V, T>*)Unsafe.AsPointer(ref this),
            Cancellation = settings.Cancellation,
        };
        engine.Run(ref job, checked(Blocks * _chunks), threads);
        if (_chunks > 1)
        {
            job.Finishing = true;
            engine.Run(ref job, Blocks, threads);
        }

        settings.Progress?.Report(1);
    }

    private void PackVector()
    {
        T* packed = Scratch.Get<T>(ScratchSlot.PackedColumns, _depth);
        for (int k = 0; k < _depth; k++) packed[k] = _vector[k * _vectorStride];
        _vector = packed;
        _vectorStride = 1;
    }

    private readonly void SumPiece(int piece)
    {
        int first = piece / _chunks * _blockRows;
        int k = piece % _chunks * HostBlocking.VectorDepth;
        int rows = Math.Min(_blockRows, _rows - first);
        int depth = Math.Min(HostBlocking.VectorDepth, _depth - k);
        T* a = _a + (first * _rowStride) + (k * _featureStride);
        T* vector = _vector + (k * _vectorStride);
        T* sums = _sums + ((nint)(piece % _chunks) * _rows) + first;
        if (IsColumnMajor) SumColumns(a, vector, rows, depth, sums);
        else SumRows(a, vector, rows, depth, sums);
        if (_chunks == 1) Finish(first, rows);
    }

    /// <summary>Four rows at a time; where fewer are left the last stands in for the others, so that each row's order is always the same.</summary>
    private readonly void SumRows(T* a, T* vector, int rows, int depth, T* sums)
    {
        T* gathered = _featureStride == 1 ? null : Scratch.Get<T>(ScratchSlot.Sums, (nint)4 * depth);
        for (int r = 0; r < rows; r += 4, a += 4 * _rowStride)
        {
            int present = Math.Min(4, rows - r);
            T* from = a;
            long stride = _rowStride;
            if (gathered is not null)
            {
                for (int i = 0; i < present; i++) Copy(a + (i * _rowStride), _featureStride, gathered + (i * depth), depth);
                from = gathered;
                stride = depth;
            }

            T* second = from + (Math.Min(1, present - 1) * stride), third = from + (Math.Min(2, present - 1) * stride);
            DotFour(from, second, third, from + ((present - 1) * stride), vector, depth, sums + r, present);
        }
    }

    private static void Copy(T* from, long stride, T* to, int count)
    {
        for (int k = 0; k < count; k++) to[k] = from[k * stride];
    }

    /// <summary>Two accumulators for each of four rows: 8 in flight, as an FMA of 4 cycles with 2 started per cycle asks for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotFour(T* a0, T* a1, T* a2, T* a3, T* vector, int depth, T* sums, int present)
    {
        V s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        int k = 0;
        for (; k <= depth - (2 * V.Count); k += 2 * V.Count)
        {
            V v0 = V.Load(vector + k), v1 = V.Load(vector + k + V.Count);
            s00 = V.MultiplyAdd(V.Load(a0 + k), v0, s00);
            s01 = V.MultiplyAdd(V.Load(a0 + k + V.Count), v1, s01);
            s10 = V.MultiplyAdd(V.Load(a1 + k), v0, s10);
            s11 = V.MultiplyAdd(V.Load(a1 + k + V.Count), v1, s11);
            s20 = V.MultiplyAdd(V.Load(a2 + k), v0, s20);
            s21 = V.MultiplyAdd(V.Load(a2 + k + V.Count), v1, s21);
            s30 = V.MultiplyAdd(V.Load(a3 + k), v0, s30);
            s31 = V.MultiplyAdd(V.Load(a3 + k + V.Count), v1, s31);
        }

        for (; k < depth; k += V.Count)
        {
            int lanes = Math.Min(V.Count, depth - k);
            V v = V.LoadPartial(vector + k, lanes);
            s00 = V.MultiplyAdd(V.LoadPartial(a0 + k, lanes), v, s00);
            s10 = V.MultiplyAdd(V.LoadPartial(a1 + k, lanes), v, s10);
            s20 = V.MultiplyAdd(V.LoadPartial(a2 + k, lanes), v, s20);
            s30 = V.MultiplyAdd(V.LoadPartial(a3 + k, lanes), v, s30);
        }

        sums[0] = V.Sum(s00 + s01);
        if (present > 1) sums[1] = V.Sum(s10 + s11);
        if (present > 2) sums[2] = V.Sum(s20 + s21);
        if (present > 3) sums[3] = V.Sum(s30 + s31);
    }

    /// <summary>Columns are consecutive: four of them at a time are added to the sums, which stay in L1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void SumColumns(T* a, T* vector, int rows, int depth, T* sums)
    {
        new Span<T>(sums, rows).Clear();
        int k = 0;
        for (; k + 4 <= depth; k += 4, a += 4 * _featureStride)
        {
            T* a1 = a + _featureStride, a2 = a1 + _featureStride, a3 = a2 + _featureStride;
            V v0 = V.Broadcast(vector[k * _vectorStride]), v1 = V.Broadcast(vector[(k + 1) * _vectorStride]);
            V v2 = V.Broadcast(vector[(k + 2) * _vectorStride]), v3 = V.Broadcast(vector[(k + 3) * _vectorStride]);
            int r = 0;
            for (; r + V.Count <= rows; r += V.Count)
            {
                V sum = V.MultiplyAdd(V.Load(a + r), v0, V.Load(sums + r));
                sum = V.MultiplyAdd(V.Load(a1 + r), v1, sum);
                sum = V.MultiplyAdd(V.Load(a2 + r), v2, sum);
                V.Store(V.MultiplyAdd(V.Load(a3 + r), v3, sum), sums + r);
            }

            if (r == rows) continue;
            int lanes = rows - r;
            V rest = V.MultiplyAdd(V.LoadPartial(a + r, lanes), v0, V.LoadPartial(sums + r, lanes));
            rest = V.MultiplyAdd(V.LoadPartial(a1 + r, lanes), v1, rest);
            rest = V.MultiplyAdd(V.LoadPartial(a2 + r, lanes), v2, rest);
            V.StorePartial(V.MultiplyAdd(V.LoadPartial(a3 + r, lanes), v3, rest), sums + r, lanes);
        }

        for (; k < depth; k++, a += _featureStride)
        {
            V v = V.Broadcast(vector[k * _vectorStride]);
            for (int r = 0; r < rows; r += V.Count)
            {
                int lanes = Math.Min(V.Count, rows - r);
                V.StorePartial(V.MultiplyAdd(V.LoadPartial(a + r, lanes), v, V.LoadPartial(sums + r, lanes)), sums + r, lanes);
            }
        }
    }

    /// <summary>Adds the chunks in order and applies alpha and beta.</summary>
    private readonly void Finish(int first, int rows)
    {
        bool reads = !T.IsZero(_beta);
        int lanes;
        for (int r = first; r < first + rows; r += lanes)
        {
            lanes = _resultStride == 1 ? Math.Min(V.Count, first + rows - r) : 1;
            V sum = V.LoadPartial(_sums + r, lanes);
            for (int chunk = 1; chunk < _chunks; chunk++) sum += V.LoadPartial(_sums + ((nint)chunk * _rows) + r, lanes);
            T* result = _result + (r * _resultStride);
            V value = reads
                ? new ScaledSum<T>(_alpha, _beta).Evaluate(sum, default, default, V.LoadPartial(result, lanes))
                : new Scaled<T>(_alpha).Evaluate<V>(sum, default, default, default);
            V.StorePartial(value, result, lanes);
        }
    }

    private struct PieceJob : IParallelJob
    {
        public MatrixVectorHost<V, T>* Product;
        public CancellationToken Cancellation;
        public bool Finishing;

        public readonly void Run(int piece)
        {
            Cancellation.ThrowIfCancellationRequested();
            if (!Finishing)
            {
                Product->SumPiece(piece);
                return;
            }

            int first = piece * Product->_blockRows;
            Product->Finish(first, Math.Min(Product->_blockRows, Product->_rows - first));
        }
    }
}
