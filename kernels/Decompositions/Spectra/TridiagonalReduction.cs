using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>A = H T Hᵀ with tridiagonal T, in place: blocked Householder reduction (Golub and Van Loan 2013, sections 8.3.1 and 8.3.8).</summary>
/// <remarks>
/// Half of the 4/3 n^3 operations are products of the trailing matrix with a reflector, which read its upper half once; half
/// are updates of rank 2 x <see cref="Panel"/> by the tiled product. Reflector k is left in row k from column k + 1 on, 1 first,
/// with zeros before it back to the first column of its block (<see cref="ReflectorBlocks"/>), so that the rows of a block are a
/// matrix of reflectors.
/// </remarks>
internal sealed unsafe class TridiagonalReduction<V>
    where V : unmanaged, IHostVector<V, double>
{
    /// <summary>Reflectors of one panel: an update of depth 64 runs near the speed of deeper ones, and the panel's own corrections stay a few percent of the work.</summary>
    public const int Panel = 32;

    /// <summary>Pieces of a product with the trailing matrix, each with sums of its own: enough that threads finish together, whoever takes which.</summary>
    private const int MostPieces = 16;

    private readonly HostEngine _engine;
    private readonly double* _a;
    private readonly long _stride;
    private readonly int _size;
    private readonly RunSettings _settings;
    private readonly RunSettings _inner;
    private double* _work;
    private double* _partial;
    private double* _vector;

    private TridiagonalReduction(HostEngine engine, double* a, int size, long stride, in RunSettings settings)
    {
        _engine = engine;
        _a = a;
        _size = size;
        _stride = stride;
        _settings = settings;
        _inner = settings with { Progress = null, Trace = null };
    }

    /// <summary>Reduces the matrix.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="a">size x size, both halves filled; replaced by the reflectors.</param>
    /// <param name="size">Rows.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="diagonal">Receives the diagonal of T.</param>
    /// <param name="off">Receives the size - 1 elements beside it.</param>
    /// <param name="tau">Receives the factors of the size - 1 reflectors.</param>
    /// <param name="settings">How to run; cancels between panels.</param>
    public static void Run(HostEngine engine, double* a, int size, long stride, double* diagonal, double* off, double* tau, in RunSettings settings)
    {
        TridiagonalReduction<V> run = new(engine, a, size, stride, settings);
        using HostBlock memory = new(run._stride * ((3 * Panel) + MostPieces));
        run._work = memory.Pointer;
        run._partial = memory.Pointer + (3 * Panel * stride);
        for (int first = 0; first < size; first += Panel)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int width = Math.Min(Panel, size - first);
            for (int j = 0; j < width; j++) run.Column(first, j, diagonal, off, tau);
            if (first + width < size) run.Update(first, width);
            double rest = 1 - ((first + width) / (double)size);
            settings.Progress?.Report(0.6 * (1 - (rest * rest * rest)));
        }
    }

    /// <summary>Row i of the reflectors' partners W, in the panel's memory: V above it, V again below.</summary>
    private double* Partner(int i) => _work + ((Panel + i) * _stride);

    private double* Row(int i) => _a + (i * _stride);

    /// <summary>One column: what the panel's reflectors did to it so far, its reflector, and that one's partner.</summary>
    private void Column(int first, int j, double* diagonal, double* off, double* tau)
    {
        int k = first + j, rest = _size - k - 1;
        double* row = Row(k);
        for (int i = 0; i < j; i++)
        {
            double* v = Row(first + i), w = Partner(i);
            RowProducts<V, double>.Add(-w[k], v + k, row + k, rest + 1);
            RowProducts<V, double>.Add(-v[k], w + k, row + k, rest + 1);
        }

        diagonal[k] = row[k];
        int before = first / ReflectorBlocks.Width * ReflectorBlocks.Width;
        new Span<double>(row + before, k + 1 - before).Clear();
        if (rest == 0) return;
        (off[k], tau[k]) = Reflector.Make<V>(row + k + 1, rest);
        Multiply(k + 1, row);
        double* partner = Partner(j);
        Sum(partner, k + 1);
        for (int i = 0; i < j; i++)
        {
            double* v = Row(first + i), w = Partner(i);
            double alongW = RowProducts<V, double>.Dot(w + k + 1, row + k + 1, rest), alongV = RowProducts<V, double>.Dot(v + k + 1, row + k + 1, rest);
            RowProducts<V, double>.Add(-alongW, v + k + 1, partner + k + 1, rest);
            RowProducts<V, double>.Add(-alongV, w + k + 1, partner + k + 1, rest);
        }

        RowOps<V>.Scale(tau[k], partner + k + 1, rest);
        double along = RowProducts<V, double>.Dot(partner + k + 1, row + k + 1, rest);
        RowProducts<V, double>.Add(-0.5 * tau[k] * along, row + k + 1, partner + k + 1, rest);
    }

    /// <summary>The trailing matrix less V Wᵀ + W Vᵀ: rows V, W, V lie one after the other, so that either order is a view of them.</summary>
    private void Update(int first, int width)
    {
        int next = first + width, rest = _size - next;
        for (int i = 0; i < width; i++)
        {
            nuint bytes = (nuint)rest * sizeof(double);
            Buffer.MemoryCopy(Row(first + i) + next, _work + (((Panel - width + i) * _stride) + next), bytes, bytes);
            Buffer.MemoryCopy(Row(first + i) + next, _work + (((Panel + width + i) * _stride) + next), bytes, bytes);
        }

        TiledProduct<double> product = new()
        {
            X = _work + ((Panel - width) * _stride) + next,
            XRowStride = 1,
            XFeatureStride = _stride,
            Y = _work + (Panel * _stride) + next,
            YRowStride = 1,
            YFeatureStride = _stride,
            Rows = rest,
            Columns = rest,
            Depth = 2 * width,
            Result = Row(next) + next,
            ResultStride = _stride,
            Symmetric = true,
        };
        TiledProductHost.Run<double, DotTerm<double>, ScaledSum<double>>(_engine, product, new(-1, 1), _inner);
    }

    private static int Pieces(int rest) => Math.Clamp(rest / 32, 1, MostPieces);

    /// <summary>Partial sums of the trailing matrix times a reflector, one for each piece of rows.</summary>
    private void Multiply(int first, double* vector)
    {
        int rest = _size - first;
        _vector = vector;
        ProductJob job = new() { Run = this, First = first };
        _engine.Run(ref job, Pieces(rest), (double)rest * rest < HostBlocking.SerialBelow / 8 ? 1 : _settings.Threads);
    }

    /// <summary>Where a piece begins: the area of the upper half is shared evenly, in steps of four rows.</summary>
    private static int PieceRow(int piece, int pieces, int rest)
    {
        if (piece == pieces) return rest;
        double left = 1 - (piece / (double)pieces);
        return Math.Min(rest, (int)(rest * (1 - Math.Sqrt(left))) / 4 * 4);
    }

    private void Sum(double* result, int first)
    {
        int rest = _size - first, pieces = Pieces(rest);
        nuint bytes = (nuint)rest * sizeof(double);
        Buffer.MemoryCopy(_partial + first, result + first, bytes, bytes);
        for (int piece = 1; piece < pieces; piece++)
        {
            int from = first + PieceRow(piece, pieces, rest);
            RowProducts<V, double>.Add(1, _partial + (piece * _stride) + from, result + from, _size - from);
        }
    }

    /// <summary>Rows of the upper half from the diagonal on: what they give to themselves, and mirrored to the rows below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyPiece(int piece, int first)
    {
        int rest = _size - first, pieces = Pieces(rest);
        int row = first + PieceRow(piece, pieces, rest), end = first + PieceRow(piece + 1, pieces, rest);
        double* sums = _partial + (piece * _stride), x = _vector;
        new Span<double>(sums + row, _size - row).Clear();
        for (; row + 4 <= end; row += 4) FourRows(row, x, sums);
        for (; row < end; row++)
        {
            double* a = Row(row);
            sums[row] += (a[row] * x[row]) + RowProducts<V, double>.Dot(a + row + 1, x + row + 1, _size - row - 1);
            RowProducts<V, double>.Add(x[row], a + row + 1, sums + row + 1, _size - row - 1);
        }
    }

    private void FourRows(int row, double* x, double* sums)
    {
        for (int i = row; i < row + 4; i++)
        {
            double* a = Row(i);
            double sum = a[i] * x[i];
            for (int j = i + 1; j < row + 4; j++)
            {
                sum += a[j] * x[j];
                sums[j] += a[j] * x[i];
            }

            sums[i] += sum;
        }

        int from = row + 4;
        if (from < _size) FourRows(Row(row) + from, _stride, x + row, x + from, sums + row, sums + from, _size - from);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(double* a0, long stride, double* own, double* x, double* ownSums, double* sums, int count)
    {
        double* a1 = a0 + stride, a2 = a1 + stride, a3 = a2 + stride;
        V x0 = V.Broadcast(own[0]), x1 = V.Broadcast(own[1]), x2 = V.Broadcast(own[2]), x3 = V.Broadcast(own[3]);
        V s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V v0 = V.Load(a0 + i), v1 = V.Load(a1 + i), v2 = V.Load(a2 + i), v3 = V.Load(a3 + i), right = V.Load(x + i);
            s0 = V.MultiplyAdd(v0, right, s0);
            s1 = V.MultiplyAdd(v1, right, s1);
            s2 = V.MultiplyAdd(v2, right, s2);
            s3 = V.MultiplyAdd(v3, right, s3);
            V below = V.MultiplyAdd(v1, x1, V.MultiplyAdd(v0, x0, V.Load(sums + i)));
            V.Store(below + V.MultiplyAdd(v3, x3, v2 * x2), sums + i);
        }

        if (i < count)
        {
            int lanes = count - i;
            V v0 = V.LoadPartial(a0 + i, lanes), v1 = V.LoadPartial(a1 + i, lanes), v2 = V.LoadPartial(a2 + i, lanes), v3 = V.LoadPartial(a3 + i, lanes);
            V right = V.LoadPartial(x + i, lanes);
            s0 = V.MultiplyAdd(v0, right, s0);
            s1 = V.MultiplyAdd(v1, right, s1);
            s2 = V.MultiplyAdd(v2, right, s2);
            s3 = V.MultiplyAdd(v3, right, s3);
            V below = V.MultiplyAdd(v1, x1, V.MultiplyAdd(v0, x0, V.LoadPartial(sums + i, lanes)));
            V.StorePartial(below + V.MultiplyAdd(v3, x3, v2 * x2), sums + i, lanes);
        }

        ownSums[0] += V.Sum(s0);
        ownSums[1] += V.Sum(s1);
        ownSums[2] += V.Sum(s2);
        ownSums[3] += V.Sum(s3);
    }

    private struct ProductJob : IParallelJob
    {
        public TridiagonalReduction<V> Run;
        public int First;

        readonly void IParallelJob.Run(int piece) => Run.MultiplyPiece(piece, First);
    }
}
