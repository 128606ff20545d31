using System.Collections.Immutable;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>
/// Gram matrices on an accelerator: a single kernel fused into one tiled product; composed kernels tile by tile, the tile's
/// statistics summed into working memory and combined by one launch. On the engine's lane.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed partial class GramDevice<T> : IGramParts<T>, IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly AcceleratorEngine _engine;
    private readonly GramProblem<T> _problem;
    private readonly GramProgram _program;
    private readonly GivenMatrix<T>[] _given;
    private readonly List<IDisposable> _owned = [];
    private readonly bool _isPart;
    private DeviceMatrix<T> _x;
    private DeviceMatrix<T> _y;
    private GramDeviceStatistic<T>[] _statistics = [];
    private GramMeans<T>?[]? _means;
    private TileProgram? _tileProgram;

    /// <summary>Brings the operands to the device, checks them and computes what the kernels read per row.</summary>
    /// <exception cref="ArgumentException">The input holds a value that the kernel or the caller does not admit; its row and column are named.</exception>
    /// <exception cref="NumericalException">A row's norm, or the kernel of it, leaves the range of the type.</exception>
    public GramDevice(AcceleratorEngine engine, in GramProblem<T> problem)
    {
        _engine = engine;
        _problem = problem;
        _program = problem.Plan.Program;
        _given = _program.Uses(GramOpCode.Precomputed) ? [.. problem.Given.Select(Given)] : [];
        try
        {
            _x = Own(engine.Read(problem.X, problem.Settings));
            _y = problem.Plan.Symmetric ? _x : Own(engine.Read(problem.Y, problem.Settings));
            _statistics = [.. _program.Statistics.Select(Prepare)];
            CheckRange();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A part of the same problem: another program, the rows of x or of y against the same columns.</summary>
    private GramDevice(GramDevice<T> whole, GramProgram program, bool ofColumns)
    {
        GramPlan plan = whole._problem.Plan;
        GramProblem<T> problem = whole._problem;
        Operand<T> rows = ofColumns ? problem.Y : problem.X;
        _engine = whole._engine;
        _program = program;
        _given = whole._given;
        _edge = whole._edge;
        _isPart = true;
        _problem = new(
            new GramPlan(program, rows.Rows, plan.Columns, plan.Features, plan.Features, plan.Symmetric || ofColumns, plan.ElementBytes),
            rows, problem.Y, problem.Given, problem.NonFinite, problem.Settings with { Progress = null });
        _x = ofColumns ? whole._y : whole._x;
        _y = whole._y;
        ImmutableArray<int> positions = GramStatistics.IndexOf(whole._program.Statistics, program.Statistics);
        _statistics = [.. positions.Select(p => ofColumns ? whole._statistics[p].OfColumns : whole._statistics[p])];
    }

    /// <summary>Computes the matrix, and its row sums where <paramref name="rowSums"/> is not null, in blocks of rows where the device lacks room for all.</summary>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for the smallest block.</exception>
    public void Store(in Operand<T> result, double[]? rowSums)
    {
        Store(0, result, _problem.Plan.Symmetric, rowSums, _problem.Settings.Progress);
        if (_problem.Plan.Symmetric && _blockRows < result.Rows) Mirror(result);
    }

    /// <summary>Computes as many rows of the matrix as the result has, from <paramref name="first"/> on, in blocks of rows where the device lacks room for all.</summary>
    /// <inheritdoc cref="Store(in Operand{T}, double[])" path="/exception"/>
    public void StoreRows(int first, in Operand<T> result, IProgress<double>? progress) => Store(first, result, symmetric: false, null, progress);

    /// <summary>Writes the values of rows x columns of the matrix to <paramref name="tile"/>, whose size says how many.</summary>
    public void EvaluateTile(int row, int column, in DeviceMatrix<T> tile) => Evaluate(row, column, tile, symmetric: false, _problem.Settings with { Progress = null });

    /// <inheritdoc/>
    public void Dispose()
    {
        _tileProgram?.Dispose();
        _tileProgram = null;
        if (_isPart) return;
        foreach (IDisposable owned in _owned) owned.Dispose();
        _owned.Clear();
    }

    private TResource Own<TResource>(TResource resource)
        where TResource : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    private unsafe GivenMatrix<T> Given(Operand<T> given) => given.Buffer is null
        ? new(given.Pointer, given.RowStride, given.ColumnStride)
        : throw new DeviceMismatchException(_problem.Settings.Operation, _engine.Name, given.Buffer.Engine.Name);

    private void Store(int first, in Operand<T> result, bool symmetric, double[]? rowSums, IProgress<double>? progress)
    {
        if (result.Columns == 0) return;
        for (int row = 0; row < result.Rows;)
        {
            int rows = Math.Min(_blockRows, result.Rows - row);
            bool isWhole = rows == result.Rows;
            try
            {
                RunSettings settings = _problem.Settings with { Progress = isWhole ? progress : null };
                StoreBlock(first + row, result.RowRange(row, rows), symmetric && isWhole, rowSums is null ? default : rowSums.AsSpan(row, rows), settings);
            }
            catch (DeviceOutOfMemoryException full)
            {
                Shrink(full, rows, isStaged: result.Buffer is null);
                continue;
            }

            row += rows;
            progress?.Report(row / (double)result.Rows);
        }
    }

    private void StoreBlock(int row, in Operand<T> result, bool symmetric, Span<double> rowSums, in RunSettings settings)
    {
        using DeviceMatrix<T> block = _engine.Write(result, settings);
        Evaluate(row, 0, block, symmetric, settings);
        if (!rowSums.IsEmpty) Sums(block, rowSums);
        settings.Cancellation.ThrowIfCancellationRequested();
        block.Commit();
    }

    /// <summary>Makes a matrix on the host symmetric that came in blocks, whose sizes decide how their sums are rounded.</summary>
    private static unsafe void Mirror(in Operand<T> result)
    {
        for (int i = 1; i < result.Rows; i++)
        {
            T* row = result.Pointer + (i * result.RowStride);
            for (int j = 0; j < i; j++) row[j * result.ColumnStride] = result.Pointer[(j * result.RowStride) + (i * result.ColumnStride)];
        }
    }

    private void Evaluate(int row, int column, in DeviceMatrix<T> values, bool symmetric, in RunSettings settings)
    {
        if (values.Rows == 0 || values.Columns == 0) return;
        if (_program.Single is { } single)
        {
            FusedProduct fused = Fused(_statistics[0], row, column, values, symmetric, settings);
            KernelFunctions.Dispatch<T, FusedProduct>(single, ref fused);
            return;
        }

        _tileProgram ??= new TileProgram(this);
        _tileProgram.Run(row, column, values, symmetric, settings);
    }

    private FusedProduct Fused(in GramDeviceStatistic<T> statistic, int row, int column, in DeviceMatrix<T> values, bool symmetric, in RunSettings settings) =>
        new() { Engine = _engine, Product = statistic.Product(row, column, values, symmetric), Direct = statistic.Direct, Settings = settings };

    /// <summary>The sums of the rows of a block, each by a tree in the element's precision.</summary>
    private void Sums(in DeviceMatrix<T> block, Span<double> sums)
    {
        using AcceleratorBuffer<T> onDevice = _engine.Rent<T>(block.Rows, _problem.Settings.Operation);
        RowProductDevice.RowSums(_engine, block, T.One, onDevice.View, _problem.Settings);
        T[] values = new T[block.Rows];
        _engine.Download<T>(onDevice, 0, values);
        for (int i = 0; i < values.Length; i++) sums[i] = Element.ToDouble(values[i]);
    }

    /// <summary>A rectangle of the matrix of one kernel, or of one statistic.</summary>
    private struct FusedProduct : IKernelFunctionJob<T>
    {
        public AcceleratorEngine Engine;
        public DeviceProduct<T> Product;
        public bool Direct;
        public RunSettings Settings;

        public readonly void Run<TTerm, TFunction>(TFunction function)
            where TTerm : unmanaged, IPairTerm<T>
            where TFunction : unmanaged, ITileFunction<T>
        {
            if (Direct) TiledProductDevice.Run<T, SquaredDifferenceTerm<T>, OfSum<T, TFunction>>(Engine, Product, new(function), Settings);
            else TiledProductDevice.Run<T, TTerm, TFunction>(Engine, Product, function, Settings);
        }
    }
}
