using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs;
using GraphCalls = FusionKernels.Kernels.Graphs.Graphs;

namespace FusionKernels.Bench;

/// <summary>A sparse matrix of 16 entries a row times a dense one, 64 wide, in the device's memory.</summary>
internal sealed class SparseProductCase : BenchCase
{
    private const int Width = 64;
    private const int EntriesOfRow = 16;
    private readonly Engine _engine;
    private readonly int _threads;
    private readonly SparseMatrix<float> _matrix;
    private readonly ResidentPattern _pattern;
    private readonly float[] _dense;
    private readonly float[] _returned;
    private readonly DeviceBuffer<float> _values;
    private readonly DeviceBuffer<float> _right;
    private readonly DeviceBuffer<float> _result;

    /// <summary>Makes the operands.</summary>
    public SparseProductCase(DeviceSession session, int threads)
    {
        (_engine, _threads) = (session.Device.Engine, threads);
        int rows = session.IsTiny ? 500 : 100_000;
        Random random = new(6);
        _matrix = SparseMatrix<float>.FromEntries(
            rows, rows, Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, EntriesOfRow).Select(_ => random.Next(rows)).Distinct().Select(column => (row, column, (float)random.NextDouble()))));
        _dense = Samples.Uniform<float>(rows, Width, seed: 7);
        _returned = new float[_dense.Length];
        _pattern = new(_engine, _matrix.Pattern, "Bench");
        (_values, _right, _result) = (Upload(_matrix.Values), Upload(_dense), _engine.Allocate<float>((long)rows * Width, "Bench"));
        Work = new(2.0 * _matrix.Count * Width, 0, (8.0 * _matrix.Count) + (4.0 * rows) + (4.0 * _matrix.Count * Width), 4.0 * rows * Width);

        DeviceBuffer<float> Upload(ReadOnlySpan<float> elements)
        {
            DeviceBuffer<float> buffer = _engine.Allocate<float>(elements.Length, "Bench");
            _engine.Upload(elements, buffer, 0);
            return buffer;
        }
    }

    /// <inheritdoc/>
    public override string Shape => $"{_matrix.Rows} x {_matrix.Rows}, {_matrix.Count} entries, {Width} wide";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run() => GraphCalls.Multiply(
        _engine,
        _pattern,
        new MatrixRef<float>(_values, 0, _matrix.Count, 1, 1),
        new MatrixRef<float>(_right, 0, _matrix.Rows, Width, Width),
        new MatrixRef<float>(_result, 0, _matrix.Rows, Width, Width),
        isMean: false,
        1,
        0,
        new RunSettings("Bench", _threads));

    /// <summary>The dense operand comes from the host and the result goes back to it; the sparse one lies on the device, as graphs do.</summary>
    public override Action? EndToEnd => _engine is HostEngine ? null : () =>
    {
        _engine.Upload<float>(_dense, _right, 0);
        Run();
        _engine.Download<float>(_result, 0, _returned);
    };

    /// <inheritdoc/>
    public override double MaxError()
    {
        _engine.Download<float>(_result, 0, _returned);
        return Samples.MaxError(_matrix.Rows, Width, (i, j) => _returned[(i * Width) + j], Reference);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _pattern.Dispose();
        _values.Dispose();
        _right.Dispose();
        _result.Dispose();
    }

    private double Reference(int row, int column)
    {
        double sum = 0;
        for (int entry = _matrix.RowStarts[row]; entry < _matrix.RowStarts[row + 1]; entry++) sum += (double)_matrix.Values[entry] * _dense[(_matrix.ColumnIndices[entry] * Width) + column];
        return sum;
    }
}
