using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Values and derivatives of some pairs on an accelerator, a batch of pairs at a time. On the engine's lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class SoftGradientDevice<T>
    where T : unmanaged
{
    private readonly AcceleratorEngine _engine;
    private readonly SoftCall<T> _call;
    private readonly SeriesPack<T> _x;
    private readonly SeriesPack<T> _y;
    private readonly Dictionary<(int Rows, int Columns), long> _bandStarts = [];
    private readonly List<int> _bands = [];

    /// <summary>Prepares the series as the host does.</summary>
    /// <exception cref="NumericalException">Costs exceed what the element holds.</exception>
    public SoftGradientDevice(AcceleratorEngine engine, in SoftCall<T> call)
    {
        (_engine, _call) = (engine, call);
        double[] centre = SoftSeries<T>.CentreOf(call.X);
        double scale = 1 / Math.Sqrt(call.Problem.Unit);
        _x = SoftAccelerator.Scaled(call.X, centre, scale);
        _y = call.Y is null || ReferenceEquals(call.X, call.Y) ? _x : SoftAccelerator.Scaled(call.Y, centre, scale);
        call.RequireRange(2 * (LargestSquare(_x) + LargestSquare(_y)));
    }

    /// <summary>Computes the call's derivatives. A batch that finds no room is halved.</summary>
    /// <exception cref="ArgumentException">The window leaves no path.</exception>
    /// <exception cref="DeviceOutOfMemoryException">There is no room for one pair.</exception>
    public void Run()
    {
        (int X, int Y)[] pairs = _call.Pairs!;
        if (pairs.Length == 0) return;
        RunSettings settings = _call.Settings;
        SoftDevicePair[] places = [.. pairs.Select(PlaceOf)];
        using AcceleratorBuffer<T> x = Upload<T>(_x.Values);
        using AcceleratorBuffer<T> y = Upload<T>(_y.Values);
        using AcceleratorBuffer<int> bands = Upload<int>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bands));
        int most = int.MaxValue;
        for (int first = 0; first < pairs.Length;)
        {
            ReadOnlySpan<SoftDevicePair> rest = places.AsSpan(first);
            int rows = 0, columns = 0;
            foreach (SoftDevicePair place in rest) (rows, columns) = (Math.Max(rows, place.Rows), Math.Max(columns, place.Columns));
            SoftGradientPlan plan = SoftGradientPlan.Choose(_engine, rest.Length, rows, columns, _x.Channels, sizeof(T), _call.Expected is not null, most);
            try
            {
                Batch(plan, rest[..plan.Pairs], first, x.View, y.View, bands.View);
            }
            catch (DeviceOutOfMemoryException full)
            {
                if (plan.Pairs == 1)
                {
                    throw new DeviceOutOfMemoryException(settings.Operation, _engine.Name, full.RequestedBytes, full.FreeBytes, $"one pair of {rows} x {columns} samples", full);
                }

                most = plan.Pairs / 2;
                settings.Trace?.Retries += 1;
                continue;
            }

            first += plan.Pairs;
            settings.Progress?.Report(first / (double)pairs.Length);
        }
    }

    private void Batch(in SoftGradientPlan plan, ReadOnlySpan<SoftDevicePair> places, int first, ArrayView<T> x, ArrayView<T> y, ArrayView<int> bands)
    {
        RunSettings settings = _call.Settings;
        using AcceleratorBuffer<SoftDevicePair> pairs = Upload(places);
        using AcceleratorBuffer<T> work = _engine.Rent<T>(plan.Shape.WorkPerPair * places.Length, settings.Operation);
        KernelConfig config = new(places.Length, plan.GroupSize);
        SoftGradientKernels<T> kernels = SoftGradientKernels<T>.Of(_call.Problem.Factor, _call.Problem.SkipsMissing);
        if (settings.Trace is { } trace) trace.Tiling = $"a group of {plan.GroupSize} threads per pair along diagonals, {plan.Blocks} blocks of {plan.Shape.BlockDiagonals}";
        SoftGradientShape shape = plan.Shape;
        for (int block = 0; block < plan.Blocks - 1; block++) Launch(block, goesBack: false);
        for (int block = plan.Blocks - 1; block >= 0; block--)
        {
            Launch(block, goesBack: true);
            if (_call.Expected is not null) Scatter(shape, places[0], block, work);
        }

        for (int k = 0; k < places.Length; k++) _call.Gradients![first + k] = Gradient(shape, places[k], k, work);

        void Launch(int block, bool goesBack)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            (shape.Block, shape.GoesBack) = (block, goesBack ? 1 : 0);
            kernels.Launch(_engine, config, x, y, pairs.View, bands, work.View, shape, settings.Trace);
            settings.Trace?.Tiles += 1;
            _engine.Synchronize(settings.Trace);
        }
    }

    private SoftGradient<T> Gradient(in SoftGradientShape shape, in SoftDevicePair place, int pair, AcceleratorBuffer<T> work)
    {
        int channels = shape.Channels;
        T[] x = new T[place.Rows * channels], y = new T[place.Columns * channels], value = new T[2];
        long own = pair * shape.WorkPerPair;
        _engine.Download<T>(work, own + shape.GradientX, x);
        _engine.Download<T>(work, own + shape.GradientY, y);
        _engine.Download<T>(work, own + shape.Value, value);

        // The kernel's derivatives are those of half the cost in scaled samples.
        double scale = 2 * Math.Sqrt(_call.Problem.Unit);
        for (int i = 0; i < x.Length; i++) x[i] = Element.Of<T>(scale * Element.ToDouble(x[i]));
        for (int i = 0; i < y.Length; i++) y[i] = Element.Of<T>(scale * Element.ToDouble(y[i]));
        return new(-(Element.ToDouble(value[1]) + Math.Log2(Element.ToDouble(value[0]))), x, y);
    }

    /// <summary>Brings what arrived in the cells of a block to the expected alignment.</summary>
    private void Scatter(in SoftGradientShape shape, in SoftDevicePair place, int block, AcceleratorBuffer<T> work)
    {
        T[] arrivals = new T[(long)shape.BlockDiagonals * shape.Stride];
        _engine.Download<T>(work, shape.Arrivals, arrivals);
        int diagonals = place.Rows + place.Columns - 1, first = block * shape.BlockDiagonals;
        for (int k = first; k < Math.Min(diagonals, first + shape.BlockDiagonals); k++)
        {
            int last = _bands[(int)place.Band + diagonals + k];
            for (int i = _bands[(int)place.Band + k]; i <= last; i++) _call.Expected[((long)i * place.Columns) + k - i] = arrivals[((k - first) * shape.Stride) + i];
        }
    }

    private SoftDevicePair PlaceOf((int X, int Y) pair)
    {
        int rows = _x.Lengths[pair.X], columns = _y.Lengths[pair.Y];
        if (!_bandStarts.TryGetValue((rows, columns), out long band))
        {
            band = _bands.Count;
            int[] memory = new int[SoftBand.Size(rows, columns)];
            fixed (int* pointer = memory)
            {
                if (!SoftBand.TryCreate(_call.Problem.Window, rows, columns, pointer, out SoftBand rowsOf)) throw SoftProblem.NothingToDifferentiate(rows, columns);
                _bands.AddRange(new ReadOnlySpan<int>(rowsOf.First, rowsOf.Diagonals));
                _bands.AddRange(new ReadOnlySpan<int>(rowsOf.Last, rowsOf.Diagonals));
            }

            _bandStarts.Add((rows, columns), band);
        }

        return new()
        {
            X = (long)_x.Starts[pair.X] * _x.Channels,
            Y = (long)_y.Starts[pair.Y] * _y.Channels,
            Band = band,
            Rows = rows,
            Columns = columns,
        };
    }

    private static double LargestSquare(SeriesPack<T> series)
    {
        double largest = 0;
        for (int step = 0; step < series.Steps; step++)
        {
            double square = 0;
            for (int c = 0; c < series.Channels; c++)
            {
                double value = Element.ToDouble(series.Values[(step * series.Channels) + c]);
                if (double.IsFinite(value)) square += value * value;
            }

            largest = Math.Max(largest, square);
        }

        return largest;
    }

    private AcceleratorBuffer<TElement> Upload<TElement>(ReadOnlySpan<TElement> values)
        where TElement : unmanaged
    {
        AcceleratorBuffer<TElement> buffer = _engine.Rent<TElement>(values.Length, _call.Settings.Operation);
        try
        {
            _engine.Upload(values, buffer, 0);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
