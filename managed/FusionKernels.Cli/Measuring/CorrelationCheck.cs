using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Cli;

/// <summary>Canonical correlation of rows that live on one device, against covariances by their definition and plain float64 decompositions.</summary>
internal static class CorrelationCheck
{
    private const string Name = "canonical correlation";

    /// <summary>As many units of rounding as <see cref="KernelCheck"/> allows: the views are well-conditioned.</summary>
    private const double Tolerance32 = 1e-5, Tolerance64 = 1e-12;

    private const int Rows = 300, Left = 5, Right = 4;

    /// <summary>What is checked.</summary>
    public static IReadOnlyList<SelfTest> Suite { get; } =
    [
        new(Name, HostOnly: false, (device, float64, threads, cancellation) => float64
            ? Run<double>(new() { Device = device, Threads = threads, Cancellation = cancellation }, Tolerance64)
            : Run<float>(new() { Device = device, Threads = threads, Cancellation = cancellation }, Tolerance32)),
    ];

    private static KernelCheck Run<T>(CanonicalCorrelationOptions options, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ComputeDevice device = options.Device!;
        KernelCheck check = new(Name, device.Description.Name, typeof(T) == typeof(float) ? "float32" : "float64", null, tolerance, 0, null);
        (double[,] x, double[,] y) = Views();
        return KernelCheck.Attempt(check, () =>
        {
            long started = Stopwatch.GetTimestamp();
            using DeviceTensor<T> left = device.Upload(Of<T>(x)), right = device.Upload(Of<T>(y));
            double[] found = [.. CanonicalCorrelation.Fit(left, right, options).Correlations];
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            double[] expected = Reference(x, y);
            return (found.Length == expected.Length ? found.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / expected[0] : double.MaxValue, seconds);
        });
    }

    private static double[] Reference(double[,] x, double[,] y)
    {
        DenseMatrix cross = Covariance(x, y);
        DenseMatrix whitened = Product(Product(InverseRoot(Covariance(x, x)), cross), InverseRoot(Covariance(y, y)));
        return DecompositionsReference.Svd(whitened).Values;
    }

    private static DenseMatrix InverseRoot(DenseMatrix covariance)
    {
        (double[] values, DenseMatrix vectors) = DecompositionsReference.SymmetricEigen(covariance);
        DenseMatrix scaled = vectors.Copy();
        for (int i = 0; i < scaled.Rows; i++)
        {
            for (int k = 0; k < values.Length; k++) scaled[i, k] /= Math.Sqrt(values[k]);
        }

        return Product(scaled, vectors.Transposed());
    }

    private static DenseMatrix Product(DenseMatrix a, DenseMatrix b)
    {
        DenseMatrix result = new(a.Rows, b.Columns);
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                for (int k = 0; k < a.Columns; k++) result[i, j] += a[i, k] * b[k, j];
            }
        }

        return result;
    }

    private static DenseMatrix Covariance(double[,] a, double[,] b)
    {
        DenseMatrix result = new(a.GetLength(1), b.GetLength(1));
        double[] meanA = Means(a), meanB = Means(b);
        for (int r = 0; r < Rows; r++)
        {
            for (int i = 0; i < result.Rows; i++)
            {
                for (int j = 0; j < result.Columns; j++) result[i, j] += (a[r, i] - meanA[i]) * (b[r, j] - meanB[j]) / (Rows - 1);
            }
        }

        return result;
    }

    private static double[] Means(double[,] values)
    {
        double[] means = new double[values.GetLength(1)];
        for (int r = 0; r < Rows; r++)
        {
            for (int i = 0; i < means.Length; i++) means[i] += values[r, i] / Rows;
        }

        return means;
    }

    private static Tensor<T> Of<T>(double[,] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tensor.Create([.. values.Cast<double>().Select(T.CreateChecked)], [values.GetLength(0), values.GetLength(1)]);

    /// <summary>Sixteenths, exact in float32, of which the first columns of both views share a part.</summary>
    private static (double[,] X, double[,] Y) Views()
    {
        uint state = 2654435761;
        double[,] x = new double[Rows, Left], y = new double[Rows, Right];
        for (int r = 0; r < Rows; r++)
        {
            for (int i = 0; i < Left; i++) x[r, i] = Next() + 7;
            for (int j = 0; j < Right; j++) y[r, j] = (Next() * (j + 1)) + x[r, j];
        }

        return (x, y);

        double Next()
        {
            state = (state * 1664525u) + 1013904223u;
            return ((int)(state >> 24) - 128) / 16.0;
        }
    }
}
