using System.Numerics.Tensors;
using FusionKernels;

namespace FusionTasks.Tasks;

/// <summary>Four motions by an accelerometer and a gyroscope (UCR BasicMotions): kernels of warping distances, and one clock.</summary>
internal static class SensorsTask
{
    /// <summary>Runs the task.</summary>
    public static TaskResult Run(TaskOptions options)
    {
        (Views train, Views test) = (Read(options, "TRAIN"), Read(options, "TEST"));
        KernelFusionOptions kernels = new() { Sequences = SequenceKernel.DtwRbf, Probabilities = false, Threads = options.Threads };
        double[] singles = [.. train.Names.Select(name => ReportLines.Accuracy(KernelFusion.Fit(train.Select(name), kernels), test))];
        double warped = ReportLines.Accuracy(KernelFusion.Fit(train, kernels), test), clock = ReportLines.Accuracy(CommonClock.Fit(train, new() { Threads = options.Threads }), test);
        string figures = $"warping kernels {Of40(warped)}, common clock {Of40(clock)}, {string.Join(", ", train.Names.Zip(singles, (name, share) => $"{name} {Of40(share)}"))}, majority {Of40(ReportLines.Majority(train, test))}";
        return new("BasicMotions, 40 train / 40 test", figures, "39 of 40", Math.Max(warped, clock) >= 39 / 40.0);

        string Of40(double share) => $"{share * test.Rows:f0} of {test.Rows}";
    }

    private static Views Read(TaskOptions options, string part)
    {
        TimeSeriesSet<float> set = Ts.Read<float>(options.Require($"ucr/BasicMotions_{part}.ts"));
        return Views.Of(("accelerometer", Channels(0)), ("gyroscope", Channels(3))).WithLabels([.. set.Labels!.Indices]);

        Tensor<float>[] Channels(int first) => [.. set.Series.Select(one => one[.., first..(first + 3)])];
    }
}
