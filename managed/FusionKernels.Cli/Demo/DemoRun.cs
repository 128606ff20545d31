using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>Computes the demo: every kernel on every device, then its accuracy.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class DemoRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Images on the simulated device, which only checks the kernels.</summary>
    private const int SimulatedImages = 48;

    /// <summary>Rows of a Gram matrix that are compared with the reference, spread evenly; the plain computation of all would take minutes.</summary>
    private const int ReferenceRows = 12;

    /// <summary>The first compiles and lets the runtime optimise; of the others the best counts.</summary>
    private const int Rounds = 4;

    private readonly Digits _digits;
    private readonly Tensor<T> _rows;
    private readonly int[] _sample;
    private readonly IReadOnlyList<DemoKernel> _kernels;
    private readonly int _threads;
    private readonly IProgress<Step> _progress;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, double[,]> _references = [];
    private readonly Dictionary<string, Tensor<T>> _grams = [];
    private readonly List<DemoRow> _table = [];
    private readonly List<DemoDevice> _devices = [];
    private int _stepsDone;
    private int _steps = 1;

    /// <summary>Computes the views.</summary>
    /// <param name="digits">The images.</param>
    /// <param name="threads">At most this many host threads; 0 for all.</param>
    /// <param name="progress">Told what is under way.</param>
    /// <param name="cancellation">Checked between steps and between tiles.</param>
    public DemoRun(Digits digits, int threads, IProgress<Step> progress, CancellationToken cancellation)
    {
        (_digits, _threads, _progress, _cancellation) = (digits, threads, progress, cancellation);
        IReadOnlyList<DigitView> views = DigitView.All(digits);
        _kernels = DemoKernel.All(views);
        _rows = SideBySide(views);
        int images = digits.Labels.Length, sampled = Math.Min(ReferenceRows, images);
        _sample = [.. Enumerable.Range(0, sampled).Select(i => (int)((long)i * images / sampled))];
    }

    /// <summary>Runs on the devices, then assesses the matrices of the first that is no simulation, or of the simulation where there is no other.</summary>
    public DemoResult Run(IReadOnlyList<OpenedDevice> devices)
    {
        _steps = (devices.Count + 2) * _kernels.Count;
        foreach (OpenedDevice device in devices) Run(device);
        Dictionary<string, DemoAccuracy> accuracies = [];
        foreach (DemoKernel kernel in _kernels)
        {
            Advance($"accuracy of {kernel.Name}");
            if (_grams.TryGetValue(kernel.Name, out Tensor<T>? gram)) accuracies.Add(kernel.Name, Assess(kernel, gram));
        }

        if (!_grams.TryGetValue(DemoKernel.Fused, out Tensor<T>? fused)) throw Failure(devices);
        (double within, double between) = Means(fused);
        return new(
            _digits.Labels.Length,
            Digits.Classes,
            typeof(T) == typeof(float) ? "float32" : "float64",
            DemoAssessment.Folds,
            DemoAssessment.Majority(_digits.Labels),
            within,
            between,
            _devices,
            [.. _kernels.Where(kernel => accuracies.ContainsKey(kernel.Name)).Select(kernel => accuracies[kernel.Name])],
            [.. _table.Select(row => row with { Accuracy = row.Images == _digits.Labels.Length ? accuracies.GetValueOrDefault(row.View)?.Accuracy : null })],
            HeatMap.Of(fused, _digits.Labels, Digits.Classes),
            [.. Enumerable.Range(0, Digits.Classes).Select(digit => _digits.Pixels[Array.IndexOf(_digits.Labels, digit)])]);
    }

    private static Tensor<T> SideBySide(IReadOnlyList<DigitView> views)
    {
        int images = views[0].Rows.Length, features = views.Sum(view => view.Features);
        T[] values = new T[images * features];
        int next = 0;
        for (int i = 0; i < images; i++)
        {
            foreach (DigitView view in views)
            {
                foreach (double value in view.Rows[i]) values[next++] = T.CreateChecked(value);
            }
        }

        return Tensor.Create(values, [images, features]);
    }

    private void Run(OpenedDevice opened)
    {
        DeviceDescription description = opened.Description;
        bool simulated = description.Kind == DeviceKind.IlgpuCpu;
        (double? peak, string? error) = opened.Device is { } device ? Run(device, description, simulated) : (null, opened.Error);
        if (error is not null)
        {
            foreach (DemoKernel kernel in _kernels.Where(kernel => !_table.Any(row => row.View == kernel.Name && row.Device == description.Name)))
            {
                _table.Add(new(kernel.Name, description.Name, _digits.Labels.Length, kernel.Features, null, null, null, null, null, error));
            }
        }

        _devices.Add(new(description.Name, description.Model, description.Platform, peak / 1e9, simulated));
    }

    /// <summary>The peak of an open device where it was measured, and what went wrong; its rows are added.</summary>
    private (double? Peak, string? Error) Run(ComputeDevice device, DeviceDescription description, bool simulated)
    {
        Advance($"{description.Name}: peak", steps: 0);
        double? peak = null;
        try
        {
            peak = DevicePeaks.MeasureFlops(device, typeof(T) == typeof(double), _threads, _cancellation);
            using GramTimer<T> timer = new(device, simulated ? Head(SimulatedImages) : _rows, _threads, _cancellation);
            Dictionary<string, double> seconds = WarmUpAndTime(timer, description.Name, simulated ? 2 : Rounds);
            foreach (DemoKernel kernel in _kernels)
            {
                Advance($"{description.Name}: {kernel.Name} against the reference");
                _table.Add(Check(timer, kernel, seconds[kernel.Name], description, peak.Value));
            }

            return (peak, null);
        }
        catch (FusionKernelsException exception)
        {
            // A device that fails must not keep the others from the stage; the verb ends with its error.
            return (peak, Cli.Failure.Of(exception).Message);
        }
    }

    /// <summary>The best time of every kernel, in rounds over all of them, so that neither the compiler nor a busy moment falls on one alone.</summary>
    private Dictionary<string, double> WarmUpAndTime(GramTimer<T> timer, string device, int rounds)
    {
        Dictionary<string, double> best = [];
        for (int round = 0; round < rounds; round++)
        {
            foreach (DemoKernel kernel in _kernels)
            {
                Advance($"{device}: timing {kernel.Name}", steps: 0);
                double seconds = timer.BestSeconds(kernel.Kernel);
                best[kernel.Name] = Math.Min(seconds, best.GetValueOrDefault(kernel.Name, double.PositiveInfinity));
            }
        }

        return best;
    }

    private DemoRow Check(GramTimer<T> timer, DemoKernel kernel, double seconds, DeviceDescription device, double peak)
    {
        Tensor<T> gram = timer.Compute(kernel.Kernel);
        int images = (int)gram.Lengths[0];
        double flops = Gram.Plan<T>(images, null, (int)_rows.Lengths[1], kernel.Kernel).Flops;
        double deviation = images == _digits.Labels.Length
            ? ReferenceGram.Deviation(gram, _sample, Reference(kernel))
            : ReferenceGram.Deviation(gram, ReferenceGram.Of(kernel.Kernel, Head(images)));
        if (images == _digits.Labels.Length) _grams.TryAdd(kernel.Name, gram);
        return new(kernel.Name, device.Name, images, kernel.Features, seconds, flops / seconds / 1e9, flops / seconds / peak, deviation, null, null);
    }

    private double[,] Reference(DemoKernel kernel)
    {
        if (!_references.TryGetValue(kernel.Name, out double[,]? reference))
        {
            reference = ReferenceGram.Of(kernel.Kernel, _rows, _sample, _rows);
            _references.Add(kernel.Name, reference);
        }

        return reference;
    }

    private DemoAccuracy Assess(DemoKernel kernel, Tensor<T> gram)
    {
        IReadOnlyList<(int Right, int All)> folds = DemoAssessment.Assess(gram, _digits.Labels, _cancellation);
        return new(
            kernel.Name,
            kernel.Description,
            kernel.Features,
            (double)folds.Sum(fold => fold.Right) / folds.Sum(fold => fold.All),
            [.. folds.Select(fold => (double)fold.Right / fold.All)]);
    }

    private Tensor<T> Head(int images)
    {
        int features = (int)_rows.Lengths[1], count = Math.Min(images, _digits.Labels.Length);
        T[] values = new T[_rows.FlattenedLength];
        _rows.FlattenTo(values);
        return Tensor.Create(values[..(count * features)], [count, features]);
    }

    /// <summary>Means over pairs of one class and of different classes, the diagonal left out.</summary>
    private (double Within, double Between) Means(Tensor<T> gram)
    {
        double[] sums = new double[2];
        long[] counts = new long[2];
        for (int i = 0; i < _digits.Labels.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int kind = _digits.Labels[i] == _digits.Labels[j] ? 0 : 1;
                sums[kind] += double.CreateChecked(gram[i, j]);
                counts[kind]++;
            }
        }

        return (sums[0] / counts[0], sums[1] / counts[1]);
    }

    private Exception Failure(IReadOnlyList<OpenedDevice> devices) => _table.FirstOrDefault(row => row.Error is not null) is { } failed
        ? new DeviceException($"{failed.Device}: {failed.Error}")
        : new UsageException($"{devices[0].Description.Name} computes only {SimulatedImages} images in the demo; name another device, or none for all");

    private void Advance(string what, int steps = 1)
    {
        _cancellation.ThrowIfCancellationRequested();
        _progress.Report(new((double)_stepsDone / _steps, what));
        _stepsDone += steps;
    }
}
