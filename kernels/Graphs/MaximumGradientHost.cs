using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>What gradients of maxima are of the dense operand: each column of the sparse matrix collects those that came through its entries.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct MaximumGradientHost<T> : IRowWork<T>
    where T : unmanaged
{
    private int* _starts;
    private int* _indices;
    private int* _places;
    private T* _gradient;
    private int* _entries;
    private T* _result;
    private long _gradientStride;
    private long _entriesStride;
    private long _resultStride;
    private int _columns;

    /// <summary>Computes the gradient.</summary>
    public static void Run(HostEngine engine, in MaximumCall<T> call)
    {
        string operation = call.Settings.Operation;
        MaximumGradientHost<T> work = new()
        {
            _starts = engine.Resolve(call.Pattern.Starts, operation),
            _indices = engine.Resolve(call.Pattern.Indices, operation),
            _places = engine.Resolve(call.Pattern.Places, operation),
            _gradient = engine.Resolve(call.Dense, operation),
            _entries = engine.Resolve(call.Entries, operation),
            _result = engine.Resolve(call.Result, operation),
            _gradientStride = call.Dense.RowStride,
            _entriesStride = call.Entries.RowStride,
            _resultStride = call.Result.RowStride,
            _columns = call.Dense.Columns,
        };
        RowPieces.Run<T, MaximumGradientHost<T>>(engine, call.Pattern, call.Dense.Columns, ref work, call.Settings);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Rows<V>(int first, int end)
        where V : unmanaged, IHostVector<V, T>
    {
        for (int row = first; row < end; row++)
        {
            T* result = _result + (row * _resultStride);
            new Span<T>(result, _columns).Clear();
            for (int entry = _starts[row]; entry < _starts[row + 1]; entry++)
            {
                T* gradient = _gradient + (_indices[entry] * _gradientStride);
                int* through = _entries + (_indices[entry] * _entriesStride);
                for (int column = 0; column < _columns; column++)
                {
                    if (through[column] == _places[entry]) V.StorePartial(V.Broadcast(result[column]) + V.Broadcast(gradient[column]), result + column, 1);
                }
            }
        }
    }
}
