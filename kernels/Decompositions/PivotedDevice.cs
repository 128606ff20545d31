using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A ≈ L Lᵀ with complete pivoting on an accelerator: panels of columns by <see cref="PivotedPanelKernel"/>, between them A -= P Pᵀ (LAPACK's pstrf, without exchanging rows).</summary>
/// <remarks>size^2 rank operations a matrix, nearly all of them in products; columns of L come to the host as they are made.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal sealed class PivotedDevice<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Columns of a panel: with a product as deep, reading and writing what is left of the matrix takes as long as its arithmetic.</summary>
    public const int Panel = 32;

    private readonly AcceleratorEngine _engine;
    private readonly int _size;
    private readonly PivotedScale[] _scales;
    private readonly RunSettings _settings;
    private readonly PivotedMemory<T> _memory;
    private readonly List<T[]> _panels = [];
    private readonly T[] _residuals;
    private readonly int[] _places;
    private readonly int[] _outcomes;

    /// <summary>Takes memory for some matrices.</summary>
    /// <param name="engine">The engine; calls are on its lane.</param>
    /// <param name="size">Rows of a matrix, 1 or more.</param>
    /// <param name="scales">By matrix: how it was scaled.</param>
    /// <param name="settings">How to run; cancels between panels and launches.</param>
    public PivotedDevice(AcceleratorEngine engine, int size, ReadOnlySpan<PivotedScale> scales, in RunSettings settings)
    {
        (_engine, _size, _scales, _settings) = (engine, size, scales.ToArray(), settings);
        _residuals = new T[_scales.Length * size];
        _places = new int[_residuals.Length];
        _outcomes = new int[2 * _scales.Length];
        _memory = new(engine, _scales.Length, size, Math.Min(Panel, size), settings.Operation);
    }

    /// <summary>Factors the matrices, until each has nothing left or shows that it is not semi-definite.</summary>
    /// <param name="matrices">Items x size x size, scaled.</param>
    public void Factor(ReadOnlySpan<T> matrices)
    {
        Upload(matrices);
        for (int known = 0; known < _size; known += Panel)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            int width = Math.Min(Panel, _size - known);
            TakePivots(known, width);
            _engine.Synchronize(_settings.Trace);
            T[] panel = new T[_scales.Length * width * _size];
            _engine.Download(_memory.Panels, 0, panel);
            _engine.Download(_memory.Outcomes, 0, _outcomes);
            _panels.Add(panel);
            _settings.Progress?.Report((double)(known + width) / _size);
            if (known + width == _size || !IsGoingOn(known + width)) break;
            Subtract(width);
        }

        _engine.Download(_memory.Residuals, 0, _residuals);
        _engine.Download(_memory.Places, 0, _places);
    }

    /// <summary>The factor of one of the matrices.</summary>
    /// <exception cref="NumericalException">The matrix is not positive semi-definite; the row is named.</exception>
    public IncompleteFactor Result(int item, string operation)
    {
        (int rank, int fault, int exponent) = (_outcomes[2 * item], _outcomes[(2 * item) + 1], _scales[item].Exponent);
        int at = item * _size;
        if (fault >= 0) throw IncompleteCholeskyHost.NotSemiDefinite(operation, fault, Math.ScaleB(Element.ToDouble(_residuals[at + fault]), exponent), rank);
        double[] lower = new double[checked(_size * rank)];
        double root = Math.ScaleB(1, exponent / 2), remaining = 0;
        int[] pivots = new int[rank];
        for (int i = 0; i < _size; i++)
        {
            if (_places[at + i] is >= 0 and int place) pivots[place] = i;
            else remaining += Math.Max(0, Element.ToDouble(_residuals[at + i]));
        }

        for (int column = 0; column < rank; column++)
        {
            (int panel, int own) = Math.DivRem(column, Panel);
            int width = Math.Min(Panel, _size - (panel * Panel));
            ReadOnlySpan<T> values = _panels[panel].AsSpan(((item * width) + own) * _size, _size);
            for (int i = 0; i < _size; i++) lower[(i * rank) + column] = root * Element.ToDouble(values[i]);
        }

        return new(lower, pivots, _scales[item].Trace, Math.ScaleB(remaining, exponent));
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private void Upload(ReadOnlySpan<T> matrices)
    {
        _places.AsSpan().Fill(-1);
        T[] bounds = [.. _scales.SelectMany(scale => (T[])[Element.Of<T>(scale.Noise), Element.Of<T>(scale.Floor)])];
        _engine.Upload(matrices, _memory.Matrices, 0);
        _engine.Upload<T>(bounds, _memory.Bounds, 0);
        _engine.Upload<int>(_places, _memory.Places, 0);
        _engine.Upload<int>(_outcomes, _memory.Outcomes, 0);
    }

    private void TakePivots(int known, int width)
    {
        DeviceLimits limits = DeviceLimits.Of(_engine);
        int most = Math.Min(PivotedPanelKernel.GroupSize, Math.Min(limits.MaxGroupSize, (int)BitOperations.RoundUpToPowerOf2((uint)_size)));
        KernelConfig Config(int groups) => new(groups, 1 << BitOperations.Log2((uint)most));
        int atOnce = limits.GroupsPerLaunch((double)_size * width * width);
        for (int item = 0; item < _scales.Length; item += atOnce)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            FactorKernels<T>.Instance.TakePivots(_engine, Config(Math.Min(atOnce, _scales.Length - item)), _memory, item, _size, known, width, _settings.Trace);
        }
    }

    /// <summary>Whether a matrix has taken all pivots there were room for.</summary>
    private bool IsGoingOn(int known)
    {
        for (int item = 0; item < _scales.Length; item++)
        {
            if (_outcomes[2 * item] == known) return true;
        }

        return false;
    }

    /// <summary>Takes the panel out of what is left of every matrix.</summary>
    private void Subtract(int width)
    {
        RunSettings inner = _settings with { Progress = null };
        DeviceMatrix<T> left = DeviceMatrix<T>.Over(_engine, _memory.Matrices, 0, _size, _size, inner);
        DeviceMatrix<T> panel = DeviceMatrix<T>.Over(_engine, _memory.Panels, 0, width, _size, inner).Transposed;
        DeviceProduct<T> product = new()
        {
            X = panel,
            Y = panel,
            Result = left,
            Batch = _scales.Length,
            XBatchStride = (long)width * _size,
            YBatchStride = (long)width * _size,
            ResultBatchStride = (long)_size * _size,
            IsSymmetric = true,
        };
        TiledProductDevice.Run<T, DotTerm<T>, ScaledSum<T>>(_engine, product, new(Element.Of<T>(-1), Element.Of<T>(1)), inner);
    }
}
