using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Cli;

/// <summary>Factorisations and spectra on one device: what they promise, and their values against the plain float64 reference.</summary>
internal static class DecompositionCheck
{
    /// <summary>As <see cref="KernelCheck"/> allows: a few roundings a row for as many rows as there are.</summary>
    private const double Tolerance32 = 1e-5, Tolerance64 = 1e-12;

    /// <summary>More rows than a leaf of any method has; of a simulated device, whose groups meet slowly, as few as show anything.</summary>
    private const int Size = 37, SimulatedSize = 5;

    /// <summary>What is checked.</summary>
    public static IReadOnlyList<SelfTest> Suite { get; } =
    [
        Of("cholesky", new CholeskySubject()),
        Of("qr", new QrSubject()),
        Of("eigen", new EigenSubject()),
        Of("eigen, batched", new BatchedSubject()),
        Of("svd", new SvdSubject()),
    ];

    private static SelfTest Of(string name, ISubject subject) => new(name, HostOnly: false, (device, float64, threads, cancellation) =>
    {
        SvdOptions options = new() { Device = device, Threads = threads, Cancellation = cancellation };
        return float64 ? Run<double>(name, subject, options, Tolerance64) : Run<float>(name, subject, options, Tolerance32);
    });

    private static KernelCheck Run<T>(string name, ISubject subject, SvdOptions options, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ComputeDevice device = options.Device!;
        KernelCheck check = new(name, device.Description.Name, typeof(T) == typeof(float) ? "float32" : "float64", null, tolerance, 0, null);
        Tensor<T> a = PositiveDefinite<T>(device.Description.Kind == DeviceKind.IlgpuCpu ? SimulatedSize : Size);
        return KernelCheck.Attempt(check, () =>
        {
            long started = Stopwatch.GetTimestamp();
            Func<double> deviation = subject.Compute(a, options);
            return (deviation(), Stopwatch.GetElapsedTime(started).TotalSeconds);
        });
    }

    /// <summary>1 / (1 + |i - j|) with half as much again on the diagonal: its spectrum lies between 1/2 and 6.</summary>
    private static Tensor<T> PositiveDefinite<T>(int size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> a = Tensor.CreateFromShape<T>([size, size]);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) a[i, j] = T.CreateChecked((1.0 / (1 + Math.Abs(i - j))) + (i == j ? 0.5 : 0));
        }

        return a;
    }

    /// <summary>The largest difference of values from those of the reference, relative to the largest of these.</summary>
    private static double Distance<T>(Tensor<T> values, double[] expected)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        expected.Select((value, i) => Math.Abs(double.CreateChecked(values[i]) - value)).Max() / expected.Max(Math.Abs);

    /// <summary>One decomposition.</summary>
    private interface ISubject
    {
        /// <summary>Decomposes a symmetric positive definite matrix, or a part of it; gives what measures the result.</summary>
        Func<double> Compute<T>(Tensor<T> a, SvdOptions options)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    private sealed class CholeskySubject : ISubject
    {
        public Func<double> Compute<T>(Tensor<T> a, SvdOptions options)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            CholeskyFactor<T> factor = Cholesky.Factor(a, options);
            return () => factor.Residual(a);
        }
    }

    private sealed class QrSubject : ISubject
    {
        public Func<double> Compute<T>(Tensor<T> a, SvdOptions options)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Tensor<T> tall = a[.., ..((int)a.Lengths[0] - 2)];
            QrFactor<T> factor = Qr.Factor(tall, options);
            return () => Math.Max(factor.Residual(tall), factor.Orthogonality());
        }
    }

    private sealed class EigenSubject : ISubject
    {
        public Func<double> Compute<T>(Tensor<T> a, SvdOptions options)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            SymmetricEigenResult<T> result = SymmetricEigen.Compute(a, options);
            return () => Math.Max(
                Math.Max(result.Residual(a), result.Orthogonality()), Distance(result.Values, DecompositionsReference.SymmetricEigen(FactorChecks.Dense(a)).Values));
        }
    }

    private sealed class BatchedSubject : ISubject
    {
        private const int Items = 9;

        public Func<double> Compute<T>(Tensor<T> a, SvdOptions options)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int size = (int)a.Lengths[0] / 3 * 2;
            Tensor<T> batch = Tensor.CreateFromShape<T>([Items, size, size]);
            for (int item = 0; item < Items; item++)
            {
                for (int i = 0; i < size; i++)
                {
                    for (int j = 0; j < size; j++) batch[item, i, j] = a[i, j] * T.CreateChecked(item + 1);
                }
            }

            SymmetricEigenResult<T> result = SymmetricEigen.ComputeBatched(batch, options);
            return () =>
            {
                double[] expected = DecompositionsReference.SymmetricEigen(FactorChecks.Dense(a[..size, ..size])).Values;
                return Enumerable.Range(0, Items).Max(item =>
                {
                    Tensor<T> values = Tensor.CreateFromShape<T>([size]);
                    for (int i = 0; i < size; i++) values[i] = result.Values[item, i];
                    return Distance(values, [.. expected.Select(value => value * (item + 1))]);
                });
            };
        }
    }

    private sealed class SvdSubject : ISubject
    {
        public Func<double> Compute<T>(Tensor<T> a, SvdOptions options)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Tensor<T> tall = a[.., ..((int)a.Lengths[0] - 2)];
            SvdResult<T> result = Svd.Compute(tall, options);
            return () => Math.Max(
                Math.Max(result.Residual(tall), result.Orthogonality()), Distance(result.Values, DecompositionsReference.Svd(FactorChecks.Dense(tall)).Values));
        }
    }
}
