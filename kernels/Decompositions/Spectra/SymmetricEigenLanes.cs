using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>As many small matrices of a call as a vector has lanes: one in each.</summary>
/// <remarks>What a lane computes depends on its matrix alone, not on its neighbours.</remarks>
internal readonly unsafe struct SymmetricEigenLanes<V, T>(HostEngine engine, SymmetricEigenCall<T> call, int first)
    where V : unmanaged, IHostVector<V, double>
    where T : unmanaged
{
    private readonly int _size = call.Plan.Size;
    private readonly int _kept = call.Plan.Kept;
    private readonly int _items = Math.Min(V.Count, call.Plan.Items - first);

    // An odd number of vectors from row to row, so that the rows of one column do not share a cache set.
    private readonly int _stride = (call.Plan.Size | 1) * V.Count;

    /// <summary>Solves them and writes values and vectors where they belong.</summary>
    /// <exception cref="NumericalException">The iteration did not converge.</exception>
    public void Solve()
    {
        if (_size == 0 || _kept == 0) return;
        int length = _size * V.Count, matrix = _size * _stride;
        double* a = Scratch.Get<double>(ScratchSlot.SpectrumLanes, ((call.Plan.WantsVectors ? 2 : 1) * matrix) + (5 * length) + _size + 7);
        double* d = a + matrix, e = d + length, tau = e + length, turns = tau + length, keys = turns + (2 * length);
        double* z = call.Plan.WantsVectors ? keys + (((_size + 7) / 8) * 8) : null;
        double* scales = stackalloc double[V.Count];
        Load(a, scales);
        LanesReduction<V>.Run(a, _stride, _size, d, e, tau, turns);
        if (z is not null) LanesReduction<V>.Vectors(a, z, _stride, _size, tau);
        V.Store(default, e + ((_size - 1) * V.Count));
        if (!LanesQl<V>.Run(d, e, _size, turns, z, _stride)) throw new NumericalException(call.Settings.Operation, $"matrices {first} to {first + _items - 1}", "the QL iteration did not converge");
        if (z is not null) Sign(z);
        for (int lane = 0; lane < _items; lane++) Store(d, z, keys, lane, scales[lane]);
    }

    /// <summary>Lanes without a matrix get one of zeros.</summary>
    private void Load(double* a, double* scales)
    {
        if (_items < V.Count) new Span<double>(a, _size * _stride).Clear();
        for (int lane = 0; lane < _items; lane++)
        {
            int item = first + lane;
            scales[lane] = SpectrumInput.FillLane(
                engine, call.Matrix.Moved(item * call.MatrixStride), call.Plan.LowerOnly, a + lane, V.Count, _stride, call.Settings.Operation, item);
        }
    }

    /// <summary>Makes the entry of largest magnitude, the first of equals, of every row positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sign(double* z)
    {
        for (int i = 0; i < _size; i++)
        {
            double* row = z + (i * _stride);
            V largest = default;
            for (int j = 0; j < _size; j++)
            {
                V entry = V.Load(row + (j * V.Count));
                largest = V.SelectLess(V.Abs(largest), V.Abs(entry), entry, largest);
            }

            V sign = V.CopySign(V.Constant(1), largest);
            for (int j = 0; j < _size; j++) V.Store(V.Load(row + (j * V.Count)) * sign, row + (j * V.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(double* d, double* z, double* keys, int lane, double scale)
    {
        Span<int> order = stackalloc int[_size];
        Span<double> falling = new(keys, _size);
        for (int i = 0; i < _size; i++) (order[i], falling[i]) = (i, -d[(i * V.Count) + lane]);
        falling.Sort(order);
        int item = first + lane;
        T* values = engine.Resolve(call.Values, call.Settings.Operation) + (item * call.Values.RowStride);
        for (int i = 0; i < _kept; i++) values[i * call.Values.ColumnStride] = Element.Of<T>(-falling[i] * scale);
        if (z is null) return;
        T* vectors = engine.Resolve(call.Vectors, call.Settings.Operation) + (item * call.VectorStride);
        for (int j = 0; j < _kept; j++)
        {
            double* row = z + (order[j] * _stride) + lane;
            T* target = vectors + (j * call.Vectors.ColumnStride);
            for (int i = 0; i < _size; i++) target[i * call.Vectors.RowStride] = Element.Of<T>(row[i * V.Count]);
        }
    }
}
