using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = Q R on an accelerator: Cholesky factors of QᵀQ, taken out of Q until it is orthonormal.</summary>
/// <remarks>
/// A factor that fails is taken again with the diagonal shifted (Fukaya, Kannan, Nakatsukasa, Yamamoto and Yanagisawa 2020); Q
/// is then not orthonormal yet but well enough conditioned for the next pass. Two passes for well conditioned matrices, three
/// or four for others; columns that depend on each other exactly never become orthonormal, which is told. 3 rows columns^2
/// operations a pass; memory on the device: Q and two columns x columns.
/// </remarks>
internal sealed class CholeskyQrDevice<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Passes after which a matrix that is not orthonormal will not become so.</summary>
    private const int MostPasses = 8;

    /// <summary>Shifts that are tried in one pass, each larger by this factor.</summary>
    private const int MostShifts = 6, ShiftFactor = 64;

    private readonly AcceleratorEngine _engine;
    private readonly DeviceMatrix<T> _q;
    private readonly RunSettings _settings;
    private readonly int _size;
    private readonly double _epsilon = Epsilon.Of<T>();
    private readonly T[] _overlaps;

    private CholeskyQrDevice(AcceleratorEngine engine, DeviceMatrix<T> q, in RunSettings settings)
    {
        (_engine, _q, _size) = (engine, q, q.Columns);
        _settings = settings with { Progress = null };
        _overlaps = new T[_size * _size];
    }

    /// <summary>Replaces a matrix by Q; gives R, or null where the columns depend on each other to working precision.</summary>
    /// <param name="engine">The engine; the call is on its lane.</param>
    /// <param name="q">rows x columns, at least as many rows, its columns scaled to about 1.</param>
    /// <param name="settings">How to run; cancels between passes and launches.</param>
    public static double[]? Factor(AcceleratorEngine engine, DeviceMatrix<T> q, in RunSettings settings)
    {
        CholeskyQrDevice<T> run = new(engine, q, settings);
        return run.Run(settings.Progress);
    }

    private double[]? Run(IProgress<double>? progress)
    {
        double[] r = new double[_size * _size];
        for (int i = 0; i < _size; i++) r[(i * _size) + i] = 1;
        AcceleratorBuffer<T> memory = _engine.Rent<T>((long)_size * _size, _settings.Operation);
        using (memory)
        {
            DeviceMatrix<T> overlaps = DeviceMatrix<T>.Over(_engine, memory, 0, _size, _size, _settings);
            for (int pass = 0; pass < MostPasses; pass++)
            {
                _settings.Cancellation.ThrowIfCancellationRequested();
                TiledProductDevice.Run<T, DotTerm<T>, Scaled<T>>(
                    _engine, new() { X = _q.Transposed, Y = _q.Transposed, Result = overlaps, IsSymmetric = true }, new(T.One), _settings);
                _engine.Download(memory, 0, _overlaps);
                if (pass > 0 && IsIdentity()) return r;
                if (!FactorOverlaps(memory, overlaps)) return null;
                new TriangularDevice<T>(_engine, overlaps, _q.Transposed, 1, 0, 0, _settings).Lower(0, _size);
                MultiplyBy(r);
                progress?.Report((pass + 1.0) / MostPasses);
            }
        }

        return null;
    }

    /// <summary>Whether QᵀQ is the identity as far as its own roundings let it be seen: those of sums of as many squares as there are rows, and a few per column.</summary>
    private bool IsIdentity()
    {
        double tolerance = _epsilon * (16 + (2 * Math.Sqrt(_q.Rows)));
        for (int i = 0; i < _size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                if (!(Math.Abs(Element.ToDouble(_overlaps[(i * _size) + j]) - (i == j ? 1 : 0)) <= tolerance)) return false;
            }
        }

        return true;
    }

    /// <summary>Leaves the Cholesky factor of QᵀQ, shifted as far as it needs, on the device and on the host.</summary>
    private unsafe bool FactorOverlaps(AcceleratorBuffer<T> memory, in DeviceMatrix<T> overlaps)
    {
        double largest = 0;
        for (int i = 0; i < _size; i++) largest = Math.Max(largest, Element.ToDouble(_overlaps[(i * _size) + i]));
        if (!(largest > 0 && double.IsFinite(largest))) return false;
        double shift = 4 * _epsilon * (Math.Sqrt(_q.Rows) + _size) * largest;
        T[] shifted = new T[_overlaps.Length];
        for (int attempt = 0; attempt <= MostShifts; attempt++)
        {
            _overlaps.CopyTo(shifted, 0);
            double added = attempt == 0 ? 0 : shift * Math.Pow(ShiftFactor, attempt - 1);
            for (int i = 0; i < _size; i++)
            {
                ref T diagonal = ref shifted[(i * _size) + i];
                diagonal = Element.Of<T>(Element.ToDouble(diagonal) + added);
            }

            _engine.Upload<T>(shifted, memory, 0);
            int failed = -1;
            T value = default;
            using (DeviceMatrix<int> first = _engine.Update(new Operand<int>(&failed, null, 0, 1, 1, 1, 1), _settings))
            using (DeviceMatrix<T> pivot = _engine.Update(new Operand<T>(&value, null, 0, 1, 1, 1, 1), _settings))
            {
                new CholeskyDevice<T>(_engine, overlaps, 1, 0, first.View, pivot.View, _settings).Factor();
                first.Commit();
            }

            if (failed >= 0) continue;
            _engine.Download(memory, 0, _overlaps);
            return true;
        }

        return false;
    }

    /// <summary>R = Lᵀ R, both upper triangles.</summary>
    private void MultiplyBy(double[] r)
    {
        double[] row = new double[_size];
        for (int i = 0; i < _size; i++)
        {
            row.AsSpan().Clear();
            for (int k = i; k < _size; k++)
            {
                double factor = Element.ToDouble(_overlaps[(k * _size) + i]);
                for (int j = k; j < _size; j++) row[j] += factor * r[(k * _size) + j];
            }

            row.CopyTo(r, i * _size);
        }
    }
}
