using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;

namespace FusionKernels.Cli;

/// <summary>Attention and its gradients on one device against their definition in float64.</summary>
internal static class AttentionCheck
{
    private const string Name = "attention";

    /// <summary>As many units of rounding as <see cref="KernelCheck"/> allows.</summary>
    private const double Tolerance32 = 1e-5, Tolerance64 = 1e-12;

    /// <summary>Grouped heads, and lengths that are no multiple of any tile or vector.</summary>
    private const int Batch = 2, Heads = 4, KeyHeads = 2, Queries = 13, Keys = 21, Width = 5, ValueWidth = 7;

    /// <summary>What is checked.</summary>
    public static IReadOnlyList<SelfTest> Suite { get; } =
    [
        new(Name, HostOnly: false, (device, float64, threads, cancellation) =>
        {
            AttentionOptions options = new()
            {
                Device = device,
                Threads = threads,
                Cancellation = cancellation,
                Causal = CausalAlignment.BottomRight,
                KeyLengths = [Keys, 9],
                SoftCap = 4,
            };
            return float64 ? Run<double>(options, Tolerance64) : Run<float>(options, Tolerance32);
        })
        {
            IsFloat32OnDevices = true,
        },
    ];

    private static KernelCheck Run<T>(AttentionOptions options, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        KernelCheck.Attempt(new(Name, options.Device!.Description.Name, typeof(T) == typeof(float) ? "float32" : "float64", null, tolerance, 0, null), () =>
        {
            Tensor<T> q = Samples<T>(1, Batch, Heads, Queries, Width), k = Samples<T>(2, Batch, KeyHeads, Keys, Width), v = Samples<T>(3, Batch, KeyHeads, Keys, ValueWidth);
            Tensor<T> gradient = Samples<T>(4, Batch, Heads, Queries, ValueWidth);
            long started = Stopwatch.GetTimestamp();
            AttentionResult<T> found = Attention.ForwardWithLogSumExp(q, k, v, options);
            AttentionGradients<T> gradients = Attention.Backward(q, k, v, found, gradient, options);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            HeadsRef<T> queries = HeadsRef<T>.Of(q.AsReadOnlyTensorSpan(), AttentionLayout.BatchHeadsLengthWidth, nameof(q)), keys = HeadsRef<T>.Of(k.AsReadOnlyTensorSpan(), AttentionLayout.BatchHeadsLengthWidth, nameof(k));
            AttentionProblem problem = AttentionProblems.Of(queries, keys, ValueWidth, options, Name);
            ReferenceInputs inputs = new(Doubles(q), Doubles(k), Doubles(v));
            (double[] output, _) = AttentionReference.Forward(problem, inputs);
            (double[] dq, double[] dk, double[] dv, _) = AttentionReference.Backward(problem, inputs, Doubles(gradient));
            double deviation = Math.Max(Deviation(found.Output, output), Math.Max(Deviation(gradients.Query, dq), Math.Max(Deviation(gradients.Key, dk), Deviation(gradients.Value, dv))));
            return (deviation, seconds);
        });

    private static double Deviation<T>(Tensor<T> found, double[] expected)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Doubles(found).Zip(expected, (a, b) => Math.Abs(a - b)).Max() / expected.Max(Math.Abs);

    private static double[] Doubles<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. tensor.Select(double.CreateChecked)];

    private static Tensor<T> Samples<T>(int seed, params nint[] lengths)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] elements = new T[lengths.Aggregate((nint)1, (product, length) => product * length)];
        for (int i = 0; i < elements.Length; i++) elements[i] = T.CreateChecked(Math.Sin((i * 1.7) + (seed * i * i)));
        return Tensor.Create(elements, lengths);
    }
}
