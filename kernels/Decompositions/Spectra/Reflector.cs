using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Householder's reflection I - tau v vᵀ that turns a vector into a multiple of its first axis; v begins with 1.</summary>
internal static unsafe class Reflector
{
    /// <summary>Replaces x by v.</summary>
    /// <returns>What the first element becomes, and tau; 0 where there is nothing to turn.</returns>
    public static (double Value, double Tau) Make<V>(double* x, int count)
        where V : unmanaged, IHostVector<V, double>
    {
        double alpha = x[0], largest = count > 1 ? RowOps<V>.Largest(x + 1, count - 1) : 0;
        x[0] = 1;
        if (largest == 0) return (alpha, 0);

        // Squares of numbers beyond these leave the range of float64 or lose their last places.
        largest = Math.Max(largest, Math.Abs(alpha));
        double scale = largest is > 1e-140 and < 1e140 ? 1 : 1 / largest;
        if (scale != 1) RowOps<V>.Scale(scale, x + 1, count - 1);
        double first = alpha * scale, below = RowProducts<V, double>.Dot(x + 1, x + 1, count - 1);
        double beta = -Math.CopySign(Math.Sqrt((first * first) + below), first);
        RowOps<V>.Scale(1 / (first - beta), x + 1, count - 1);
        return (beta / scale, (beta - first) / beta);
    }
}
